"""Region expansion: sales open in APAC, and a growing share of new customers comes from there.

They behave as APAC customers always did.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, region_switch=mechanism.region_switch + amount)


LEVER = Lever(
    name="region_expansion",
    title="More new customers come from APAC",
    apply=_apply,
    moves=Moves(p_x=True, p_y=False, p_y_given_x=False),
    unit="share of new customers moved to APAC",
    dose=0.5,
    most=1.0,
    shape=Shape.GRADUAL,
    harmless=True,
)
