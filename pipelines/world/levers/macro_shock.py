"""Macro shock: money is short, and everybody is readier to leave, by the same log-odds.

A pure change of the intercept: the order of customers stays right, every probability is too low. Recalibrate, do not
retrain.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, intercept=mechanism.intercept + amount)


LEVER = Lever(
    name="macro_shock",
    title="Everybody is readier to leave",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds of voluntary churn",
    dose=0.35,
    most=2.0,
    shape=Shape.SUDDEN,
)
