"""Slow drift: what makes customers leave shifts a little every month, from use towards price and region.

The honest decay of any model: real, and too small to act on within half a year.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        engagement_log_odds=mechanism.engagement_log_odds * (1.0 - 0.15 * amount),
        price_level_log_odds=mechanism.price_level_log_odds * (1.0 + 0.30 * amount),
        region_log_odds=tuple(value * (1.0 + 0.50 * amount) for value in mechanism.region_log_odds),
        tenure_log_odds=tuple(value * (1.0 - 0.05 * amount) for value in mechanism.tenure_log_odds),
    )


LEVER = Lever(
    name="slow_drift",
    title="The reasons to leave shift a little each month",
    apply=_apply,
    moves=Moves(p_x=False, p_y=False, p_y_given_x=True),
    unit="multiples of a drift of 5 to 50 % by coefficient",
    dose=0.6,
    most=6.0,
    shape=Shape.GRADUAL,
    harmless=True,
)
