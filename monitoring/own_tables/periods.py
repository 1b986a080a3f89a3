"""Which month each row belongs to, from whatever people keep time in."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import as_times
from monitoring.errors import MonitorError
from monitoring.months import name_of

ALLOWED = "Allowed are dates, times, months (2025-03 or 202503), quarters (2025Q1) and years (2025)"

UNDATED = 0.05
"""Share of rows that may lack a readable time; they are left out."""

_YEARS = (1900, 2100)
_MONTH = re.compile(r"^(\d{4})[-/._ ]?(0?[1-9]|1[0-2])(\.0)?$")
_QUARTER = re.compile(r"^(\d{4})[-/._ ]?[Qq]([1-4])$")
_YEAR = re.compile(r"^(\d{4})(\.0)?$")


def months_of(column: pd.Series) -> pd.Series:
    """Return each row's month ("2025-03"), None where its time cannot be read; years and quarters by their first month.

    >>> months_of(pd.Series(["2025-03", "2025Q2", "2025", "2025-12-24"])).tolist()
    ['2025-03', '2025-04', '2025-01', '2025-12']

    Raises
    ------
    MonitorError
        Where more than a twentieth of the rows cannot be read.
    """
    codes, levels = pd.factorize(column)
    names = _names(pd.Series(levels, dtype=None if types.is_extension_array_dtype(levels) else object), column)
    months = pd.Series(np.array([*names, None], dtype=object)[codes], index=column.index)
    unread = float(months.isna().mean())
    if unread > UNDATED:
        shown = ", ".join(f'"{one}"' for one in column[months.isna()].astype("str").unique()[:3])
        raise MonitorError(
            f'The time column "{column.name}" cannot be read in {unread:.0%} of the rows (such as {shown}). {ALLOWED}.'
        )
    return months


def _names(levels: pd.Series, column: pd.Series) -> list[str | None]:
    if types.is_datetime64_any_dtype(column.dtype):
        return _from_times(as_times(pd.Series(pd.to_datetime(levels))))
    words = levels.astype("str").str.strip()
    named = [_from_word(one) for one in words]
    rest = [at for at, one in enumerate(named) if one is None]
    if rest and not types.is_numeric_dtype(column.dtype):
        for at, name in zip(rest, _from_times(as_times(words.iloc[rest])), strict=True):
            named[at] = name
    return named


def _from_times(times: pd.Series) -> list[str | None]:
    return [None if one is pd.NaT else f"{one.year:04d}-{one.month:02d}" for one in times]


def _from_word(word: str) -> str | None:
    if found := _QUARTER.match(word):
        return _within(int(found[1]), 3 * int(found[2]) - 2)
    if found := _YEAR.match(word):
        return _within(int(found[1]), 1)
    found = _MONTH.match(word)
    return _within(int(found[1]), int(found[2])) if found else None


def _within(year: int, month: int) -> str | None:
    return name_of(12 * year + month - 1) if _YEARS[0] <= year <= _YEARS[1] else None


def split(table: pd.DataFrame, months: pd.Series) -> Mapping[str, pd.DataFrame]:
    """Return the rows of each month, in order of the months; rows without a month are left out."""
    return {str(month): rows.reset_index(drop=True) for month, rows in table.groupby(months, sort=True)}


def parts(table: pd.DataFrame, count: int) -> list[pd.DataFrame]:
    """Return the rows dealt out in turn to `count` parts, as alike as the table allows; no draw is needed."""
    return [table.iloc[at::count].reset_index(drop=True) for at in range(count)]
