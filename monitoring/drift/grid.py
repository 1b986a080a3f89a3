"""A fixed fine grid for one number, learnt from reference quantiles, into which any value is sorted in one step.

A value is read by the top 16 bits of its distance from the reference's median, written as a 32-bit float: sign,
exponent and seven bits of fraction. A table of 65,536 entries names the cell of each pattern, so a column is counted
in a few passes, without sorting, and a count depends on nothing but the values: chunks of any size and order add up
to the same numbers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats

CELLS = 512
"""Cells aimed at: each holds about one in this many reference values, or one value that is commoner."""

BINS = 10
"""Quantile bins aimed at, for the statistics that need few and full ones."""

LEARNT_FROM = 100_000
"""Values a grid is learnt from at most, evenly thinned."""

_PATTERNS = 1 << 16
_SIGN = 1 << 15
_INFINITE = 0x7F80


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """The cells of one number.

    `cell_of` maps a bit pattern to its cell, shape (65536,): 0 below all reference values, then the cells in rising
    order, then one above them, and last one for what is no number. `values` is each cell's typical value, shape
    (cells + 2,), with the lowest and highest reference value for the two outside. `bins` has the first cell of
    each quantile bin.
    """

    centre: float
    cell_of: npt.NDArray[np.int16]
    values: Floats
    bins: Counts

    def count(self, numbers: npt.NDArray[np.floating] | npt.NDArray[np.integer]) -> tuple[Counts, int]:
        """Return how many values fall in each cell, shape (cells + 2,), and how many cells hold no number.

        Values farther than 3e38 from the centre are no numbers here, like infinities.
        """
        counts = np.bincount(self.cells(numbers), minlength=len(self.values) + 1)
        return counts[:-1], int(counts[-1])

    def cells(self, numbers: npt.NDArray[np.floating] | npt.NDArray[np.integer]) -> npt.NDArray[np.int16]:
        """Return each value's cell, shape (n,); one past the last for what is no number."""
        return self.cell_of.take(_patterns(numbers, self.centre))

    def binned(self, counts: Counts) -> Counts:
        """Return the counts of the quantile bins; what lies outside belongs to the first and the last."""
        return np.add.reduceat(counts, self.bins)


def learn_grid(numbers: Floats) -> Grid:
    """Return the grid of a reference, shape (n,); NaN and infinities are left aside.

    A column without any number gets a grid of one cell.
    """
    known = numbers[np.isfinite(numbers)]
    known = np.sort(known[:: max(len(known) // LEARNT_FROM, 1)]) if len(known) else np.zeros(1)
    centre = float(known[(len(known) - 1) // 2])
    places = _rank_of_pattern()[_patterns(known, centre)]
    seen = np.isfinite(known - centre) & (places >= 0)
    known, places = known[seen], places[seen]
    patterns, counts = np.unique(places, return_counts=True)
    cell = _cells(counts)
    inside = np.repeat(cell, counts)
    middle = np.bincount(inside, weights=known - centre) / np.bincount(inside) + centre
    return Grid(
        centre=centre,
        cell_of=_cell_of(patterns, cell),
        values=np.concatenate([known[:1], _exact_where_alone(middle, known, inside), known[-1:]]),
        bins=_bins(np.bincount(inside)),
    )


def _patterns(numbers: npt.NDArray[np.floating] | npt.NDArray[np.integer], centre: float) -> npt.NDArray[np.uint16]:
    with np.errstate(over="ignore", invalid="ignore"):  # too large for 32 bits becomes infinite, which is no number
        distance = np.subtract(numbers, centre, dtype=np.float64).astype(np.float32)
    return np.asarray(distance.view(np.uint32) >> 16, dtype=np.uint16)


def _rank_of_pattern() -> npt.NDArray[np.int64]:
    """Return the place of each bit pattern in rising order of the numbers, -1 for those that are none."""
    pattern = np.arange(_PATTERNS)
    size = pattern & ~_SIGN
    rank = np.where(pattern & _SIGN, _INFINITE - 1 - size, _INFINITE + size)
    return np.where(size >= _INFINITE, -1, rank)


def _cells(counts: Counts) -> Counts:
    """Return the cell (from 0) of each pattern seen: equal shares of the rows, and common patterns alone.

    Where there are few patterns, each has its own.
    """
    if len(counts) <= CELLS:
        return np.arange(len(counts))
    share = counts / counts.sum()
    level = np.floor((np.cumsum(share) - share / 2.0) * CELLS)
    common = share >= 1.0 / CELLS
    starts = (np.diff(level) > 0) | common[1:] | common[:-1]
    return np.concatenate([[0], np.cumsum(starts)])


def _cell_of(patterns: Counts, cell: Counts) -> npt.NDArray[np.int16]:
    """Return the cell of every bit pattern; a pattern the reference lacks goes with the next one above it."""
    rank = _rank_of_pattern()
    last = int(cell[-1]) + 2
    above = np.searchsorted(patterns, rank, side="left")
    found = np.concatenate([cell + 1, [last]])[above]
    found[rank < patterns[0]] = 0
    found[rank < 0] = last + 1
    return found.astype(np.int16)


def _exact_where_alone(middle: Floats, known: Floats, inside: Counts) -> Floats:
    """Return the cells' mean values, without rounding where a cell holds one value only."""
    first = np.searchsorted(inside, np.arange(len(middle)), side="left")
    last = np.searchsorted(inside, np.arange(len(middle)), side="right") - 1
    return np.where(known[first] == known[last], known[first], middle)


def _bins(counts: Counts) -> Counts:
    """Return the first cell of each quantile bin, counted with the cell below all values."""
    share = counts / counts.sum()
    level = np.minimum(np.floor((np.cumsum(share) - share / 2.0) * BINS), BINS - 1)
    return np.concatenate([[0], 2 + np.flatnonzero(np.diff(level) > 0)]).astype(np.int64)
