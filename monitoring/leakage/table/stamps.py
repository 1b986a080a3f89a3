"""Time stamps later than the row's cutoff, above all those of positives: written by what followed the outcome."""

from typing import Final

import numpy as np
from pandas.api import types

from monitoring.columns import Floats
from monitoring.leakage.clock import days_of
from monitoring.leakage.table.odds import Mark
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

FEWEST: Final = 15
"""Positives with a stamp after the cutoff."""

MOST_LATE: Final = 0.5
"""Above this share of late stamps among negatives the column looks forward by nature, like a contract's end."""

LATE_RATIO: Final = 1.3
"""Times as common among positives, surely."""

LEAST_REACH: Final = 0.03


def stamps(sheet: Sheet) -> list[Clue]:
    """Time columns whose stamps lie after the cutoff much more often when the outcome was positive."""
    if sheet.clock is None:
        return []
    cutoff = sheet.clock.days
    # A cutoff given as a date may mean the end of that day.
    known = cutoff[np.isfinite(cutoff)]
    leeway = 1.0 if np.all(known == np.floor(known)) else 0.0
    found = []
    for name in sheet.features.columns:
        if types.is_datetime64_any_dtype(sheet.features[name].dtype):
            late = days_of(sheet.features[name]) - cutoff - leeway
            found += _clue(str(name), late, sheet.target)
    return found


def _clue(name: str, late: Floats, target: Floats) -> list[Clue]:
    filled = np.isfinite(late)
    after, positive = late[filled] > 0.0, target[filled] > 0
    mark = Mark(
        hits=int((after & positive).sum()),
        ones=int(positive.sum()),
        false=int((after & ~positive).sum()),
        zeros=int((~positive).sum()),
    )
    ratio = mark.ratio_low()
    if mark.hits < FEWEST or mark.reach < LEAST_REACH or mark.false_share > MOST_LATE or ratio < LATE_RATIO:
        return []
    days = float(np.median(late[filled][after & positive]))
    return [
        Clue(
            column=name,
            check="stamps after the cutoff",
            mechanism=Mechanism.TIME_STAMP,
            verdict=ColumnVerdict.LEAK,
            confidence=0.95,
            says=(
                f"{name} lies after the row's own cutoff in {mark.reach:.0%} of positive rows and "
                f"{mark.false_share:.0%} of the others (half of the positive ones by more than {days:.0f} days). It "
                "could not have been read then."
            ),
            value=ratio,
            limit=LATE_RATIO,
        )
    ]
