"""The cutoff of every row as a moment, and rows grouped into periods, whatever the time column holds."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats, as_times

FEW_TIMES: Final = 60
"""A time column with at most this many distinct moments is read as a calendar of snapshots: each is a period."""

MOST_PERIODS: Final = 24
"""Rows with scattered times are put into months or years if these are at most so many, else into equal blocks."""

_YEARS: Final = (1900.0, 2100.0)
_MONTHS: Final = (190_001.0, 210_012.0)
_DAYS: Final = (19_000_101.0, 21_001_231.0)

_MONTH_TEXT: Final = r"\d{4}-\d{2}"
_YEAR_TEXT: Final = r"\d{4}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Cutoffs of n rows: `at` holds moments (NaT unknown), `period` a code by time (-1 unknown), `names` its names."""

    at: pd.Series
    period: Counts
    names: tuple[str, ...]

    @property
    def days(self) -> Floats:
        """Cutoffs in days since 1970, NaN where unknown."""
        return days_of(self.at)


def clock_of(column: pd.Series) -> Clock:
    """Read a time column: moments, months such as 2024-03, years, or plain step numbers.

    A month or a year stands for its end: all of it was known at the cutoff.
    """
    at = moments(column)
    if at.dropna().nunique() > FEW_TIMES:
        return _grouped(at, _calendar_names(at))
    return _grouped(at, _own_names(column, at))


def days_of(at: pd.Series) -> Floats:
    """Moments as days since 1970, NaN where NaT."""
    days = at.to_numpy("datetime64[ns]").astype(np.int64) / 86_400_000_000_000
    return np.where(at.isna().to_numpy(), np.nan, days)


def moments(column: pd.Series) -> pd.Series:
    """The moment each cell stands for, without zone."""
    if isinstance(column.dtype, pd.PeriodDtype):
        return pd.Series(column.dt.end_time.dt.floor("s"))
    if types.is_numeric_dtype(column.dtype):
        return _from_numbers(column)
    text = not types.is_datetime64_any_dtype(column.dtype)
    at = as_times(column)
    return _to_end(at, column.astype("str")) if text else at


def _to_end(at: pd.Series, text: pd.Series) -> pd.Series:
    filled = text[at.notna()].str.strip()
    if len(filled) and filled.str.fullmatch(_MONTH_TEXT).all():
        return _after(at, pd.offsets.MonthEnd(0))
    if len(filled) and filled.str.fullmatch(_YEAR_TEXT).all():
        return _after(at, pd.offsets.YearEnd(0))
    return at


def _after(at: pd.Series, offset: pd.offsets.BaseOffset) -> pd.Series:
    """The first moment after the period each cell starts."""
    ends = pd.DatetimeIndex(at) + offset + pd.Timedelta(days=1)
    return pd.Series(ends, index=at.index)


def _numbers(column: pd.Series) -> Floats:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _from_numbers(column: pd.Series) -> pd.Series:
    values = _numbers(column)
    known = values[np.isfinite(values)]
    form = _form_of(known)
    if form is None:
        days = pd.to_timedelta(np.where(np.isfinite(values), values, np.nan), unit="D")
        return pd.Series(pd.Timestamp(0) + days, index=column.index)
    text = pd.Series(values, index=column.index).map(lambda v: str(int(v)) if np.isfinite(v) else None)
    at = pd.to_datetime(text, format=form, errors="coerce")
    if form == "%Y":
        return _after(at, pd.offsets.YearEnd(0))
    return _after(at, pd.offsets.MonthEnd(0)) if form == "%Y%m" else at


def _form_of(known: Floats) -> str | None:
    """The date format whole numbers are written in, None for plain steps."""
    if not len(known) or (known != np.floor(known)).any():
        return None
    for (low, high), form in ((_YEARS, "%Y"), (_MONTHS, "%Y%m"), (_DAYS, "%Y%m%d")):
        if known.min() >= low and known.max() <= high:
            return form
    return None


def _own_names(column: pd.Series, at: pd.Series) -> pd.Series:
    """Periods as the table writes them; moments by their day."""
    if types.is_numeric_dtype(column.dtype):
        return pd.Series([f"{cell:g}" for cell in _numbers(column)], index=column.index)
    if types.is_datetime64_any_dtype(column.dtype):
        days = at.dt.strftime("%Y-%m-%d")
        form = "%Y-%m-%d" if days.nunique() == at.nunique() else "%Y-%m-%d %H:%M:%S"
        return pd.Series(at.dt.strftime(form))
    return column.astype("str").str.strip()


def _calendar_names(at: pd.Series) -> pd.Series:
    for form in ("%Y-%m", "%Y"):
        names = at.dt.strftime(form)
        if names.nunique() <= MOST_PERIODS:
            return pd.Series(names)
    blocks = pd.qcut(at.rank(method="first"), MOST_PERIODS // 2, labels=False)
    starts = at.groupby(blocks).transform("min")
    return pd.Series(starts.dt.strftime("from %Y-%m-%d"), index=at.index)


def _grouped(at: pd.Series, labels: pd.Series) -> Clock:
    first = at.groupby(labels).min().dropna().sort_values()
    codes = {name: code for code, name in enumerate(first.index)}
    period = labels.map(codes).fillna(-1).to_numpy(dtype=np.int64)
    return Clock(at=at, period=period, names=tuple(str(name) for name in first.index))
