"""How surely a Kolmogorov-Smirnov distance is no accident: right for any number of rows, ties and steps included.

The textbook p-value holds for values that never tie. Columns of a business tie all the time (counts, prices, zeros),
and then it is far too cautious. Here the null distribution is that of the cells at hand: exact by counting where one
side is small, and otherwise a Brownian bridge that is looked at only where cells end.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats

EXACT_ROWS = 2000
"""With fewer rows than this on the smaller side the p-value is exact."""

_SURE = 1e-9
"""A p-value so small that its upper bound will do."""

_STEP = 0.01
"""Cells with smaller shares are looked at together, and the barrier moved to make up for it."""

_COMMON = 0.02
"""Without a cell of this share the column counts as one without ties."""

_SIEGMUND = 0.5826
"""How many standard deviations of a step a barrier must move where a random walk stands for Brownian motion."""

_FAR = 2.2
"""From this scaled distance on (p about 1e-4) the bounds are near enough, and the quadrature no longer is."""

_NODES = 80
_REACHED = 6.0


def ks_p_value(reference: npt.ArrayLike, current: npt.ArrayLike) -> float:
    """Return the two-sided p-value of the Kolmogorov-Smirnov distance of two sets of counts in ordered cells.

    Parameters
    ----------
    reference, current
        Counts by cell, shape (k,), each with at least one row.

    References
    ----------
    Hodges 1958 (exact, by counting paths); Schroer & Trenkler 1995 (with ties); Kolmogorov 1933 (limit);
    Siegmund 1985 (barriers seen at steps only).
    """
    left, right = np.asarray(reference, dtype=np.int64), np.asarray(current, dtype=np.int64)
    pooled, rows = left + right, (int(left.sum()), int(right.sum()))
    distance = float(np.max(np.abs(np.cumsum(left) / rows[0] - np.cumsum(right) / rows[1])))
    pooled = pooled[pooled > 0]
    if distance == 0.0 or len(pooled) == 1:
        return 1.0
    scaled = distance * np.sqrt(rows[0] * rows[1] / (rows[0] + rows[1]))
    bound = _without_ties(float(scaled))
    if bound < _SURE:
        return bound
    if min(rows) < EXACT_ROWS:
        return min(exact_p_value(distance, pooled, min(rows)), 1.0)
    return limit_p_value(float(scaled), pooled / sum(rows))


def exact_p_value(distance: float, pooled: Counts, drawn: int) -> float:
    """Return the chance that `drawn` of the pooled rows, drawn blindly, lie at least `distance` from the rest.

    Counted cell by cell: the chance of every number of drawn rows so far whose path has stayed inside.

    Parameters
    ----------
    distance
        The Kolmogorov-Smirnov distance seen.
    pooled
        Rows of both sides by cell, each at least 1, shape (k,).
    drawn
        Rows of the smaller side.
    """
    total = int(pooled.sum())
    others = total - drawn
    room = distance * others * drawn / total - 1e-7
    middle = np.cumsum(pooled) * (drawn / total)
    lows, highs = np.maximum(np.ceil(middle - room), 0).astype(int), np.minimum(np.floor(middle + room), drawn)
    highs[-1], lows[-1] = drawn, drawn  # all rows have been dealt
    steps = _binomials(pooled, drawn / total, drawn)
    inside, start = np.ones(1), 0
    for count, low, high in zip(pooled.tolist(), lows.tolist(), highs.astype(int).tolist(), strict=True):
        first, chances = steps[count]
        inside, start = np.convolve(inside, chances), start + first
        inside, start = inside[max(low - start, 0) : max(high - start + 1, 0)], max(low, start)
        if not len(inside):
            return 1.0
    stayed = float(inside[0]) / _binomial(total, drawn / total, np.array([drawn]))[0] if start == drawn else 0.0
    return float(np.clip(1.0 - stayed, 0.0, 1.0))


def _binomials(pooled: Counts, share: float, most: int) -> dict[int, tuple[int, Floats]]:
    """Return, for each cell size, the chances of the numbers of drawn rows in it, from the first likely one on."""
    found = {}
    for count in np.unique(pooled).tolist():
        spread = 12.0 * np.sqrt(count * share * (1.0 - share)) + 12.0
        first = int(max(count * share - spread, 0))
        last = int(min(count * share + spread, count, most))
        found[count] = (first, _binomial(count, share, np.arange(first, last + 1)))
    return found


def _binomial(count: int, share: float, hits: npt.NDArray[np.int64]) -> Floats:
    from scipy.special import gammaln, xlog1py, xlogy

    ways = gammaln(count + 1) - gammaln(hits + 1) - gammaln(count - hits + 1)
    return np.asarray(np.exp(ways + xlogy(hits, share) + xlog1py(count - hits, -share)), dtype=np.float64)


def limit_p_value(scaled: float, shares: Floats) -> float:
    """Return the p-value for many rows on both sides.

    Parameters
    ----------
    scaled
        The distance times the root of n m / (n + m).
    shares
        Shares of the pooled rows by cell, shape (k,), adding up to 1.
    """
    if shares.max() < _COMMON:
        return _without_ties(scaled + _SIEGMUND * float(np.sqrt(np.sum(shares**2))))
    times, barriers = _looks(scaled, shares)
    if scaled > _FAR:
        return min(_without_ties(scaled), _sum_over_looks(times, barriers))
    return _crossing(times, barriers) if len(times) else 1.0


def _without_ties(scaled: float) -> float:
    from scipy.special import kolmogorov

    return float(kolmogorov(scaled))


def _looks(scaled: float, shares: Floats) -> tuple[Floats, Floats]:
    """Return when the bridge is looked at, and the barrier at each look.

    Small cells are looked at together; the barrier then moves inward by what the looks left out would have caught.
    Looks too near either end for the bridge to reach the barrier are left out.
    """
    starts = _together(shares)
    width = np.add.reduceat(shares, starts)
    cells = np.add.reduceat(shares**2, starts) / width  # how wide the cells in it are, weighted by their rows
    barriers = (scaled - _SIEGMUND * (np.sqrt(width) - np.sqrt(cells)))[:-1]
    times = np.cumsum(width)[:-1]
    reached = barriers < _REACHED * np.sqrt(times * (1.0 - times))
    return times[reached], np.maximum(barriers[reached], 0.0)


def _together(shares: Floats) -> Counts:
    """Return the first cell of each look: as many cells as it takes to hold a step."""
    starts, held = [0], 0.0
    for place, share in enumerate(shares.tolist()):
        if held >= _STEP:
            starts.append(place)
            held = 0.0
        held += share
    return np.array(starts)


def _sum_over_looks(times: Floats, barriers: Floats) -> float:
    from scipy.special import ndtr

    return float(np.sum(2.0 * ndtr(-barriers / np.sqrt(times * (1.0 - times)))))


def _crossing(times: Floats, barriers: Floats) -> float:
    """Return the chance that a Brownian bridge lies outside the barriers at one of the looks, by quadrature."""
    nodes, weights = _gauss_legendre()
    at, here = barriers[0] * nodes, barriers[0] * weights
    density = _normal(at, times[0] * (1.0 - times[0])) * here
    for before, now, barrier in zip(times[:-1], times[1:], barriers[1:], strict=True):
        left = (1.0 - now) / (1.0 - before)
        then = barrier * nodes
        density = _normal(then[:, None] - left * at[None, :], (now - before) * left) @ density * (barrier * weights)
        at = then
    return float(np.clip(1.0 - density.sum(), 0.0, 1.0))


@cache
def _gauss_legendre() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)


def _normal(distance: Floats, variance: float) -> Floats:
    return np.asarray(np.exp(-(distance**2) / (2.0 * variance)) / np.sqrt(2.0 * np.pi * variance))
