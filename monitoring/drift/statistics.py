"""Two-sample statistics, each a small function of arrays. Statistics say how much; p-values say how surely."""

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats

MIN_EXPECTED = 5.0
"""Cells expecting fewer rows than this are merged before a chi-square or G test (Cochran 1954)."""

_EMPTY_SHARE = 1e-4
"""Share put in the place of an empty bin for PSI, which has a logarithm in it."""


def ks(reference: Floats, current: Floats) -> float:
    """Return the two-sample Kolmogorov-Smirnov distance of two sorted samples, 0 to 1.

    >>> ks(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0, 6.0]))
    0.5

    References
    ----------
    Smirnov 1939.
    """
    after = np.searchsorted(reference, current, side="right") / len(reference)
    before = np.searchsorted(reference, current, side="left") / len(reference)
    steps = np.arange(len(current) + 1) / len(current)
    last = np.searchsorted(current, current, side="right")
    first = np.searchsorted(current, current, side="left")
    return float(max(np.max(steps[last] - after), np.max(before - steps[first])))


def ks_p_value(distance: float, reference_rows: int, current_rows: int) -> float:
    """Return the two-sided p-value of a Kolmogorov-Smirnov distance; conservative where values tie.

    References
    ----------
    Simard & L'Ecuyer 2011, as used by scipy for its asymptotic two-sample test.
    """
    from scipy.stats import kstwo

    rows = reference_rows * current_rows / (reference_rows + current_rows)
    return float(np.clip(kstwo.sf(distance, max(np.round(rows), 1.0)), 0.0, 1.0))


def quantile_edges(reference: Floats, bins: int = 10) -> Floats:
    """Return inner bin edges at the quantiles of a sorted sample; ties give fewer edges. A bin includes its upper edge.

    >>> quantile_edges(np.arange(1.0, 9.0), bins=4)
    array([2., 4., 6.])
    """
    ranks = np.ceil(np.arange(1, bins) / bins * len(reference)).astype(int) - 1
    return np.unique(reference[ranks])


def bin_counts(ordered: Floats, edges: Floats) -> Counts:
    """Return how many values of a sorted sample fall in each bin; one bin more than there are edges."""
    below = np.searchsorted(ordered, edges, side="right")
    return np.diff(np.concatenate([[0], below, [len(ordered)]])).astype(np.int64)


def psi(reference: npt.ArrayLike, current: npt.ArrayLike) -> float:
    """Return the population stability index of two sets of bin counts, 0 or more; 0 for equal shares.

    Empty bins count as one row in ten thousand.

    >>> round(psi([50, 50], [60, 40]), 5)
    0.04055

    References
    ----------
    Lewis 1994; Yurdakul & Naranjo 2020 for its distribution.
    """
    left, right = _shares(reference), _shares(current)
    left, right = np.maximum(left, _EMPTY_SHARE), np.maximum(right, _EMPTY_SHARE)
    return float(np.sum((right - left) * np.log(right / left)))


def psi_p_value(value: float, bins: int, reference_rows: int, current_rows: int) -> float:
    """Return the p-value of a PSI: value / (1/n + 1/m) is chi-square with bins - 1 degrees of freedom.

    Within 2 % for 200 rows or more on both sides (Yurdakul & Naranjo 2020).
    """
    from scipy.stats import chi2

    if bins < 2:  # noqa: PLR2004 - one bin cannot differ
        return 1.0
    return float(chi2.sf(value / (1.0 / reference_rows + 1.0 / current_rows), bins - 1))


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

    The pooled two-proportion z test.
    """
    from scipy.stats import norm

    (left, left_rows), (right, right_rows) = reference, current
    pooled = (left + right) / (left_rows + right_rows)
    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / left_rows + 1.0 / right_rows))
    if error == 0.0:
        return 1.0
    return float(2.0 * norm.sf(abs(right / right_rows - left / left_rows) / error))


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
    """Return the observed and expected cells of the two-row table, sparse columns merged into one."""
    table = np.array([np.asarray(reference), np.asarray(current)], dtype=np.float64)
    rarer = table.sum(axis=0) * table.sum(axis=1).min() / max(table.sum(), 1.0)
    sparse = rarer < MIN_EXPECTED
    if sparse.any():
        table = np.column_stack([table[:, ~sparse], table[:, sparse].sum(axis=1)])
    table = table[:, table.sum(axis=0) > 0]
    return table, np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1.0)


def _with_p_value(statistic: float, observed: Floats) -> tuple[float, float]:
    from scipy.stats import chi2

    degrees = observed.shape[1] - 1
    return statistic, float(chi2.sf(statistic, degrees)) if degrees > 0 else 1.0
