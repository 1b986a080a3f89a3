"""How good a score is: ranking, calibration, proper scoring. Arrays in, numbers out; NaN where undefined."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats

_SMALLEST = 1e-9
"""Probabilities are kept this far from 0 and 1 before taking logarithms."""

_BINS = 10
"""Equal-mass bins for the calibration error."""

_TOP = 0.1
"""The share of customers in the top decile."""

_NORMAL_95 = 1.959964
"""The 97.5 % point of the normal distribution."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Auc:
    """Area under the ROC curve with its standard error and 95 % interval; NaN with one class only."""

    value: float
    error: float
    low: float
    high: float


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> Auc:
    """Return the AUC of scores for 0/1 labels, with DeLong's standard error.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value
    0.75

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988; Sun & Xu 2014 for the fast form by midranks.
    """
    positive, negative = _split(labels, scores)
    if not len(positive) or not len(negative):
        return Auc(value=np.nan, error=np.nan, low=np.nan, high=np.nan)
    above = _placements(positive, negative)
    below = 1.0 - _placements(negative, positive)
    value = float(above.mean())
    error = float(np.sqrt(_variance_of_mean(above) + _variance_of_mean(below)))
    reach = _NORMAL_95 * error
    return Auc(value=value, error=error, low=max(value - reach, 0.0), high=min(value + reach, 1.0))


def _split(labels: npt.ArrayLike, scores: npt.ArrayLike) -> tuple[Floats, Floats]:
    truth = np.asarray(labels, dtype=np.float64) > 0
    values = np.asarray(scores, dtype=np.float64)
    return values[truth], values[~truth]


def _placements(mine: Floats, other: Floats) -> Floats:
    """Return for each of mine the share of the others below it, ties counting half."""
    ordered = np.sort(other)
    below = np.searchsorted(ordered, mine, side="left")
    up_to = np.searchsorted(ordered, mine, side="right")
    return np.asarray((below + up_to) / (2.0 * len(ordered)), dtype=np.float64)


def _variance_of_mean(values: Floats) -> float:
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0


def log_loss(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Return the mean negative log-likelihood per row, in nats; NaN without rows.

    >>> round(log_loss([1, 0], [0.8, 0.2]), 4)
    0.2231
    """
    truth, probability = np.asarray(labels, dtype=np.float64), clipped(scores)
    if not len(truth):
        return float("nan")
    return float(-np.mean(truth * np.log(probability) + (1.0 - truth) * np.log1p(-probability)))


def brier(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Return the mean squared error of the scores as probabilities, 0 to 1; NaN without rows.

    References
    ----------
    Brier 1950.
    """
    truth = np.asarray(labels, dtype=np.float64)
    return float(np.mean((np.asarray(scores, dtype=np.float64) - truth) ** 2)) if len(truth) else float("nan")


def calibration_error(labels: npt.ArrayLike, scores: npt.ArrayLike, *, bins: int = _BINS) -> float:
    """Return the expected calibration error over bins of equal mass, 0 to 1; NaN without rows.

    Rows are put in order of score and cut into bins of equal size; the result is the mean over rows of
    |mean score - share of churners| of the row's bin.

    References
    ----------
    Naeini, Cooper & Hauskrecht 2015; Nguyen & O'Connor 2015 for equal mass.
    """
    truth, probability = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if not len(truth):
        return float("nan")
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(truth[order] - probability[order], min(bins, len(truth)))
    return float(sum(abs(part.sum()) for part in parts) / len(truth))


def calibration_ratio(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Return observed over expected churners: 1 is calibrated, 2 means twice as many as the scores said."""
    expected = float(np.sum(np.asarray(scores, dtype=np.float64)))
    return float(np.sum(np.asarray(labels, dtype=np.float64)) / expected) if expected > 0 else float("nan")


def lift(labels: npt.ArrayLike, scores: npt.ArrayLike, *, top: float = _TOP) -> float:
    """Return the churn rate among the highest scores over the churn rate of all; NaN without churners.

    The group takes `top` of the rows (rounded up); among equal scores at its edge, rows count by their share.
    """
    truth, values = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if not len(truth) or truth.sum() == 0:
        return float("nan")
    size = int(np.ceil(top * len(truth)))
    edge = np.sort(values)[-size]
    above, at = values > edge, values == edge
    caught = truth[above].sum() + (size - above.sum()) * truth[at].mean()
    return float(caught / size / truth.mean())


def clipped(scores: npt.ArrayLike) -> Floats:
    """Return probabilities kept away from 0 and 1, so that logarithms stay finite."""
    return np.clip(np.asarray(scores, dtype=np.float64), _SMALLEST, 1.0 - _SMALLEST)
