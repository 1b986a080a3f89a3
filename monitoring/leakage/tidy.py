"""Bring every column of any table to one of three kinds: numbers, moments without zone, or text."""

import re
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import as_numbers, as_times

MOSTLY: Final = 0.95
"""Text is read as numbers, or as dates, when at least this share of the filled cells can be."""

_SNIFFED: Final = 200
"""Filled cells looked at before a text column is tried as dates."""

_DATE: Final = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")

_DAY_SECONDS: Final = 86_400.0

_MISSING_TEXT: Final = ("", "nan", "NaN", "NULL", "null", "None", "NA", "N/A", "n/a", "<NA>", "NaT")
"""Text that stands for an empty cell."""


def unique_names(table: pd.DataFrame) -> pd.DataFrame:
    """The table with text names, later namesakes numbered: `x`, `x (2)`."""
    seen: dict[str, int] = {}
    names = []
    for given in map(str, table.columns):
        seen[given] = seen.get(given, 0) + 1
        names.append(given if seen[given] == 1 else f"{given} ({seen[given]})")
    renamed = table.copy(deep=False)
    renamed.columns = pd.Index(names)
    return renamed


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Every column as float64, datetime64 or str; infinities and texts such as `NULL` are missing."""
    return pd.DataFrame({name: tidy_column(table[name]) for name in table.columns}, index=table.index)


def tidy_column(column: pd.Series) -> pd.Series:
    """One column as float64, datetime64 or str."""
    if isinstance(column.dtype, pd.PeriodDtype):
        return pd.Series(column.dt.start_time)
    if types.is_timedelta64_dtype(column.dtype):
        return pd.Series(column.dt.total_seconds() / _DAY_SECONDS)
    if types.is_datetime64_any_dtype(column.dtype):
        return as_times(column)
    if types.is_numeric_dtype(column.dtype) and not types.is_complex_dtype(column.dtype):
        return pd.Series(as_numbers(column).cells, index=column.index)
    return _from_text(column)


def _from_text(column: pd.Series) -> pd.Series:
    text = column.astype("str").str.strip()
    text = text.where(column.notna() & ~text.isin(_MISSING_TEXT))
    filled = int(text.notna().sum())
    if not filled:
        return pd.Series(np.nan, index=column.index, dtype=np.float64)
    # True and False first: as text they are no numbers.
    numbers = as_numbers(text.replace({"True": "1", "False": "0"})).cells
    if np.isfinite(numbers).sum() >= MOSTLY * filled:
        return pd.Series(numbers, index=column.index)
    return _dates_or_text(text, filled)


def _dates_or_text(text: pd.Series, filled: int) -> pd.Series:
    head = text.dropna().head(_SNIFFED)
    if head.map(lambda cell: _DATE.fullmatch(cell) is not None).mean() < MOSTLY:
        return text
    at = as_times(text)
    return at if at.notna().sum() >= MOSTLY * filled else text
