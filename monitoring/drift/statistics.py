"""Two-sample statistics of counts, each a small function. Statistics say how much; p-values say how surely."""

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats

MIN_EXPECTED = 5.0
"""Cells expecting fewer rows than this are merged before a chi-square or G test (Cochran 1954)."""

_EMPTY_SHARE = 1e-4
"""Share put in the place of an empty bin for PSI, which has a logarithm in it."""

_PSI_ROWS = 300
"""With fewer rows on either side the limit distribution of PSI is too narrow."""

_DEALT = 999
"""Blind deals behind a simulated p-value."""


def ks(reference: npt.ArrayLike, current: npt.ArrayLike) -> float:
    """Return the two-sample Kolmogorov-Smirnov distance of two sets of counts in ordered cells, 0 to 1.

    Exact where each cell holds one value; otherwise what can be seen at the cells' ends.

    >>> ks([1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1])
    0.5

    References
    ----------
    Smirnov 1939.
    """
    return float(np.max(np.abs(np.cumsum(_shares(reference)) - np.cumsum(_shares(current)))))


def wasserstein(reference: npt.ArrayLike, current: npt.ArrayLike, values: Floats, *, tail: float = 0.005) -> float:
    """Return the Wasserstein-1 distance of two sets of counts, in robust standard deviations of the reference.

    Every value is moved into the reference's quantile range first, so that no outlier, on either side, can stretch
    the scale or outweigh the rest. 0 where the reference is one single value.

    Parameters
    ----------
    reference, current
        Counts by cell, in rising order, shape (k,).
    values
        The cells' values, shape (k,).
    tail
        Share of the reference cut off at either end.

    References
    ----------
    Vallender 1974 (the area between two distribution functions).
    """
    below, now = np.cumsum(_shares(reference)), np.cumsum(_shares(current))
    low, high = _quantile(below, values, tail), _quantile(below, values, 1.0 - tail)
    area = float(np.sum(np.abs(below - now)[:-1] * np.diff(np.clip(values, low, high))))
    scale = _robust_scale(below, values)
    return area / scale if scale > 0.0 else 0.0


_SPREADS = ((0.25, 1.349), (0.05, 3.290), (0.005, 5.152))
"""Lower quantile of a central range, and how many standard deviations that range is wide in a normal sample."""


def _robust_scale(below: Floats, values: Floats) -> float:
    """Return the spread of the middle half; of more of the rows where half of them are one value."""
    ranges = ((_quantile(below, values, 1.0 - low) - _quantile(below, values, low)) / wide for low, wide in _SPREADS)
    return next((one for one in ranges if one > 0.0), 0.0)


def _quantile(below: Floats, values: Floats, share: float) -> float:
    return float(values[min(int(np.searchsorted(below, max(share - 1e-12, 1e-15))), len(values) - 1)])


def psi(reference: npt.ArrayLike, current: npt.ArrayLike) -> float:
    """Return the population stability index of two sets of bin counts, 0 or more; 0 for equal shares.

    Empty bins count as one row in ten thousand.

    >>> round(psi([50, 50], [60, 40]), 5)
    0.04055

    References
    ----------
    Lewis 1994; Yurdakul & Naranjo 2020 for its distribution.
    """
    return float(_psi_of_shares(_shares(reference), _shares(current)))


def _psi_of_shares(reference: Floats, current: Floats) -> Floats:
    left, right = np.maximum(reference, _EMPTY_SHARE), np.maximum(current, _EMPTY_SHARE)
    return np.asarray(np.sum((right - left) * np.log(right / left), axis=-1), dtype=np.float64)


def psi_p_value(reference: npt.ArrayLike, current: npt.ArrayLike, *, seed: int = 0) -> float:
    """Return the p-value of the PSI of two sets of bin counts, each with at least one row.

    PSI / (1/n + 1/m) is near chi-square with bins - 1 degrees of freedom. With fewer than 300 rows on a side, or a
    bin that expects fewer than 5, it is not near enough: then the rows are dealt blindly to both sides 999 times.

    References
    ----------
    Yurdakul & Naranjo 2020; Phipson & Smyth 2010 for counting the table seen among the dealt ones.
    """
    from scipy.special import chdtrc

    left, right = np.asarray(reference, dtype=np.int64), np.asarray(current, dtype=np.int64)
    pooled, rows = left + right, (int(left.sum()), int(right.sum()))
    seen, bins = psi(left, right), int(np.count_nonzero(pooled))
    if bins < 2:  # noqa: PLR2004 - one bin cannot differ
        return 1.0
    expected = pooled[pooled > 0].min() * min(rows) / sum(rows)
    if min(rows) >= _PSI_ROWS and expected >= MIN_EXPECTED:
        return float(chdtrc(bins - 1, seen / (1.0 / rows[0] + 1.0 / rows[1])))
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(pooled, rows[1], _DEALT, method="marginals")
    as_far = _psi_of_shares((pooled - dealt) / rows[0], dealt / rows[1]) >= seen - 1e-12
    return float((1 + as_far.sum()) / (1 + _DEALT))


