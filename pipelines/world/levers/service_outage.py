"""Service outage: the product is down for days, so everybody uses it less for a month or two.

Falling use makes customers leave at the rate it always did.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, usage_level=mechanism.usage_level * (1.0 - amount))


LEVER = Lever(
    name="service_outage",
    title="The service is down for days",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="share of usage that is lost",
    dose=0.08,
    most=0.9,
    shape=Shape.BLIP,
    harmless=True,
)
