"""From scores to probabilities: a smooth map refit on good cohorts, and how far single cohorts strayed from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring.columns import Floats

MILD = (0.13, 0.10)
"""Standard deviations of a cohort's intercept and slope (log-odds) allowed for even where none were seen.

Slopes turn about the mean customer: where what drives churn loses strength, those at high risk move most, and with them
the money. Twice as much is a churn rate off by a quarter, or a slope of 0.8, which costs about three points of AUC. A
stronger change of behaviour is invisible before labels.
"""

_PRIOR_MONTHS = 4.0
"""So many good cohorts does the allowance weigh against the spread that was seen."""

_BEND = 0.5
"""Standard deviation believed for each change of the map's slope at a knot."""

_KNOTS = (0.25, 0.5, 0.75, 0.95)
"""Quantiles of the scores, leavers and stayers in equal parts, at which the map may bend."""

_STEPS = 30
_TOLERANCE = 1e-9
_FARTHEST = 30.0
"""Log-odds are kept within this distance of 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Rows gathered by alike log-odds: the log-odds, the rows and the churners of each group."""

    log_odds: Floats
    rows: Floats
    churned: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalibration:
    """A piecewise linear map of log-odds: `coefficients` are level, slope, and the change of slope at each knot."""

    centre: float
    knots: tuple[float, ...]
    coefficients: tuple[float, ...]

    def __call__(self, log_odds: Floats) -> Floats:
        """Return recalibrated log-odds, same shape."""
        return np.asarray(_design(log_odds, self.centre, self.knots) @ np.array(self.coefficients))


@dataclass(frozen=True, kw_only=True, slots=True)
class Stray:
    """How far P(churn | score) strays from the map, in a month like the good ones.

    `centre` is the log-odds about which slopes turn. `concept` is the covariance (2, 2) of a month's intercept and
    slope, as seen between good cohorts beyond luck and never below `MILD`; `fit` that of the map itself.
    """

    centre: float
    concept: Floats
    fit: Floats


def probability(log_odds: Floats) -> Floats:
    """Return the probability of log-odds.

    >>> float(probability(np.array([0.0]))[0])
    0.5
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -_FARTHEST, _FARTHEST))))


def log_odds_of(chance: Floats) -> Floats:
    """Return the log-odds of probabilities between 0 and 1 (exclusive)."""
    return np.asarray(np.log(chance) - np.log1p(-chance))


def fit_recalibration(cohorts: Sequence[Counted]) -> Recalibration:
    """Return the map that fits all good cohorts together: a logistic regression spline with a ridge on its bends.

    Without bends this is Platt's map; the prior is the identity, so that few churners change little.

    References
    ----------
    Platt 1999; Eilers & Marx 1996 for penalised splines.
    """
    log_odds, rows, churned = (
        np.concatenate([getattr(one, name) for one in cohorts]) for name in ("log_odds", "rows", "churned")
    )
    knots = _knots(log_odds, rows, churned)
    centre = float(np.average(log_odds, weights=rows))
    design = _design(log_odds, centre, knots)
    prior = np.array([centre, 1.0, *np.zeros(len(knots))])
    precision = np.diag([1.0, 1.0, *np.full(len(knots), 1.0 / _BEND**2)])
    weights = prior.copy()
    for _ in range(_STEPS):
        p = probability(design @ weights)
        slope = design.T @ (churned - rows * p) - precision @ (weights - prior)
        step = np.linalg.solve((design * (rows * p * (1.0 - p))[:, None]).T @ design + precision, slope)
        weights = weights + step
        if np.abs(step).max() < _TOLERANCE:
            break
    return Recalibration(centre=centre, knots=knots, coefficients=tuple(float(one) for one in weights))


def _knots(log_odds: Floats, rows: Floats, churned: Floats) -> tuple[float, ...]:
    order = np.argsort(log_odds, kind="stable")
    stayed = rows - churned
    share = churned / max(churned.sum(), 1.0) + stayed / max(stayed.sum(), 1.0)
    below = np.cumsum(share[order]) / share.sum()
    places = np.minimum(np.searchsorted(below, _KNOTS), len(order) - 1)
    return tuple(float(knot) for knot in np.unique(log_odds[order][places]))


def _design(log_odds: Floats, centre: float, knots: tuple[float, ...]) -> Floats:
    bends = [np.maximum(log_odds - knot, 0.0) for knot in knots]
    return np.column_stack([np.ones_like(log_odds), log_odds - centre, *bends])


def stray(cohorts: Sequence[Counted]) -> Stray:
    """Return how far single cohorts stray, from cohorts whose log-odds are already recalibrated.

    Each cohort gets an intercept and a slope of its own; what they vary beyond the luck of the draw is concept
    drift of the size that good months show (a random-effects estimate, shrunk towards `MILD`).

    References
    ----------
    Cox 1958 (calibration intercept and slope); DerSimonian & Laird 1986.
    """
    centre = _mean_customer(cohorts)
    found = [shift_of(one, centre) for one in cohorts]
    fit = np.linalg.inv(sum((np.linalg.inv(cover) for _, cover in found), np.eye(2)))
    count = len(found)
    beyond = sum((moved**2 * count / max(count - 1, 1) - np.diag(cover) for moved, cover in found), np.zeros(2))
    mild = np.square(MILD)
    seen = (_PRIOR_MONTHS * mild + np.maximum(beyond, 0.0)) / (_PRIOR_MONTHS + max(count - 1, 0))
    return Stray(centre=centre, concept=np.diag(np.maximum(seen, mild)), fit=fit)


def _mean_customer(cohorts: Sequence[Counted]) -> float:
    log_odds, rows = (np.concatenate([getattr(one, name) for one in cohorts]) for name in ("log_odds", "rows"))
    return float(np.average(log_odds, weights=rows))


def shift_of(cohort: Counted, centre: float, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return a cohort's intercept and slope beyond its log-odds, shape (2,), and their covariance, shape (2, 2).

    `weights` are importance weights of the groups; the covariance then is the sandwich. A faint prior (sd 1) keeps
    cohorts with hardly any churners finite.
    """
    weigh = np.ones_like(cohort.rows) if weights is None else weights
    design = np.column_stack([np.ones_like(cohort.log_odds), cohort.log_odds - centre])
    moved = np.zeros(2)
    for _ in range(_STEPS):
        p = probability(cohort.log_odds + design @ moved)
        slope = design.T @ (weigh * (cohort.churned - cohort.rows * p)) - moved
        spread = cohort.rows * p * (1.0 - p)
        step = np.linalg.solve((design * (weigh * spread)[:, None]).T @ design + np.eye(2), slope)
        moved = moved + step
        if np.abs(step).max() < _TOLERANCE:
            break
    inverse = np.linalg.inv((design * (weigh * spread)[:, None]).T @ design + np.eye(2))
    return moved, np.asarray(inverse @ ((design * (weigh**2 * spread)[:, None]).T @ design + np.eye(2)) @ inverse)
