"""Column names: trimmed, unique, and without the row numbers that a table was saved with."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

_UNNAMED: Final = re.compile(r"Unnamed: ?\d+(\.\d+)?|__index_level_\d+__|", re.IGNORECASE)

_FEWEST_NUMBERS: Final = 50
"""Fewer different numbers may be a code."""


def tidy_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names without padding, empty ones numbered, repeated ones made unique; and notes on what was changed.

    >>> tidy_names([" plan", "usage", "usage", ""])[0]
    ['plan', 'usage', 'usage (2)', 'Unnamed: 3']
    """
    plain = [" ".join(name.replace("\ufeff", "").split()) for name in names]
    named = [name or f"Unnamed: {at}" for at, name in enumerate(plain)]
    unique = _unique(named)
    renamed = [new for new, old in zip(unique, named, strict=True) if new != old]
    notes = [f"Column names stood more than once; these were renamed: {', '.join(renamed)}."] if renamed else []
    padded = sum(bool(old) and old != new for old, new in zip(names, plain, strict=True))
    return unique, [
        *notes,
        *([f"{padded} column names were padded with blanks; these were cut off."] if padded else []),
    ]


def _unique(names: list[str]) -> list[str]:
    taken = Counter(names)
    found: list[str] = []
    for name in names:
        number, new = 1, name
        while new in found or (new != name and new in taken):
            number += 1
            new = f"{name} ({number})"
        found.append(new)
    return found


def without_row_numbers(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table without nameless columns that hold nothing, or a saved row index, of one table or of parts pasted."""
    nameless = [str(name) for name in table.columns if _UNNAMED.fullmatch(str(name))]
    empty = [name for name in nameless if table[name].isna().all()]
    index = [name for name in nameless if name not in empty and _is_row_number(table[name])]
    notes = [f"Column '{one}' holds row numbers saved with the table; it was left out." for one in index]
    return (table.drop(columns=[*empty, *index]) if empty or index else table), notes


def _is_row_number(column: pd.Series) -> bool:
    return bool(types.is_integer_dtype(column.dtype) and (column.is_unique or _pasted(column)))


def _pasted(column: pd.Series) -> bool:
    """Whether the numbers are those of parts that each began with 0: all up to the largest, high ones in fewer parts.

    >>> _pasted(pd.Series([*range(80), *range(60)])), _pasted(pd.Series([0, 1, 1, 2] * 40))
    (True, False)
    """
    if column.isna().any() or column.min() != 0 or column.max() >= len(column):
        return False
    counts = np.bincount(column.to_numpy(dtype=np.int64))
    return bool(len(counts) >= _FEWEST_NUMBERS and counts[-1] > 0 and (np.diff(counts) <= 0).all())
