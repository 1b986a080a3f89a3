"""A part judged that leaves out people whom the months before had: the surveyed only, survivors only."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from monitoring.leakage.clock import days_of
from monitoring.leakage.table.sheet import Sheet

LEFT_OUT: Final = 0.1
"""Share of the latest rows learned from that are unlike all rows judged, in one column, from which it counts."""

FEWEST: Final = 200
"""Rows either side must have: the range of a few rows is narrow by chance."""

_LEAST: Final = 0.0005
"""Share of the rows judged that may lie outside the range read off them, so that a stray row does not widen it."""


def narrowed(sheet: Sheet, later: npt.NDArray[np.bool_], *, by_time: bool) -> list[str]:
    """Sentences on columns in which the part judged covers less than the latest rows learned from."""
    before = _last_learned(sheet, later) if by_time else ~later
    if min(int(before.sum()), int(later.sum())) < FEWEST:
        return []
    found = []
    for name in sheet.features.columns:
        column = sheet.features[name]
        share, how = _gone(column[before], column[later])
        if share >= LEFT_OUT and not (by_time and _calendar(sheet, column)):
            found.append(
                f"The part judged has no row with {name} {how}; of the latest rows learned from {share:.0%} have."
            )
    return found


def _last_learned(sheet: Sheet, later: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    assert sheet.clock is not None  # noqa: S101 - a split by time has a clock
    period = sheet.clock.period
    return np.asarray(~later & (period == period[~later].max()))


def _calendar(sheet: Sheet, column: pd.Series) -> bool:
    """Whether a column is one value a period, or a stamp: it moves on with time by nature."""
    assert sheet.clock is not None  # noqa: S101 - a split by time has a clock
    if types.is_datetime64_any_dtype(column.dtype):
        return True
    values = column.groupby(sheet.clock.period).nunique()
    return bool(values.max() <= 1)


def _gone(before: pd.Series, after: pd.Series) -> tuple[float, str]:
    """The largest share of `before` unlike every row of `after`, and in what."""
    gaps = float(before.isna().mean())
    if gaps >= LEFT_OUT and not after.isna().any():
        return gaps, "missing"
    if not types.is_numeric_dtype(before.dtype) and not types.is_datetime64_any_dtype(before.dtype):
        levels = sorted(set(before.dropna()) - set(after.dropna()))
        share = before.value_counts(normalize=True)
        worst = max(levels, key=lambda level: float(share[level]), default=None)
        return (0.0, "") if worst is None else (float(share[worst]), f"equal to {worst!r}")
    return _range_gone(_numbers(before), _numbers(after))


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    values = days_of(column) if types.is_datetime64_any_dtype(column.dtype) else column.to_numpy(dtype=np.float64)
    return np.asarray(values[np.isfinite(values)])


def _range_gone(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> tuple[float, str]:
    if not len(before) or not len(after):
        return 0.0, ""
    low, high = np.quantile(after, [_LEAST, 1.0 - _LEAST])
    below, above = float((before < low).mean()), float((before > high).mean())
    return (below, f"below {low:g}") if below >= above else (above, f"above {high:g}")
