"""Seasonal swing: the summer dip in usage and the winter peak grow, year after year.

Only the amplitude of the usual season changes; the next month after the dip brings everything back.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, usage_season_amplitude=mechanism.usage_season_amplitude + amount)


LEVER = Lever(
    name="seasonal_swing",
    title="Usage swings more with the season",
    apply=_apply,
    moves=Moves(p_x=True, p_y=False, p_y_given_x=False),
    unit="amplitude added, in multiples of the usual season",
    dose=0.8,
    most=5.0,
    shape=Shape.SUDDEN,
    harmless=True,
)
