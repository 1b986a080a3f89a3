"""Sale quarters: every other quarter a sale brings new customers through the promo channel, then none."""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, promo_switch=mechanism.promo_switch + amount)


LEVER = Lever(
    name="sale_quarters",
    title="Every other quarter is on sale",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="share of new customers moved to the promo channel",
    dose=0.15,
    most=0.9,
    shape=Shape.RECURRING,
    harmless=True,
)