def jensen_shannon(reference: npt.ArrayLike, current: npt.ArrayLike) -> float:
    """Return the Jensen-Shannon distance of two sets of counts: the root of the divergence in bits, 0 to 1.

    >>> jensen_shannon([1, 0], [0, 1])
    1.0

    References
    ----------
    Lin 1991; Endres & Schindelin 2003.
    """
    left, right = _shares(reference), _shares(current)
    middle = (left + right) / 2.0
    divergence = (_relative_entropy(left, middle) + _relative_entropy(right, middle)) / 2.0
    return float(np.sqrt(np.clip(divergence, 0.0, 1.0)))


def g_test(reference: npt.ArrayLike, current: npt.ArrayLike) -> tuple[float, float]:
    """Return the two-sample G statistic of two sets of counts and its p-value.

    Both samples are random here. (Evidently's `chisquare` and `g_test` take the reference for exact, which
    gives false alarms in 20 to 99 of 100 months.) Cells that expect few rows are merged first.

    References
    ----------
    Sokal & Rohlf 1981; Cochran 1954 for the merging.
    """
    observed, expected = _table(reference, current)
    filled = observed > 0
    statistic = 2.0 * float(np.sum(observed[filled] * np.log(observed[filled] / expected[filled])))
    return _with_p_value(max(statistic, 0.0), observed)


def chi_square(reference: npt.ArrayLike, current: npt.ArrayLike) -> tuple[float, float]:
    """Return Pearson's two-sample chi-square statistic of two sets of counts and its p-value.

    Cells that expect few rows are merged first.

    References
    ----------
    Pearson 1900; Cochran 1954 for the merging.
    """
    observed, expected = _table(reference, current)
    return _with_p_value(float(np.sum((observed - expected) ** 2 / expected)), observed)


def missing_p_value(reference: tuple[int, int], current: tuple[int, int]) -> float:
    """Return the two-sided p-value that two shares of empty cells are equal; each pair is (empty, rows).

    The pooled two-proportion z test; Fisher's exact test with mid-p (Lancaster 1961) where few cells are expected
    to be empty, or few filled.
    """
    (left, left_rows), (right, right_rows) = reference, current
    empty, rows = left + right, left_rows + right_rows
    if empty in (0, rows):
        return 1.0
    if min(empty, rows - empty) * min(left_rows, right_rows) / rows < MIN_EXPECTED:
        return _fisher_mid_p(right, empty, right_rows, rows)
    share = empty / rows
    error = np.sqrt(share * (1.0 - share) * (1.0 / left_rows + 1.0 / right_rows))
    return _two_sided(abs(right / right_rows - left / left_rows) / error)


def _fisher_mid_p(seen: int, empty: int, drawn: int, rows: int) -> float:
    """Return the share of tables less likely than the one seen, and half of those as likely."""
    from scipy.stats import hypergeom

    support = np.arange(max(0, drawn + empty - rows), min(drawn, empty) + 1)
    chance = hypergeom.pmf(support, rows, empty, drawn)
    mine = float(hypergeom.pmf(seen, rows, empty, drawn))
    alike = np.isclose(chance, mine, rtol=1e-7)
    return float(min(chance[(chance < mine) & ~alike].sum() + chance[alike].sum() / 2.0, 1.0))


def _two_sided(z: float) -> float:
    from scipy.special import ndtr

    return float(2.0 * ndtr(-z))


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Return p-values adjusted so that "adjusted < q" keeps the false discovery rate at q.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]

    References
    ----------
    Benjamini & Hochberg 1995.
    """
    values = np.asarray(p_values, dtype=np.float64)
    if not len(values):
        return values
    order = np.argsort(values)
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _shares(counts: npt.ArrayLike) -> Floats:
    values = np.asarray(counts, dtype=np.float64)
    return np.asarray(values / values.sum(), dtype=np.float64)


def _relative_entropy(left: Floats, right: Floats) -> float:
    filled = left > 0.0
    return float(np.sum(left[filled] * np.log2(left[filled] / right[filled])))


def _table(reference: npt.ArrayLike, current: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the observed and expected cells of the two-row table, sparse columns merged."""
    table = np.array([np.asarray(reference), np.asarray(current)], dtype=np.float64)
    table = table[:, table.sum(axis=0) > 0]
    group = _groups(table.sum(axis=0) * table.sum(axis=1).min() / max(table.sum(), 1.0))
    table = np.array([np.bincount(group, weights=row) for row in table])
    return table, np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1.0)


def _groups(expected: Floats) -> Counts:
    """Return the group of each column: sparse ones join, rarest first, until a group is no longer sparse.

    The grouping looks only at how common a column is on both sides together, so it favours neither.
    """
    group = np.arange(len(expected))
    sparse = [int(place) for place in np.argsort(expected, kind="stable") if expected[place] < MIN_EXPECTED]
    held, first = 0.0, sparse[0] if sparse else 0
    for place in sparse:
        if held >= MIN_EXPECTED:
            held, first = 0.0, place
        group[place] = first
        held += expected[place]
    return np.unique(group, return_inverse=True)[1]


def _with_p_value(statistic: float, observed: Floats) -> tuple[float, float]:
    from scipy.special import chdtrc

    degrees = observed.shape[1] - 1
    return statistic, float(chdtrc(degrees, statistic)) if degrees > 0 else 1.0
