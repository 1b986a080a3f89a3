"""Read any column safely: as numbers, as labels, as times, whatever type it arrived with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

Floats: TypeAlias = npt.NDArray[np.float64]
"""A one-dimensional array of 64-bit floats."""

Counts: TypeAlias = npt.NDArray[np.int64]
"""A one-dimensional array of whole numbers."""

MAX_LEVELS = 60
"""A text column with more distinct values than this is free text or an identifier, not a category."""

_FEW_ROWS = 50
"""Below this many rows, all-distinct whole numbers are no sign of an identifier."""


_GAPS = 2.0
"""Numbers of rows leave no more than about every second one out."""

_NAMED_ID = re.compile(r"(?i:(^|[\W_])(id|uid|uuid|guid|key|no|nr|number))$|[a-z](ID|Id)$")
"""Names of identifiers, such as "id", "customer no" and "accountID"."""


class Kind(StrEnum):
    """What a column holds, as far as the checks need to know."""

    NUMBER = "number"
    CATEGORY = "category"
    FLAG = "flag"
    TIME = "time"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """A column read as numbers.

    `cells` has one float a row, NaN where nothing usable stood; infinities are NaN too and counted apart.
    `text` counts the cells that hold text, also where the text reads as a number.
    """

    cells: Floats
    text: int
    infinite: int

    @property
    def usable(self) -> Floats:
        """The finite values, in row order."""
        return self.cells[~np.isnan(self.cells)]


def first_of(table: pd.DataFrame, name: str) -> pd.Series:
    """Return the column, the first one where the name occurs twice."""
    place = table.columns.get_loc(name)
    return table.iloc[:, place if isinstance(place, int) else _first_place(place)]


def _first_place(place: slice | npt.NDArray[np.bool_]) -> int:
    return place.start if isinstance(place, slice) else int(np.argmax(place))


def kind_of(column: pd.Series) -> Kind:
    """Return what the column holds, judged by its type and its values.

    >>> kind_of(pd.Series([1.5, 2.0])), kind_of(pd.Series(["a", "b", "a"]))
    (<Kind.NUMBER: 'number'>, <Kind.CATEGORY: 'category'>)
    """
    if types.is_bool_dtype(column.dtype):
        return Kind.FLAG
    if types.is_datetime64_any_dtype(column.dtype):
        return Kind.TIME
    if types.is_numeric_dtype(column.dtype):
        return Kind.IDENTIFIER if _numbered_rows(column) else Kind.NUMBER
    return Kind.IDENTIFIER if column.astype("str").nunique() > MAX_LEVELS else Kind.CATEGORY


def _numbered_rows(column: pd.Series) -> bool:
    if str(column.name).endswith("_id"):
        return True
    if not types.is_integer_dtype(column.dtype) or len(column) <= _FEW_ROWS or not column.is_unique:
        return False
    return bool(_NAMED_ID.search(str(column.name))) or column.is_monotonic_increasing or _dense(column)


def _dense(column: pd.Series) -> bool:
    """Return whether distinct whole numbers leave few gaps, as rows that were numbered do, and measurements do not."""
    return float(column.max()) - float(column.min()) < _GAPS * len(column)


def as_numbers(column: pd.Series) -> Numbers:
    """Return the column as floats whatever it holds; cells that cannot be read become NaN.

    >>> as_numbers(pd.Series([1, "x", None, float("inf")], dtype=object))
    Numbers(cells=array([ 1., nan, nan, nan]), text=1, infinite=1)
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in _PLAIN_NUMBERS:
        return _plain_numbers(column.to_numpy(dtype=np.float64))
    values = _to_floats(column)
    infinite = np.isinf(values)
    unread = int(column.notna().sum()) - int((~np.isnan(values)).sum())
    text = max(unread, _text_cells(column))
    return Numbers(cells=np.where(infinite, np.nan, values), text=text, infinite=int(infinite.sum()))


_PLAIN_NUMBERS = "biuf"
"""Kinds of numpy's types whose cells are numbers already."""


def _plain_numbers(values: Floats) -> Numbers:
    infinite = np.isinf(values)
    return Numbers(cells=np.where(infinite, np.nan, values), text=0, infinite=int(infinite.sum()))


def _text_cells(column: pd.Series) -> int:
    if types.is_numeric_dtype(column.dtype) or types.is_bool_dtype(column.dtype):
        return 0
    if isinstance(column.dtype, pd.StringDtype):
        return int(column.notna().sum())
    return sum(isinstance(cell, str | bytes) for cell in column)


_NO_NUMBERS = (types.is_datetime64_any_dtype, types.is_timedelta64_dtype, types.is_complex_dtype)
"""Types that pandas would turn into numbers of another meaning."""


def _to_floats(column: pd.Series) -> Floats:
    if any(is_other(column.dtype) for is_other in _NO_NUMBERS):
        return np.full(len(column), np.nan)
    try:
        numbers = pd.to_numeric(column, errors="coerce")
        return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_to_float(cell) for cell in column], dtype=np.float64)


def _to_float(cell: Any) -> float:  # noqa: ANN401 - any cell of any table
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def as_labels(column: pd.Series) -> tuple[dict[str, int], int]:
    """Return how often each label occurs, sorted by its text, and the number of empty cells.

    >>> as_labels(pd.Series(["b", "a", None, "b"]))
    ({'a': 1, 'b': 2}, 1)
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _as_levels(column.cat.codes.to_numpy(), column.cat.categories)
    filled = column[column.notna()]
    try:
        found = filled.value_counts(sort=False)
    except TypeError:  # cells that cannot be told apart quickly, such as lists
        found = filled.astype("str").value_counts(sort=False)
    return _by_text(found.items()), len(column) - len(filled)


def _as_levels(codes: npt.NDArray[np.integer[Any]], levels: "pd.Index[Any]") -> tuple[dict[str, int], int]:
    empty, *counts = np.bincount(codes + np.int64(1), minlength=len(levels) + 1).tolist()
    return _by_text(zip(levels, counts, strict=True)), empty


def _by_text(found: Iterable[tuple[Any, int]]) -> dict[str, int]:
    """Return counts by the labels' text, sorted by it, without those that do not occur."""
    counts: dict[str, int] = {}
    for label, count in found:
        counts[str(label)] = counts.get(str(label), 0) + int(count)
    return {label: counts[label] for label in sorted(counts) if counts[label]}


def as_times(column: pd.Series) -> pd.Series:
    """Return the column as times without zone (UTC), NaT where a cell is no time."""
    if types.is_datetime64_any_dtype(column.dtype):
        zoned = isinstance(column.dtype, pd.DatetimeTZDtype)
        return pd.Series(column.dt.tz_convert(None)) if zoned else column
    return pd.to_datetime(column, errors="coerce", utc=True, format="mixed").dt.tz_localize(None)
