"""Channel mix: marketing buys growth with promotions, so more of the new customers come through the promo channel.

The channel is drawn again for a share of those who sign up; promo customers fit less well and mind the price more, as
promo customers always did. What a given customer does is unchanged: covariate shift, seen in the flow before the stock.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, promo_switch=mechanism.promo_switch + amount)


LEVER = Lever(
    name="channel_mix",
    title="More new customers come through promotions",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="share of new customers moved to the promo channel",
    dose=0.25,
    most=0.9,
    shape=Shape.GRADUAL,
    harmless=True,
)
