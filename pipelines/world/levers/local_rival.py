"""Local rival: a competitor starts in APAC only, so customers there are readier to leave.

Everywhere else nothing changes, and the overall figures hardly show it.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    *others, apac = mechanism.region_log_odds
    return replace(mechanism, region_log_odds=(*others, apac + amount))


LEVER = Lever(
    name="local_rival",
    title="A rival starts in one region",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds of voluntary churn in APAC",
    dose=0.8,
    most=3.0,
    shape=Shape.SUDDEN,
)
