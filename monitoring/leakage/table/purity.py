"""Values that only positives have: a corner of a column that holds many of them and next to nobody else."""

from bisect import bisect_left
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Floats
from monitoring.leakage.clock import days_of
from monitoring.leakage.table.odds import Mark
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.table.single import single
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

REACHES: Final = (0.1, 0.2, 0.35, 0.5)
"""Shares of the positives, those scored highest by the column alone, whose company is looked at."""

FEWEST: Final = 20
"""Positives a corner must hold."""

LEAK_RATIO: Final = 200.0
"""Times commoner among positives, surely, from which no honest explanation is known."""

SUSPECT_RATIO: Final = 50.0
"""From here an explanation is owed. Strong honest churn columns reach 5 to 15."""

PURE_RATIO: Final = 15.0
"""The same for a corner without a single other row: what honest columns reach, and their corners are not pure."""

PURE_LUCK: Final = 1e-10
"""And the largest chance of such a corner by luck."""

PURE_RATE: Final = 0.8
"""And the target rate that the corner must surely have, so that rare targets do not make every good column guilty."""


def purity(sheet: Sheet) -> list[Clue]:
    """Columns with a nearly pure corner, judged out of fold; time columns also by their distance to the cutoff."""
    found = []
    for name, one in sheet.alone.items():
        scores = [one.score, *_from_cutoff(sheet, name)]
        mark = max((purest(sheet.target, score) for score in scores), key=lambda m: m.ratio_low())
        if owes(mark, weight=sheet.weight):
            found.append(_clue(name, mark, mark.ratio_low()))
    return found


def owes(mark: Mark, *, weight: float) -> bool:
    """Whether a corner owes an explanation: surely far commoner among positives, or commoner and wholly theirs."""
    if mark.rate_low(weight=weight) < PURE_RATE:
        return False
    return mark.ratio_low() >= _needed(mark) and (mark.false > 0 or mark.luck() < PURE_LUCK)


def _needed(mark: Mark) -> float:
    return SUSPECT_RATIO if mark.false else PURE_RATIO


def least_share(ones: int, zeros: int) -> float:
    """The smallest share of the positives that a value only they have must reach to be noticed; 2 if none would be."""
    counts = range(max(FEWEST, int(np.ceil(REACHES[0] * ones))), ones + 1)
    noticed = bisect_left(counts, 1, key=lambda hits: int(owes(_only(hits, ones, zeros), weight=1.0)))
    return counts[noticed] / ones if noticed < len(counts) else 2.0


def _only(hits: int, ones: int, zeros: int) -> Mark:
    return Mark(hits=hits, ones=ones, false=0, zeros=zeros)


def _from_cutoff(sheet: Sheet, name: str) -> list[Floats]:
    column = sheet.features[name]
    if sheet.clock is None or not types.is_datetime64_any_dtype(column.dtype):
        return []
    distance = pd.Series(days_of(column) - sheet.clock.days)
    return [single(distance, sheet.target, sheet.folds, None).score]


def purest(target: Floats, score: Floats) -> Mark:
    """The corner with the best bound among those that hold the highest-scored 10, 20, 35 or 50 % of positives."""
    ones = np.sort(score[target > 0])[::-1]
    zeros = np.sort(score[target <= 0])
    best = Mark(hits=0, ones=len(ones), false=0, zeros=len(zeros))
    for reach in REACHES:
        place = max(FEWEST, int(np.ceil(reach * len(ones)))) - 1
        if place >= len(ones):
            break
        edge = ones[place]
        mark = Mark(
            hits=int((ones >= edge).sum()),
            ones=len(ones),
            false=len(zeros) - int(np.searchsorted(zeros, edge, side="left")),
            zeros=len(zeros),
        )
        best = max(best, mark, key=lambda m: m.ratio_low())
    return best


def _clue(name: str, mark: Mark, ratio: float) -> Clue:
    sure = ratio >= LEAK_RATIO
    return Clue(
        column=name,
        check="values only positives have",
        mechanism=Mechanism.TARGET_COPY,
        verdict=ColumnVerdict.LEAK if sure else ColumnVerdict.SUSPECT,
        confidence=0.93 if sure else 0.7,
        says=(
            f"{name} marks off {mark.hits:,} of {mark.ones:,} positive rows ({mark.reach:.0%}) with only "
            f"{mark.false:,} of {mark.zeros:,} others among them: at least {ratio:,.0f} times commoner. Such a value "
            "is usually written because of the outcome."
        ),
        value=ratio,
        limit=LEAK_RATIO if sure else _needed(mark),
    )
