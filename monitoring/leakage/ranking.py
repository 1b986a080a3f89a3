"""The AUC when rows are not independent: DeLong's error summed over clusters."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import rankdata

from monitoring.columns import Counts, Floats

_TWO_SIDED: Final = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """An AUC, its standard error, and the clusters it rests on; NaN with one class only."""

    auc: float
    error: float
    clusters: int

    def low(self, z: float) -> float:
        """The value less z errors."""
        return self.auc - z * self.error

    def high(self, z: float) -> float:
        """The value plus z errors."""
        return self.auc + z * self.error


def ranked(labels: Floats, scores: Floats, clusters: Counts | None = None) -> Ranked:
    """The AUC of scores for labels 0 and 1; rows of one cluster may depend on each other.

    Without clusters this is DeLong's error but for one degree of freedom.

    References
    ----------
    DeLong et al. 1988 for the influence of a row; Obuchowski 1997 for adding it up by cluster.
    """
    influence, value = influences(labels, scores)
    if not np.isfinite(value):
        return Ranked(auc=np.nan, error=np.nan, clusters=0)
    sums = influence if clusters is None else _sums(influence, clusters)
    count = len(sums)
    error = float(np.sqrt(np.sum(sums**2) * count / max(count - 1, 1)))
    return Ranked(auc=value, error=error, clusters=count)


def influences(labels: Floats, scores: Floats) -> tuple[Floats, float]:
    """How much each row moves the AUC, shape (n,), and the AUC; the influences add up to 0."""
    positive = labels > 0
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return np.zeros(len(labels)), float("nan")
    overall = rankdata(scores)
    within = np.empty(len(scores))
    within[positive] = rankdata(scores[positive])
    within[~positive] = rankdata(scores[~positive])
    below = overall - within  # of the other class, ties half
    placement = np.where(positive, below / zeros, 1.0 - below / ones)
    value = float(placement[positive].mean())
    return (placement - value) / np.where(positive, ones, zeros), value


def _sums(influence: Floats, clusters: Counts) -> Floats:
    totals = np.asarray(np.bincount(clusters, weights=influence), dtype=np.float64)
    return totals[np.bincount(clusters) > 0]


def bonferroni(tests: int, *, level: float = 0.01) -> float:
    """The normal deviate that `tests` tests together exceed by chance with probability `level`, two-sided."""
    from scipy.stats import norm

    return float(norm.isf(level / _TWO_SIDED / max(tests, 1)))
