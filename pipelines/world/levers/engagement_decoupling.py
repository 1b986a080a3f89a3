"""Engagement stops protecting: heavy users become as ready to leave as light ones (a rival's import tool, say).

The weights of fit, engagement and usage trend shrink, and the intercept moves so that the base rate stays: ranking
breaks while calibration in the large and every input stay as they were.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism

BASE_RATE_KEPT = 0.0
"""Log-odds added at full loss so that as many leave as before (measured; the mean of a convex function shrinks)."""


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    kept = 1.0 - amount
    return replace(
        mechanism,
        fit_log_odds=mechanism.fit_log_odds * kept,
        engagement_log_odds=mechanism.engagement_log_odds * kept,
        trend_log_odds=mechanism.trend_log_odds * kept,
        intercept=mechanism.intercept + BASE_RATE_KEPT * amount,
    )


LEVER = Lever(
    name="engagement_decoupling",
    title="Usage no longer protects from churn",
    apply=_apply,
    moves=Moves(p_x=False, p_y=False, p_y_given_x=True),
    unit="share of the protection that is lost",
    dose=0.8,
    most=1.0,
    shape=Shape.SUDDEN,
)
