"""The AUC of rows that come in clusters: a customer who is scored at several cutoffs is not several customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NORMAL_95 = 1.959964
"""Half the width of a 95 % interval, in standard errors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusteredAuc:
    """An AUC and its standard error."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - NORMAL_95 * self.error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + NORMAL_95 * self.error


def clustered_auc(churned: npt.ArrayLike, scores: npt.ArrayLike, customers: npt.ArrayLike) -> ClusteredAuc:
    """AUC with a standard error that counts customers, not rows; the three arrays have shape (n,).

    With one row a customer the error is DeLong's.

    References
    ----------
    Obuchowski 1997, Biometrics 53: nonparametric analysis of clustered ROC curve data.
    """
    left, values = np.asarray(churned) == 1, np.asarray(scores, dtype=np.float64)
    leavers, stayers = values[left], values[~left]
    above = _beaten(leavers, stayers)
    beaten = 1.0 - _beaten(stayers, leavers)
    value = float(above.mean())
    _, cluster = np.unique(np.asarray(customers), return_inverse=True)
    clusters = int(cluster.max()) + 1
    gained = np.bincount(cluster[left], above - value, clusters) / len(leavers)
    given = np.bincount(cluster[~left], beaten - value, clusters) / len(stayers)
    variance = _spread(gained, cluster[left]) + _spread(given, cluster[~left]) + 2.0 * float((gained * given).sum())
    return ClusteredAuc(value=value, error=float(np.sqrt(max(variance, 0.0))))


def _beaten(mine: Floats, others: Floats) -> Floats:
    """Share of the others each of mine lies above, ties half."""
    ordered = np.sort(others)
    below, upto = np.searchsorted(ordered, mine, "left"), np.searchsorted(ordered, mine, "right")
    return np.asarray((below + upto) / (2.0 * len(ordered)))


def _spread(sums: Floats, held: npt.NDArray[np.intp]) -> float:
    """Sum of squares over the clusters that hold any, with the correction for their number."""
    count = len(np.unique(held))
    return float((sums**2).sum()) * count / max(count - 1, 1)
