"""Demand cycle: churn rises and falls over the year on top of the usual season, as in a trade with a high season.

No input shows it. It passes by itself and comes back; retraining on half a cycle makes the other half worse.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, intercept=mechanism.intercept + amount)


LEVER = Lever(
    name="demand_cycle",
    title="Churn swings over the year",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds of voluntary churn at the peak",
    dose=0.4,
    most=2.0,
    shape=Shape.SEASONAL,
)
