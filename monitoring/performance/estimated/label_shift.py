"""Label shift: the churn rate has changed while churners and stayers each look as before. Two estimates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats

LEAST_SEPARATION = 0.05
"""Least difference of hit rate and false-alarm rate at which a confusion matrix counts as invertible."""

_STEPS = 1000
_TOLERANCE = 1e-8
_SMALLEST = 1e-6
"""Churn rates are kept this far from 0 and 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """An estimated churn rate (0 to 1) and the standard error of its log-odds."""

    rate: float
    error: float

    @property
    def log_odds(self) -> float:
        """The rate's log-odds."""
        return float(np.log(self.rate) - np.log1p(-self.rate))


def with_rate(probability: Floats, before: float, after: float) -> Floats:
    """Return calibrated probabilities as they stand when the churn rate alone changes (Bayes' rule).

    >>> with_rate(np.array([0.5]), 0.5, 0.2).round(3)
    array([0.2])
    """
    odds = probability / (1.0 - probability) * (after / (1.0 - after)) / (before / (1.0 - before))
    return np.asarray(odds / (1.0 + odds))


def em(probability: Floats, rows: Floats, before: float) -> Prior:
    """Return the churn rate under which the scores are likeliest, by expectation maximisation.

    Parameters
    ----------
    probability, rows
        Probabilities calibrated where the churn rate was `before`, and how many customers have each; shape (n,).
    before
        The churn rate of the reference, 0 to 1.

    Notes
    -----
    The error comes from the likelihood's curvature; with probabilities that are all alike it is very large.

    References
    ----------
    Saerens, Latinne & Decaestecker 2002.
    """
    rate, total = before, rows.sum()
    for _ in range(_STEPS):
        new = float(np.clip(rows @ with_rate(probability, before, rate) / total, _SMALLEST, 1.0 - _SMALLEST))
        done = abs(new - rate) < _TOLERANCE
        rate = new
        if done:
            break
    tilt = (probability / before - (1.0 - probability) / (1.0 - before)) / likelihood_ratio(probability, before, rate)
    curvature = float(rows @ tilt**2)
    error = 1.0 / (rate * (1.0 - rate) * np.sqrt(curvature)) if curvature > 0.0 else float("inf")
    return Prior(rate=rate, error=float(error))


def likelihood_ratio(probability: Floats, before: float, after: float) -> Floats:
    """Return how much likelier each score is when the churn rate is `after` instead of `before`."""
    return np.asarray(probability * after / before + (1.0 - probability) * (1.0 - after) / (1.0 - before))


def bbse(confusion: npt.ArrayLike, predicted: npt.ArrayLike) -> Floats | None:
    """Return each class's weight, new over old share, from how often each class is predicted now.

    Parameters
    ----------
    confusion
        Joint shares in the reference, shape (k, k): row = predicted class, column = true class; they add up to 1.
    predicted
        Shares of the predicted classes now, shape (k,).

    Returns
    -------
    array of shape (k,) or None
        None where the matrix cannot be inverted: the predictions hardly depend on the class.

    Examples
    --------
    >>> bbse([[0.72, 0.04], [0.08, 0.16]], [0.62, 0.38]).round(3)
    array([0.75, 2.  ])

    References
    ----------
    Lipton, Wang & Smola 2018, "Detecting and correcting for label shift with black box predictors".
    """
    joint = np.asarray(confusion, dtype=np.float64)
    shares = joint.sum(axis=0)
    if not (shares > 0.0).all():
        return None
    if float(np.linalg.svd(joint / shares, compute_uv=False)[-1]) < LEAST_SEPARATION:
        return None
    return np.asarray(np.linalg.solve(joint, np.asarray(predicted, dtype=np.float64)))


def bbse_rate(confusion: Floats, flagged: float, rows: float) -> Prior | None:
    """Return the churn rate by BBSE from the share of customers at or above the cut, None where it cannot tell.

    `confusion` is (2, 2): row 1 = at or above the cut, column 1 = churned.
    """
    weights = bbse(confusion, [1.0 - flagged, flagged])
    if weights is None:
        return None
    churned = float(confusion[:, 1].sum())
    rate = float(np.clip(weights[1] * churned, _SMALLEST, 1.0 - _SMALLEST))
    separation = float(confusion[1, 1] / churned - confusion[1, 0] / (1.0 - churned))
    spread = np.sqrt(max(flagged * (1.0 - flagged), 1.0 / rows) / rows) / abs(separation)
    return Prior(rate=rate, error=float(spread / (rate * (1.0 - rate))))


def confusion_at(log_odds: Floats, rows: Floats, churned: Floats) -> tuple[Floats, float]:
    """Return the reference's joint shares (2, 2) at the cut that separates best, and that cut in log-odds.

    The cut maximises hit rate less false-alarm rate (Youden 1950), where BBSE's matrix is best conditioned.
    """
    order = np.argsort(-log_odds, kind="stable")
    hits, alarms = np.cumsum(churned[order]), np.cumsum((rows - churned)[order])
    best = int(np.argmax(hits / max(hits[-1], 1.0) - alarms / max(alarms[-1], 1.0)))
    joint = np.array([[alarms[-1] - alarms[best], hits[-1] - hits[best]], [alarms[best], hits[best]]])
    return joint / rows.sum(), float(log_odds[order][best])
