"""Along which columns customers are compared: cells of the columns the model uses most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Counts, Floats, Kind, as_labels, as_numbers, first_of, kind_of

Codes: TypeAlias = npt.NDArray[np.int8]
"""The cell of each row along one axis."""

_BINS = 8
"""Equal-mass cells of a number."""

_MOST_LEVELS = 20
"""Levels of a category with a cell of their own."""

_LEADING = 8
"""Columns compared: those the model uses most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """One column cut into cells: by inner `edges` where it holds numbers, by `levels` where it holds labels.

    The last cell takes what is missing; for labels the one before takes all other levels. `weight` is the share of
    the model's use among the axes, adding up to 1.
    """

    name: str
    weight: float
    kind: Kind
    edges: Floats
    levels: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.edges) + 2 if self.kind is Kind.NUMBER else len(self.levels) + 2

    def codes(self, table: pd.DataFrame) -> Codes:
        """Return each row's cell, all missing where the table lacks the column."""
        if self.name not in table.columns:
            return np.full(len(table), self.cells - 1, dtype=np.int8)
        column = first_of(table, self.name)
        return self._of_numbers(as_numbers(column).cells) if self.kind is Kind.NUMBER else self._of_labels(column)

    def _of_numbers(self, values: Floats) -> Codes:
        cells = np.searchsorted(self.edges, values, side="right")
        return np.where(np.isnan(values), self.cells - 1, cells).astype(np.int8)

    def _of_labels(self, column: pd.Series) -> Codes:
        places = {level: place for place, level in enumerate(self.levels)}
        codes, found = labelled(column)
        by_code = np.array([*(places.get(one, len(self.levels)) for one in found), self.cells - 1], dtype=np.int8)
        return np.asarray(by_code[codes])

    def counts(self, codes: Codes | Counts, weights: Floats | None = None) -> Floats:
        """Return how many rows (or how much weight) each cell holds, shape (cells,)."""
        return np.bincount(codes, weights=weights, minlength=self.cells).astype(np.float64)


def labelled(column: pd.Series) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return each row's place in the list of the column's labels, -1 where it is missing, and that list."""
    try:
        codes, found = pd.factorize(column)
    except TypeError:  # cells that cannot be told apart quickly, such as lists
        codes, found = pd.factorize(column.astype("str").where(column.notna()))
    return np.asarray(codes, dtype=np.intp), [str(one) for one in found]


def number_axis(name: str, values: Floats, weight: float) -> Axis:
    """Return the axis of a number, cut where its values (NaN left out) fall into parts of equal size."""
    known = values[~np.isnan(values)]
    inner = np.linspace(0.0, 1.0, _BINS + 1)[1:-1]
    edges = np.unique(np.quantile(known, inner)) if len(known) else np.empty(0)
    return Axis(name=name, weight=weight, kind=Kind.NUMBER, edges=edges, levels=())


def leading_axes(views: Sequence[pd.DataFrame], weights: Mapping[str, float]) -> tuple[Axis, ...]:
    """Return the axes of the columns the model uses most, from good views; without use or views, none."""
    if not views:
        return ()
    shared = [name for name in views[-1].columns if weights.get(str(name), 0.0) > 0.0]
    leading = sorted(shared, key=lambda name: -weights[str(name)])[:_LEADING]
    total = sum(weights[str(name)] for name in leading)
    found = [_axis(views, str(name), weights[str(name)] / total) for name in leading]
    return tuple(axis for axis in found if axis is not None)


def _axis(views: Sequence[pd.DataFrame], name: str, weight: float) -> Axis | None:
    column = pd.concat([first_of(view, name) for view in views if name in view.columns], ignore_index=True)
    kind = kind_of(column)
    if kind is Kind.NUMBER:
        return number_axis(name, as_numbers(column).cells, weight)
    if kind in (Kind.CATEGORY, Kind.FLAG):
        counts, _ = as_labels(column)
        levels = sorted(counts, key=lambda level: -counts[level])[:_MOST_LEVELS]
        return Axis(name=name, weight=weight, kind=Kind.CATEGORY, edges=np.empty(0), levels=tuple(sorted(levels)))
    return None
