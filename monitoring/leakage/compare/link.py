"""How surely something goes along with the outcome, other things equal: rank statistics within strata."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring.columns import Counts, Floats

FOLDS: Final = 5
"""Parts for cross-fitting: the rate of a group is learned on four and tried on the fifth."""

_SHRINK: Final = 20.0
"""Rows of the overall rate mixed into the rate of a group, so that small groups say little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Probability that a random leaver ranks above a random stayer of the same stratum (0.5: no link), and its p-value.

    The p-value is one-sided: higher scores for leavers.
    """

    auc: float
    p_value: float


NO_LINK: Final = Link(auc=0.5, p_value=1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """How much a column adds to what its strata tell: gain in AUC, and the p-value that it adds nothing.

    `without` is the AUC of the strata alone.
    """

    gain: float
    p_value: float
    without: float


NOTHING: Final = Added(gain=0.0, p_value=1.0, without=0.5)


def link(score: Floats, labels: Floats, strata: Counts | None = None) -> Link:
    """Rank statistic of `score` between labels 1 and 0 within strata, each of shape (n,).

    >>> link(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 0.0, 1.0])).auc
    0.75

    References
    ----------
    Mann & Whitney 1947 with ties; van Elteren 1960 for the weights of the strata.
    """
    from scipy.stats import norm

    groups = np.zeros(len(score), dtype=np.int64) if strata is None else strata
    order = np.lexsort((score, groups))
    place, x, y = np.unique(groups[order], return_inverse=True)[1], score[order], labels[order]
    ranks, ties = _ranks(place, x)
    rows = np.bincount(place).astype(np.float64)
    ones = np.bincount(place, weights=y)
    zeros = rows - ones
    above = np.bincount(place, weights=ranks * y) - ones * (ones + 1.0) / 2.0
    pairs = ones * zeros
    if pairs.sum() == 0.0:
        return NO_LINK
    variance = pairs / 12.0 * (rows + 1.0 - ties / np.maximum(rows * (rows - 1.0), 1.0))
    weight = 1.0 / (rows + 1.0)
    error = float(np.sqrt(np.sum(weight**2 * variance)))
    z = float(np.sum(weight * (above - pairs / 2.0))) / error if error > 0.0 else 0.0
    return Link(auc=float(above.sum() / pairs.sum()), p_value=float(norm.sf(z)) if error > 0.0 else 1.0)


def _ranks(place: Counts, score: Floats) -> tuple[Floats, Floats]:
    """Mid-ranks within strata of rows sorted by stratum and score, and per stratum the sum of t**3 - t over ties."""
    new = np.r_[True, (place[1:] != place[:-1]) | (score[1:] != score[:-1])]
    tie = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    size = np.diff(np.r_[first, len(score)])
    begins = np.searchsorted(place, place[first])
    middle = np.asarray(first - begins + (size + 1) / 2.0, dtype=np.float64)
    ties = np.bincount(place[first], weights=size.astype(np.float64) ** 3 - size)
    return middle[tie], np.asarray(ties, dtype=np.float64)


def cross_fitted(codes: Counts, labels: Floats, folds: Counts) -> Floats:
    """For each row the rate of its code over the other folds, drawn towards the overall rate; all of shape (n,)."""
    rows, ones = _others(codes, labels, folds)
    all_rows, all_ones = _others(np.zeros_like(codes), labels, folds)
    base = np.divide(all_ones, all_rows, out=np.zeros_like(all_ones), where=all_rows > 0.0)
    return np.asarray((ones + _SHRINK * base) / (rows + _SHRINK), dtype=np.float64)


def added(codes: Counts, strata: Counts, labels: Floats, folds: Counts) -> Added:
    """What `codes` tell about the label beyond `strata`, all of shape (n,).

    The gain is cross-fitted; the p-value is of no association within strata.
    """
    base = cross_fitted(strata, labels, folds)
    cells = np.unique(strata * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1].astype(np.int64)
    rows, ones = _others(cells, labels, folds)
    without = link(base, labels, folds).auc
    within = link((ones + _SHRINK * base) / (rows + _SHRINK), labels, folds).auc
    return Added(gain=within - without, p_value=no_association(codes, strata, labels), without=without)


def no_association(codes: Counts, strata: Counts, labels: Floats) -> float:
    """P-value that within strata no code is commoner among leavers.

    References
    ----------
    Landis, Heyman & Koch 1978: the generalised Cochran-Mantel-Haenszel test of general association.
    """
    from scipy.stats import chi2

    _, code = np.unique(codes, return_inverse=True)
    _, stratum = np.unique(strata, return_inverse=True)
    shape = int(stratum.max(initial=0)) + 1, int(code.max(initial=0)) + 1
    cells = stratum * shape[1] + code
    table = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    ones = np.bincount(cells, weights=labels, minlength=shape[0] * shape[1]).reshape(shape)
    rows, leavers = table.sum(axis=1), ones.sum(axis=1)
    excess = (ones - table * (leavers / rows)[:, None]).sum(axis=0)
    weight = leavers * (rows - leavers) / (rows**2 * np.maximum(rows - 1.0, 1.0))
    covariance = np.diag((weight * rows) @ table) - (table * weight[:, None]).T @ table
    free = np.diag(covariance) > 0.0
    degrees = int(np.linalg.matrix_rank(covariance[np.ix_(free, free)])) if free.any() else 0
    if degrees == 0:
        return 1.0
    statistic = excess[free] @ np.linalg.pinv(covariance[np.ix_(free, free)], hermitian=True) @ excess[free]
    return float(chi2.sf(statistic, degrees))


def _others(cells: Counts, labels: Floats, folds: Counts) -> tuple[Floats, Floats]:
    """Rows and leavers of each row's cell outside its own fold."""
    here = cells * FOLDS + folds
    size = (int(cells.max(initial=0)) + 1) * FOLDS
    rows, ones = np.bincount(here, minlength=size), np.bincount(here, weights=labels, minlength=size)
    all_rows, all_ones = np.bincount(cells), np.bincount(cells, weights=labels)
    return (all_rows[cells] - rows[here]).astype(np.float64), all_ones[cells] - ones[here]


def auc_spread(score: Floats, labels: Floats) -> tuple[float, float]:
    """AUC of `score` and its standard error, NaN where one label is missing.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, by ranks as in Sun & Xu 2014.
    """
    from scipy.stats import rankdata

    ones = labels == 1.0
    n, m = int(ones.sum()), int((~ones).sum())
    if min(n, m) < 2:  # noqa: PLR2004 - a variance needs two
        return float("nan"), float("nan")
    ranks = rankdata(score)
    above = (ranks[ones] - rankdata(score[ones])) / m
    below = 1.0 - (ranks[~ones] - rankdata(score[~ones])) / n
    return float(above.mean()), float(np.sqrt(above.var(ddof=1) / n + below.var(ddof=1) / m))
