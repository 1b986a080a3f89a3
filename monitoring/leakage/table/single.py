"""One column alone: its values cut into cells, and the target rate of each cell learned out of fold."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats
from monitoring.leakage.clock import days_of
from monitoring.leakage.ranking import Ranked, ranked

BINS: Final = 32
"""Cells of equal mass a numeric column is cut into, beside the values that are common enough for a cell each."""

_COMMON: Final = 0.005
"""Share of rows from which a value of a numeric column is a cell of its own."""

_MOST_COMMON: Final = 64

_PRIOR_ROWS: Final = 2.0
"""Rows at the overall rate added to every cell, so that an empty cell says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Single:
    """A column's cells, shape (n,), the out-of-fold target rate of each row's cell, and how well it ranks."""

    cells: Counts
    score: Floats
    rank: Ranked


def single(column: pd.Series, target: Floats, folds: Counts, clusters: Counts | None) -> Single:
    """Judge a tidy column alone, learning on the other folds only."""
    cells = cells_of(column)
    score = out_of_fold_rate(cells, target, folds)
    return Single(cells=cells, score=score, rank=ranked(target, score, clusters))


def cells_of(column: pd.Series) -> Counts:
    """Cells of a tidy column, coded from 0; missing values are cell 0."""
    if types.is_datetime64_any_dtype(column.dtype):
        return _number_cells(days_of(column))
    if types.is_numeric_dtype(column.dtype):
        return _number_cells(column.to_numpy(dtype=np.float64))
    return np.asarray(pd.factorize(column)[0] + 1, dtype=np.int64)


def _number_cells(values: Floats) -> Counts:
    cells = np.zeros(len(values), dtype=np.int64)
    known = np.isfinite(values)
    if not known.any():
        return cells
    distinct, codes, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    if len(distinct) <= BINS + _MOST_COMMON:
        cells[known] = codes + 1
        return cells
    cells[known] = _binned(codes, counts) + 1
    return cells


def _binned(codes: Counts, counts: Counts) -> Counts:
    """Common values alone, the others by mass."""
    common = counts >= max(_COMMON * len(codes), np.sort(counts)[-min(_MOST_COMMON, len(counts))])
    common &= counts > 1
    mass = np.cumsum(np.where(common, 0, counts))
    by_mass = np.minimum((mass - 1) * BINS // max(int(mass[-1]), 1), BINS - 1)
    alone = BINS + np.cumsum(common) - 1
    return np.asarray(np.where(common, alone, np.maximum(by_mass, 0))[codes], dtype=np.int64)


def out_of_fold_rate(cells: Counts, target: Floats, folds: Counts) -> Floats:
    """The target rate of each row's cell among rows of other folds, shrunk a little to the overall one."""
    size, ways = int(cells.max()) + 1, int(folds.max()) + 1
    where = cells * ways + folds
    rows = np.bincount(where, minlength=size * ways).reshape(size, ways).astype(np.float64)
    ones = np.bincount(where, weights=target, minlength=size * ways).reshape(size, ways)
    rows_else, ones_else = rows.sum(axis=1, keepdims=True) - rows, ones.sum(axis=1, keepdims=True) - ones
    # One prior for every fold: a fold's own would rank its rows by what they are not.
    rate = (ones_else + _PRIOR_ROWS * target.mean()) / (rows_else + _PRIOR_ROWS)
    return np.asarray(rate[cells, folds], dtype=np.float64)
