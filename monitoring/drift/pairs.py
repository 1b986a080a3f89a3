"""Tables of counts for pairs of columns: the smallest thing from which a change of their correlation can be judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Counts, Floats
from monitoring.drift.grid import BINS, Grid
from monitoring.drift.reference import ColumnReference, Scale

LEVELS = 4
"""Levels of a category that are watched one by one, the commonest first; the rest are counted as one."""

_COMMON = 0.05
"""Share of the rows from which a level is watched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """How one column enters its pairs.

    `code_of` maps a cell or a label's place to a code below 10, the last entry to 10 for an empty cell. `scores`
    are what is correlated, shape (4, 10): a number has one row, the mid-ranks of its quantile bins in the
    reference; a category one row for each common level, 1 there and 0 elsewhere. Rows of NaN are not used.
    """

    scale: Scale
    code_of: Counts
    scores: Floats

    def codes(self, table: pd.DataFrame) -> Counts:
        """Return each row's code, shape (n,)."""
        grid = self.scale.grid
        if grid is not None:
            return self.code_of[grid.cells(self.scale.encode(table))]
        places = self.scale.encode(table)
        return self.code_of[np.where(np.isnan(places), len(self.code_of) - 1, places).astype(np.int64)]


def part_of(column: ColumnReference) -> Part:
    """Return how a column enters its pairs, learnt from all reference months."""
    counts, grid = column.pooled.counts, column.scale.grid
    if grid is None:
        code_of, scores = _of_labels(counts)
    else:
        code_of, scores = _of_bins(counts, grid)
    return Part(scale=column.scale, code_of=np.append(code_of, BINS), scores=scores)


def _of_bins(counts: Counts, grid: Grid) -> tuple[Counts, Floats]:
    code_of = np.searchsorted(grid.bins, np.arange(len(counts)), side="right") - 1
    share = np.bincount(code_of, weights=counts, minlength=BINS) / max(counts.sum(), 1)
    scores = np.full((LEVELS, BINS), np.nan)
    scores[0] = np.cumsum(share) - share / 2.0
    return code_of, scores


def _of_labels(counts: Counts) -> tuple[Counts, Floats]:
    order = np.argsort(-counts, kind="stable")
    code_of = np.full(len(counts), LEVELS)
    code_of[order[:LEVELS]] = np.arange(len(order[:LEVELS]))
    common = int((counts[order[:LEVELS]] >= _COMMON * counts.sum()).sum())
    scores = np.full((LEVELS, BINS), np.nan)
    two_levels = np.count_nonzero(counts) == 2  # noqa: PLR2004 - then one level says all
    scores[: 1 if two_levels else common] = np.eye(LEVELS, BINS)[: 1 if two_levels else common]
    return code_of, scores


def places_of_pairs(parts: int) -> list[tuple[int, int]]:
    """Return the pairs of columns by place, in the order in which their tables are kept."""
    return list(combinations(range(parts), 2))


def count_pairs(parts: Sequence[Part], table: pd.DataFrame) -> Counts:
    """Return a table of counts for each pair, shape (pairs, 10, 10); rows with an empty cell are left out.

    Tables of chunks add up to that of the whole. A column that did not arrive leaves its tables empty.
    """
    nothing = np.full(len(table), BINS)
    codes = [one.codes(table) if one.scale.name in table.columns else nothing for one in parts]
    wide = BINS + 1
    rows = [
        np.bincount(codes[left] * wide + codes[right], minlength=wide * wide)
        for left, right in places_of_pairs(len(parts))
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, wide, wide)[:, :BINS, :BINS]


@dataclass(frozen=True, kw_only=True, slots=True)
class Correlations:
    """Correlations of each pair in each way, and their variance times the rows; all of shape (pairs, 4, 4).

    Ways that are not used hold NaN. `rows` has shape (pairs,).
    """

    value: Floats
    variance: Floats
    rows: Counts


def correlate(parts: Sequence[Part], tables: Counts) -> Correlations:
    """Return the correlations of tables from `count_pairs`.

    Where a column has a single value left, nothing is shared: the correlation is 0, with the variance it has
    between columns that share nothing.

    References
    ----------
    Steiger & Hakstian 1982 for the variance, which does not ask for normal columns.
    """
    places = places_of_pairs(len(parts))
    rows = tables.sum(axis=(1, 2))
    shares = tables / np.maximum(rows, 1)[:, None, None]
    left = _standardised(np.array([parts[one].scores for one, _ in places]), shares.sum(axis=2))
    right = _standardised(np.array([parts[one].scores for _, one in places]), shares.sum(axis=1))
    value = _moment(left, shares, right)
    fourth = (left**4 @ shares.sum(axis=2)[:, :, None]) + (right**4 @ shares.sum(axis=1)[:, :, None]).swapaxes(1, 2)
    both = _moment(left**2, shares, right**2)
    crossed = _moment(left**3, shares, right) + _moment(left, shares, right**3)
    variance = both - value * crossed + value**2 / 4.0 * (fourth + 2.0 * both)
    shared = _varies(left)[:, :, None] & _varies(right)[:, None, :]
    variance = np.where(np.isnan(value) | shared, np.maximum(variance, 1e-9), 1.0)
    return Correlations(value=value, variance=variance, rows=rows)


def _moment(left: Floats, shares: Floats, right: Floats) -> Floats:
    return np.asarray(left @ shares @ right.swapaxes(1, 2), dtype=np.float64)


def _standardised(scores: Floats, shares: Floats) -> Floats:
    """Return scores with mean 0 and variance 1 under the shares of each pair; 0 where they do not vary."""
    centred = scores - scores @ shares[:, :, None]
    spread = np.sqrt(centred**2 @ shares[:, :, None])
    varies = np.where(np.isnan(spread), 1.0, spread) > 1e-9  # noqa: PLR2004 - rounding
    return np.where(varies, centred / np.where(varies, spread, 1.0), 0.0)


def _varies(standardised: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(np.any(standardised != 0.0, axis=2))
