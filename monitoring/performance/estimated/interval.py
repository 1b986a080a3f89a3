"""From hypotheses to intervals: the union of what each leaves open, widened by luck, concept drift and track record."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitoring.columns import Floats
from monitoring.performance.estimated.expected import FIGURES, Scores, expected, luck
from monitoring.performance.estimated.hypotheses import Hypothesis, Reading
from monitoring.performance.estimated.recalibration import probability
from monitoring.performance.estimated.reference import EstimateReference

REACH = 2.0
"""Standard deviations from a hypothesis' point to the ends of its interval."""

_STEP = 0.05
"""Step of the log-odds' intercept and slope in the difference quotients."""

_UNKNOWN = 1.0
"""Standard deviation of intercept and slope allowed to customers outside the reference's support."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """One figure: the favoured hypothesis' `value`, and where labels will put it, `low` to `high`.

    `low_unmoved` to `high_unmoved` is where the figure's expectation lies if customers still behave as they did:
    without the luck of the month and without the allowance for concept drift. `points` has each hypothesis' value.
    """

    value: float
    low: float
    high: float
    low_unmoved: float
    high_unmoved: float
    points: Mapping[str, float]


def intervals(
    reference: EstimateReference, reading: Reading, *, outside: float, widening: float = 1.0
) -> dict[str, Interval]:
    """Return the four figures' intervals.

    Parameters
    ----------
    outside
        Share of customers beyond the reference's support: of these hardly anything is known.
    widening
        At least 1: how much wider the estimator's own track record asks intervals to be.
    """
    points, wide, narrow = {}, {}, {}
    for one in reading.hypotheses:
        points[one.name] = expected(reading.scores, _chance(reference, reading, one.shift), reference.economics)
        if one.possible:
            wide[one.name], narrow[one.name] = _reaches(reference, reading, one, outside)
    return {
        figure: Interval(
            value=float(points[reading.favoured][place]),
            low=_least(points, wide, place, widening),
            high=_most(points, wide, place, widening),
            low_unmoved=_least(points, narrow, place, widening),
            high_unmoved=_most(points, narrow, place, widening),
            points={name: float(point[place]) for name, point in points.items()},
        )
        for place, figure in enumerate(FIGURES)
    }


def _least(points: Mapping[str, Floats], reach: Mapping[str, Floats], place: int, widening: float) -> float:
    return min(float(points[name][place] - widening * reach[name][place]) for name in reach)


def _most(points: Mapping[str, Floats], reach: Mapping[str, Floats], place: int, widening: float) -> float:
    return max(float(points[name][place] + widening * reach[name][place]) for name in reach)


def _chance(reference: EstimateReference, reading: Reading, shift: Floats) -> Floats:
    turned = reading.log_odds - reference.stray.centre
    return probability(reading.log_odds + shift[0] + shift[1] * turned)


def _reaches(reference: EstimateReference, reading: Reading, one: Hypothesis, outside: float) -> tuple[Floats, Floats]:
    """Return how far each figure may be from a hypothesis' point, shape (4,): in all, and if nobody has changed."""
    swing = _swing(reference, reading, one.shift)
    chance = _chance(reference, reading, one.shift)
    unseen = np.eye(2) * (outside * _UNKNOWN) ** 2
    known = one.cover + reference.stray.fit + unseen
    unmoved = _spread(swing, known)
    moved = _spread(swing, known + reference.stray.concept) + luck(reading.scores, chance, reference.economics)
    return REACH * np.sqrt(moved), REACH * np.sqrt(unmoved)


def _spread(swing: Floats, cover: Floats) -> Floats:
    return np.asarray(np.einsum("if,ij,jf->f", swing, cover, swing))


def _swing(reference: EstimateReference, reading: Reading, shift: Floats) -> Floats:
    """Return how the figures change with intercept and slope of the log-odds, shape (2, 4)."""
    scores: Scores = reading.scores
    rows = []
    for step in _STEP * np.eye(2):
        up, down = (
            expected(scores, _chance(reference, reading, shift + sign * step), reference.economics)
            for sign in (1.0, -1.0)
        )
        rows.append((up - down) / (2.0 * _STEP))
    return np.array(rows)
