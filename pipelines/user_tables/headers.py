"""Column names: trimmed, unique, and without the row numbers that a table was saved with."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import pandas as pd
from pandas.api import types

_UNNAMED: Final = re.compile(r"Unnamed: ?\d+(\.\d+)?|__index_level_\d+__|", re.IGNORECASE)


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
    """The table without nameless columns that hold nothing, or whole numbers that never repeat (a saved row index)."""
    nameless = [str(name) for name in table.columns if _UNNAMED.fullmatch(str(name))]
    empty = [name for name in nameless if table[name].isna().all()]
    index = [name for name in nameless if name not in empty and _is_row_number(table[name])]
    notes = [f"Column '{one}' holds row numbers saved with the table; it was left out." for one in index]
    return (table.drop(columns=[*empty, *index]) if empty or index else table), notes


def _is_row_number(column: pd.Series) -> bool:
    return bool(types.is_integer_dtype(column.dtype) and column.is_unique)
