"""Columns of two tables read on one scale, whatever type each arrived with: numbers, times, or text."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats, as_times

_READABLE: Final = 0.99
"""A text column is read as numbers or times when at least this share of its filled cells can be."""

_DAY_NS: Final = 86_400_000_000_000
_MISSING_WORDS: Final = frozenset(("", "NULL", "null", "NaN", "nan", "None", "<NA>", "NaT", "N/A"))
_TRUTH: Final = {"yes": 1.0, "no": 0.0, "y": 1.0, "n": 0.0, "true": 1.0, "false": 0.0, "t": 1.0, "f": 0.0}


class Form(StrEnum):
    """What both columns are read as."""

    NUMBER = "number"
    TIME = "time"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Two columns of any lengths on one scale: numbers, days since 1970, or places in `levels`; NaN where missing."""

    form: Form
    left: Floats
    right: Floats
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Texts:
    """A column as text: the place of each cell in `levels`, -1 where nothing stands."""

    codes: Counts
    levels: tuple[str, ...]

    def spread(self, values: Floats) -> Floats:
        """One value a level to one a row, NaN where nothing stands."""
        return np.append(values, np.nan)[self.codes]

    def readable(self, values: Floats) -> Floats | None:
        """The spread values, None if too few of the filled cells have one."""
        cells = self.spread(values)
        filled = self.codes >= 0
        unread = filled.any() and np.isnan(cells[filled]).mean() > 1.0 - _READABLE
        return None if unread else np.where(np.isinf(cells), np.nan, cells)


def alike(left: pd.Series, right: pd.Series) -> Alike:
    """Two columns of any lengths read on one scale.

    >>> alike(pd.Series([1.0, None]), pd.Series(["2", "NULL", "3"])).right.tolist()
    [2.0, nan, 3.0]
    """
    texts = [None if _is_plain(column) else _texts(column) for column in (left, right)]
    ours, theirs = _numbers(left, texts[0]), _numbers(right, texts[1])
    if ours is not None and theirs is not None:
        return Alike(form=Form.NUMBER, left=ours, right=theirs)
    ours, theirs = _times(left, texts[0]), _times(right, texts[1])
    if ours is not None and theirs is not None:
        return Alike(form=Form.TIME, left=ours, right=theirs)
    return _pooled(texts[0] or _texts(left), texts[1] or _texts(right))


def same_keys(left: pd.Series, right: pd.Series) -> tuple[Counts, Counts]:
    """Whole-number keys of two columns of any lengths, equal where the cells are; -1 where missing."""
    read = alike(left, right)
    codes, _ = pd.factorize(np.concatenate([read.left, read.right]), sort=True)
    keys = np.asarray(codes, dtype=np.int64)
    return keys[: len(left)], keys[len(left) :]


def _is_plain(column: pd.Series) -> bool:
    """Whether the column needs no reading: numbers, flags, times."""
    kind = column.dtype
    return types.is_bool_dtype(kind) or types.is_numeric_dtype(kind) or types.is_datetime64_any_dtype(kind)


def _texts(column: pd.Series) -> _Texts:
    """Cells as stripped text, words for nothing missing; a whole number reads the same with and without `.0`."""
    found, raw = _factorized(column)
    numeric = types.is_numeric_dtype(column.dtype)
    words = [f"{cell:.15g}" if numeric else str(cell).strip() for cell in raw]
    levels = sorted({word for word in words if word not in _MISSING_WORDS})
    place = {word: at for at, word in enumerate(levels)}
    codes = np.array([*(place.get(word, -1) for word in words), -1], dtype=np.int64)[found]
    return _Texts(codes=codes, levels=tuple(levels))


def _factorized(column: pd.Series) -> tuple[Counts, pd.Index]:
    try:
        codes, raw = pd.factorize(column)
    except TypeError:  # cells that cannot be told apart quickly, such as lists
        codes, raw = pd.factorize(column.astype("str").where(column.notna()))
    return np.asarray(codes, dtype=np.int64), pd.Index(raw)


def _pooled(left: _Texts, right: _Texts) -> Alike:
    """Both sides as places in their common levels, sorted."""
    levels = sorted({*left.levels, *right.levels})
    place = {word: float(at) for at, word in enumerate(levels)}
    ours, theirs = (side.spread(np.array([place[word] for word in side.levels])) for side in (left, right))
    return Alike(form=Form.TEXT, left=ours, right=theirs, levels=tuple(levels))


def _numbers(column: pd.Series, texts: _Texts | None) -> Floats | None:
    """The cells as numbers, None if the column holds something else."""
    if texts is None:
        if types.is_datetime64_any_dtype(column.dtype):
            return None
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isinf(values), np.nan, values)
    if len(texts.levels) <= len(_TRUTH):
        return texts.readable(np.array([_number(word) for word in texts.levels], dtype=np.float64))
    numbers = pd.to_numeric(pd.Series(texts.levels), errors="coerce")
    return texts.readable(numbers.to_numpy(dtype=np.float64))


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return _TRUTH.get(word.lower(), np.nan)


def _times(column: pd.Series, texts: _Texts | None) -> Floats | None:
    """The cells as days since 1970, None if the column holds something else."""
    if texts is None:
        return _days(column) if types.is_datetime64_any_dtype(column.dtype) else None
    # Most text is no time, and finding out for all levels is slow.
    if not texts.levels or as_times(pd.Series(texts.levels[:1])).isna().all():
        return None
    return texts.readable(_days(pd.Series(texts.levels)))


def _days(column: pd.Series) -> Floats:
    at = as_times(column)
    nanoseconds = at.to_numpy("datetime64[ns]").astype(np.int64)
    return np.where(at.isna().to_numpy(), np.nan, nanoseconds / _DAY_NS)
