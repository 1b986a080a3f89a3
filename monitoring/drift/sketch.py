"""Sketches: all that is kept of a column's rows, in bounded memory. Sketches of chunks add up to that of the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Self, TypeAlias
from zlib import crc32

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, as_labels, as_numbers
from monitoring.drift.grid import Grid

UNSEEN_BUCKETS = 64
"""Cells for labels the reference lacks.

In one cell, the rare labels that a small reference happens to lack would pile up, and look like a change.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberSketch:
    """Rows of a number: counts in the cells of the reference's grid, empty cells, rows."""

    counts: Counts
    empty: int
    rows: int

    def __add__(self, other: Self) -> Self:
        return type(self)(
            counts=self.counts + other.counts, empty=self.empty + other.empty, rows=self.rows + other.rows
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelSketch:
    """Rows of a category: counts by the reference's labels, then of unseen ones by bucket; empty cells, rows."""

    counts: Counts
    empty: int
    rows: int

    def __add__(self, other: Self) -> Self:
        return type(self)(
            counts=self.counts + other.counts, empty=self.empty + other.empty, rows=self.rows + other.rows
        )


Sketch: TypeAlias = NumberSketch | LabelSketch


def sketch_numbers(column: pd.Series, grid: Grid) -> NumberSketch:
    """Return the sketch of a column read as numbers, whatever type it arrived with."""
    plain = types.is_numeric_dtype(column.dtype) and isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu"
    counts, empty = grid.count(column.to_numpy() if plain else as_numbers(column).cells)
    return NumberSketch(counts=counts, empty=empty, rows=len(column))


def sketch_labels(column: pd.Series, labels: tuple[str, ...]) -> LabelSketch:
    """Return the sketch of a column read as labels, whatever type it arrived with."""
    found, empty = as_labels(column)
    counts = np.zeros(len(labels) + UNSEEN_BUCKETS, dtype=np.int64)
    counts[: len(labels)] = [found.pop(label, 0) for label in labels]
    for label, count in found.items():
        counts[len(labels) + crc32(label.encode(errors="replace")) % UNSEEN_BUCKETS] += count
    return LabelSketch(counts=counts, empty=empty, rows=len(column))


def total(sketches: Iterable[Sketch]) -> Sketch:
    """Return several sketches of one column, at least one, as one; order and grouping do not matter."""
    return reduce(lambda left, right: left + right, sketches)  # type: ignore[operator] # of one column, so of one kind


def usable(one: Sketch) -> int:
    """Return the number of cells that hold a value."""
    return one.rows - one.empty
