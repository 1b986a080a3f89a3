"""Dunning weakened: the last notice before a subscription ends for nonpayment is sent late or not at all.

The same failed payments are recorded as before, and more of them end the subscription.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, final_recovery=mechanism.final_recovery * (1.0 - amount))


LEVER = Lever(
    name="dunning_weakened",
    title="Fewer unpaid invoices are recovered",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="share of recoveries at the last notice that is lost",
    dose=0.7,
    most=1.0,
    shape=Shape.SUDDEN,
)
