"""Price rise: list prices go up for everybody, for monthly contracts on the next bill and for annual ones at renewal.

The response is the one that small yearly rises always had, in proportion to the rise and to a sensitivity nobody
records. The rise is in the record, but so far outside of what was seen before that nothing recorded says what it
will do.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, price_index=mechanism.price_index * (1.0 + amount))


LEVER = Lever(
    name="price_rise",
    title="List prices rise",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="share added to list prices",
    dose=0.15,
    most=0.6,
    shape=Shape.SUDDEN,
)
