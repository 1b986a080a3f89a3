"""Leaks that hide one another: each can go without the score falling, so that dropping one at a time finds none.

Columns are taken away together, strongest first, until what is left scores like an honest table; then each is given
back alone. A leak brings the score back up by itself, an honest column does not.
"""

from typing import Final

import numpy as np
from scipy.stats import norm

from monitoring.leakage import learner
from monitoring.leakage.ranking import Ranked, ranked
from monitoring.leakage.table.copies import copies
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

TOO_GOOD: Final = 0.96
"""AUC of the learner on all columns that must surely be passed before a group is looked for."""

LEFT: Final = 0.88
"""AUC at which what is left counts as honest."""

MOST_TAKEN: Final = 0.5
"""Share of the columns a group may hold; a table that stays too good is an easy problem, not a leak."""

STEP: Final = 4.0
"""Squared separation (d', in sd) that taking the group away must surely cost; .97 to .85 costs 4.9."""

OWN_PART: Final = 0.3
"""Share of that cost a column must bring back alone to be accused."""

OF_TAKEN: Final = 1.0 / 3.0
"""Share of the columns taken away that must do so; where fewer do, many honest columns made an easy problem."""

FEWEST: Final = 100
"""Rows either class must have: in a small table a few good measurements look the same."""

SURE: Final = 3.0


def groups(sheet: Sheet) -> list[Clue]:
    """Columns that together make the score too good, each of which does so alone once the others are gone."""
    alone = {clue.column for clue in copies(sheet)}
    names = [str(name) for name in sheet.features.columns if name not in alone]
    ones = int(sheet.target.sum())
    if not names or min(ones, len(sheet.target) - ones) < FEWEST:
        return []
    every = _rank(sheet, names)
    if not every.low(SURE) >= TOO_GOOD:
        return []
    taken, rest = _taken(sheet, names)
    cost = separation(every.low(SURE)) - separation(rest.high(SURE))
    if not taken or rest.auc > LEFT or cost < STEP:
        return []
    found = _given_back(sheet, names, taken, (every.auc, rest.auc))
    return found if len(found) >= OF_TAKEN * len(taken) else []


def separation(auc: float) -> float:
    """The squared distance of two normal classes with this AUC, in sd: independent columns add up."""
    return float(2.0 * norm.ppf(np.clip(auc, 0.5, 0.9999)) ** 2)


def _rank(sheet: Sheet, names: list[str]) -> Ranked:
    scores = sheet.out_of_fold(names)
    entity = None if sheet.entity is None else sheet.entity[sheet.learned]
    return ranked(sheet.target[sheet.learned], scores, entity)


def _taken(sheet: Sheet, names: list[str]) -> tuple[list[str], Ranked]:
    """Take the strongest away until the rest scores honestly; what was taken, and the score of the rest."""
    taken: list[str] = []
    left, rest = list(names), Ranked(auc=1.0, error=0.0, clusters=0)
    while len(left) > 1 and len(taken) < MOST_TAKEN * len(names) and rest.auc > LEFT:
        strongest = _strongest(sheet, left)
        taken.append(strongest)
        left.remove(strongest)
        rest = _rank(sheet, left)
    return taken, rest


def _strongest(sheet: Sheet, names: list[str]) -> str:
    table, target = sheet.encoded[names].iloc[sheet.learned], sheet.target[sheet.learned]
    gain = learner.fit(table, target, seed=sheet.seed).gain
    return max(names, key=lambda name: gain[name])


def _given_back(sheet: Sheet, names: list[str], taken: list[str], span: tuple[float, float]) -> list[Clue]:
    every, rest = span
    left = [name for name in names if name not in taken]
    whole = separation(every) - separation(rest)
    found = []
    for name in taken:
        auc = _rank(sheet, [*left, name]).auc
        if separation(auc) - separation(rest) >= OWN_PART * whole:
            found.append(_clue(name, taken, auc, span))
    return found


def _clue(name: str, taken: list[str], auc: float, span: tuple[float, float]) -> Clue:
    every, rest = span
    others = [other for other in taken if other != name]
    hidden = f" {', '.join(others)} hide it: with them in the table it can be dropped unnoticed." if others else ""
    return Clue(
        column=name,
        check="group of columns that hide one another",
        mechanism=Mechanism.UNKNOWN,
        verdict=ColumnVerdict.LEAK,
        confidence=0.85,
        says=(
            f"All columns together reach an AUC of {every:.3f}, the table without {', '.join(taken)} only {rest:.3f}; "
            f"{name} alone brings it back to {auc:.3f}.{hidden}"
        ),
        value=auc,
        limit=rest,
    )
