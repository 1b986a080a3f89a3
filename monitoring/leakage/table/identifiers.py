"""Columns that are no features: identifiers, row numbers, and columns that never vary."""

import re
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats

_ID_NAME: Final = re.compile(r"(.*[_\s.-])?((?i:id|uuid|guid|row|index|row_number|row_no))|.*[a-z0-9](ID|Id)")
"""Column names of identifiers and row numbers: `id`, `account_id`, `customerID`, `row_no`."""

_ID_DISTINCT: Final = 0.05
"""A column named like an identifier is one from this many distinct values a row; below, it is a category."""

_TEXT_DISTINCT: Final = 0.9
"""Text with at least this many distinct values a row is an identifier or free text."""

_ONE_EACH: Final = 0.98
"""Numbers that tell at least so many of the entities apart, and do not change with time, number the entities."""

_FEW_DISTINCT: Final = 50

_LONG: Final = 10_000.0
"""Numbers all at least this large, the largest less than ten times the smallest, may be account numbers."""

_DENSE: Final = 3.0
"""Distinct whole numbers that span at most this many times the row count number the rows."""


def set_apart(tidied: pd.DataFrame, entity: Counts | None) -> tuple[list[str], dict[str, str]]:
    """Names of the identifiers among tidy columns, and of all columns to ignore with why."""
    identifiers, ignored = [], {}
    for name in tidied.columns:
        column = tidied[name]
        distinct = column.nunique(dropna=False)
        if distinct <= 1:
            ignored[name] = "empty" if column.isna().all() else "the same value in every row"
        elif _is_identifier(column, distinct, entity):
            identifiers.append(name)
            ignored[name] = f"an identifier: {distinct:,} different values in {len(column):,} rows"
    return identifiers, ignored


def _is_identifier(column: pd.Series, distinct: int, entity: Counts | None) -> bool:
    if types.is_datetime64_any_dtype(column.dtype):
        return False
    share = distinct / len(column)
    if share >= _ID_DISTINCT and _ID_NAME.fullmatch(str(column.name)):
        return True
    if types.is_numeric_dtype(column.dtype):
        return _numbers(column.to_numpy(dtype=np.float64), distinct, entity)
    return share >= _TEXT_DISTINCT


def _numbers(values: Floats, distinct: int, entity: Counts | None) -> bool:
    """Whole numbers, packed closely or of one length, one for each row or one for each entity."""
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        return False
    low, high = float(values.min()), float(values.max())
    if high - low >= _DENSE * len(values) and not (low >= _LONG and np.log10(high / low) < 1.0):
        return False
    if distinct == len(values):
        return True
    return entity is not None and _one_each(values, distinct, entity)


def _one_each(values: Floats, distinct: int, entity: Counts) -> bool:
    """Whether every entity has one value and hardly any value has two entities."""
    entities = int(entity.max()) + 1
    if distinct < _ONE_EACH * entities or distinct < _FEW_DISTINCT:
        return False
    pairs = pd.DataFrame({"entity": entity, "value": values}).drop_duplicates()
    return len(pairs) <= entities * (2.0 - _ONE_EACH)
