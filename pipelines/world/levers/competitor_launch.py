"""Competitor launch: a rival offers plus and pro customers on monthly contracts a cheaper deal.

It adds to the log-odds of leaving in proportion to a hidden price sensitivity. No recorded input moves, only what the
inputs mean.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, competitor_log_odds=mechanism.competitor_log_odds + amount)


LEVER = Lever(
    name="competitor_launch",
    title="A rival courts monthly plus and pro customers",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds per unit of price sensitivity",
    dose=0.75,
    most=3.0,
    shape=Shape.SUDDEN,
)
