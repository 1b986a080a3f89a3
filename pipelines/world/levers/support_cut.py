"""Support cut: fewer agents answer, so repeated tickets anger customers more than they used to.

The number of tickets stays; what two or more of them mean for churn does not.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        few_tickets_log_odds=mechanism.few_tickets_log_odds + amount,
        many_tickets_log_odds=mechanism.many_tickets_log_odds + amount,
    )


LEVER = Lever(
    name="support_cut",
    title="Repeated tickets anger customers more",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds of voluntary churn with two or more tickets",
    dose=0.8,
    most=3.0,
    shape=Shape.SUDDEN,
)
