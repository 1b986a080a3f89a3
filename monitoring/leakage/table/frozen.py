"""Columns that never change for an entity and yet clear most rows of every outcome: read once, after the fact.

An attribute read as of today is the same in all of a customer's rows. Where it was overwritten when the customer left,
the customers who still bear the old value cannot have left, at any cutoff. No honest attribute that stays the same
clears half of the rows: a lock-in that does so ends some day, and then the column changes.
"""

from typing import Final

import numpy as np

from monitoring.columns import Counts
from monitoring.leakage.table.odds import Mark
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.table.single import Single
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

STEADY: Final = 0.995
"""Share of the entities with `SEEN` rows or more whose value never changes."""

SEEN: Final = 3
FEWEST_ENTITIES: Final = 100

LEAST_CLEARED: Final = 0.5
"""Share of the negatives that the cleared corner must hold."""

SPARED: Final = 0.03
"""Share of the positives, the lowest-scored, that the corner may hold."""

CLEAR_RATIO: Final = 10.0
"""Times commoner among negatives, surely."""


def frozen(sheet: Sheet) -> list[Clue]:
    """Entity-wise constant columns with a corner that holds half of the negatives and hardly a positive."""
    if sheet.entity is None:
        return []
    often = np.bincount(sheet.entity)[sheet.entity] >= SEEN
    if len(np.unique(sheet.entity[often])) < FEWEST_ENTITIES:
        return []
    found = []
    for name, one in sheet.alone.items():
        mark = _cleared(sheet, one)
        ratio = mark.ratio_low()
        if mark.reach >= LEAST_CLEARED and ratio >= CLEAR_RATIO and _steady(sheet.entity[often], one.cells[often]):
            found.append(_clue(name, mark, ratio))
    return found


def _cleared(sheet: Sheet, one: Single) -> Mark:
    """The lowest-scored rows up to the score that the lowest 3 % of positives reach; here a hit is a negative."""
    ones, zeros = one.score[sheet.target > 0], one.score[sheet.target <= 0]
    edge = np.sort(ones)[int(SPARED * len(ones))]
    return Mark(hits=int((zeros < edge).sum()), ones=len(zeros), false=int((ones < edge).sum()), zeros=len(ones))


def _steady(entity: Counts, cells: Counts) -> bool:
    pairs = np.unique(entity * (int(cells.max()) + 1) + cells)
    changed = np.bincount(pairs // (int(cells.max()) + 1)) > 1
    return bool(changed[np.unique(entity)].mean() <= 1.0 - STEADY)


def _clue(name: str, mark: Mark, ratio: float) -> Clue:
    return Clue(
        column=name,
        check="never changes, yet clears most rows",
        mechanism=Mechanism.OVERWRITTEN,
        verdict=ColumnVerdict.LEAK,
        confidence=0.9,
        says=(
            f"{name} is the same in all rows of an entity, and {mark.reach:.0%} of the negative rows share values that "
            f"only {mark.false:,} of {mark.zeros:,} positive rows have, at least {ratio:.0f} times fewer. It was read "
            "after the outcomes: whoever left lost that value, in the rows before leaving too."
        ),
        value=ratio,
        limit=CLEAR_RATIO,
    )
