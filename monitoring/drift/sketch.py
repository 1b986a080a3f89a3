"""Sketches: all that is kept of a column's rows, in bounded memory. Sketches of chunks add up to that of the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Self, TypeAlias

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, as_labels, as_numbers
from monitoring.drift.grid import Grid


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
    """Rows of a category: counts by the reference's labels (unseen ones last), empty cells, rows."""

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
    known, empty = as_labels(column)
    by_label = [known.pop(label, 0) for label in labels]
    return LabelSketch(counts=np.array([*by_label, sum(known.values())]), empty=empty, rows=len(column))


def total(sketches: Iterable[Sketch]) -> Sketch:
    """Return several sketches of one column, at least one, as one; order and grouping do not matter."""
    return reduce(lambda left, right: left + right, sketches)  # type: ignore[operator] # of one column, so of one kind


def usable(one: Sketch) -> int:
    """Return the number of cells that hold a value."""
    return one.rows - one.empty
