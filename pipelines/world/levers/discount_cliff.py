"""Discount cliff: the first full-price bill after a discount comes with a notice that shows the new price in bold.

The end of a discount weighs more. Nothing in the record says so.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, discount_end_log_odds=mechanism.discount_end_log_odds + amount)


LEVER = Lever(
    name="discount_cliff",
    title="The end of a discount hurts more",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds added in a discount's last month",
    dose=1.5,
    most=4.0,
    shape=Shape.SUDDEN,
)
