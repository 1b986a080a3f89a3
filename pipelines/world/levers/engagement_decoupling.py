"""Engagement stops protecting: heavy users become as ready to leave as light ones (a rival's import tool, say).

The weights of fit, engagement and usage trend shrink, which leaves the base rate nearly where it was (within 5 % over a
year): ranking breaks while calibration in the large and every input hardly change.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    kept = 1.0 - amount
    return replace(
        mechanism,
        fit_log_odds=mechanism.fit_log_odds * kept,
        engagement_log_odds=mechanism.engagement_log_odds * kept,
        trend_log_odds=mechanism.trend_log_odds * kept,
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
