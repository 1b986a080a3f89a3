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


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> Auc:
    """Return the AUC of scores for 0/1 labels, with DeLong's standard error.

    `weights` (above 0, one a row) count a row for several, as inverse inclusion probabilities do.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value
    0.75

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988; Sun & Xu 2014 for the fast form by midranks.
    """
    truth, values = np.asarray(labels, dtype=np.float64) > 0, np.asarray(scores, dtype=np.float64)
    counts = _weights(weights, len(values))
    positive, negative = (values[truth], counts[truth]), (values[~truth], counts[~truth])
    if not len(positive[0]) or not len(negative[0]):
        return Auc(value=np.nan, error=np.nan, low=np.nan, high=np.nan)
    above = _placements(positive[0], *negative)
    below = 1.0 - _placements(negative[0], *positive)
    value = float(np.average(above, weights=positive[1]))
    error = float(np.sqrt(_variance_of_mean(above, positive[1]) + _variance_of_mean(below, negative[1])))
    reach = _NORMAL_95 * error
    return Auc(value=value, error=error, low=max(value - reach, 0.0), high=min(value + reach, 1.0))


def _weights(weights: npt.ArrayLike | None, rows: int) -> Floats:
    return np.ones(rows) if weights is None else np.asarray(weights, dtype=np.float64)


def _placements(mine: Floats, other: Floats, counts: Floats) -> Floats:
    """Return for each of mine the share of the others below it, ties counting half."""
    order = np.argsort(other, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(counts[order])])
    below = total[np.searchsorted(other[order], mine, side="left")]
    up_to = total[np.searchsorted(other[order], mine, side="right")]
    return np.asarray((below + up_to) / (2.0 * total[-1]), dtype=np.float64)


def _variance_of_mean(values: Floats, counts: Floats) -> float:
    """Return the variance of a weighted mean, by linearisation; the usual s^2 / n where all weights are equal."""
    if len(values) < 2:  # noqa: PLR2004 - one value has no spread
        return 0.0
    share = counts / counts.sum()
    apart = values - float(np.sum(share * values))
    return float(np.sum((share * apart) ** 2) * len(values) / (len(values) - 1))


def log_loss(labels: npt.ArrayLike, scores: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Return the mean negative log-likelihood per row, in nats; NaN without rows.

    >>> round(log_loss([1, 0], [0.8, 0.2]), 4)
    0.2231
    """
    each = _losses(labels, scores)
    return float(np.average(each, weights=_weights(weights, len(each)))) if len(each) else float("nan")


def log_loss_error(labels: npt.ArrayLike, scores: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Return the standard error of the log loss by the draw of the rows; NaN without rows.

    >>> round(log_loss_error([1, 0, 0, 0], [0.8, 0.2, 0.2, 0.5]), 4)
    0.1175
    """
    each = _losses(labels, scores)
    return float(np.sqrt(_variance_of_mean(each, _weights(weights, len(each))))) if len(each) else float("nan")


def _losses(labels: npt.ArrayLike, scores: npt.ArrayLike) -> Floats:
    truth, probability = np.asarray(labels, dtype=np.float64), clipped(scores)
    return -(truth * np.log(probability) + (1.0 - truth) * np.log1p(-probability))


def brier(labels: npt.ArrayLike, scores: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Return the mean squared error of the scores as probabilities, 0 to 1; NaN without rows.

    References
    ----------
    Brier 1950.
    """
    truth = np.asarray(labels, dtype=np.float64)
    if not len(truth):
        return float("nan")
    return float(np.average((np.asarray(scores, dtype=np.float64) - truth) ** 2, weights=_weights(weights, len(truth))))


def calibration_error(
    labels: npt.ArrayLike, scores: npt.ArrayLike, *, bins: int = _BINS, weights: npt.ArrayLike | None = None
) -> float:
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
    counts = _weights(weights, len(truth))
    order = np.argsort(probability, kind="stable")
    surplus = counts * (truth - probability)
    parts = np.array_split(surplus[order], min(bins, len(truth)))
    return float(sum(abs(part.sum()) for part in parts) / counts.sum())


def calibration_ratio(labels: npt.ArrayLike, scores: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Return observed over expected churners: 1 is calibrated, 2 means twice as many as the scores said."""
    values = np.asarray(scores, dtype=np.float64)
    counts = _weights(weights, len(values))
    expected = float(np.sum(counts * values))
    return float(np.sum(counts * np.asarray(labels, dtype=np.float64)) / expected) if expected > 0 else float("nan")


def lift(
    labels: npt.ArrayLike, scores: npt.ArrayLike, *, top: float = _TOP, weights: npt.ArrayLike | None = None
) -> float:
    """Return the churn rate among the highest scores over the churn rate of all; NaN without churners.

    The group takes `top` of the rows (rounded up; of the weight, where rows have weights); among equal scores at
    its edge, rows count by their share.
    """
    truth, values = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if not len(truth) or truth.sum() == 0:
        return float("nan")
    counts = _weights(weights, len(truth))
    size = float(np.ceil(top * len(truth))) if weights is None else top * counts.sum()
    order = np.argsort(-values, kind="stable")
    edge = values[order][min(int(np.searchsorted(np.cumsum(counts[order]), size - 1e-9)), len(values) - 1)]
    above, at = values > edge, values == edge
    rest = (size - counts[above].sum()) * np.average(truth[at], weights=counts[at])
    return float((np.sum(counts[above] * truth[above]) + rest) / size / np.average(truth, weights=counts))


def clipped(scores: npt.ArrayLike) -> Floats:
    """Return probabilities kept away from 0 and 1, so that logarithms stay finite."""
    return np.clip(np.asarray(scores, dtype=np.float64), _SMALLEST, 1.0 - _SMALLEST)
