"""A rival's customers: the company takes over the base of one that closes down, all of them in one month.

They arrive with tenure zero and never chose this product: they fit worse than anything recorded about them says.
"""

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, _amount: float) -> Mechanism:
    return mechanism


LEVER = Lever(
    name="rival_base",
    title="A rival's customers arrive at once",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="customers taken over, as a share of the stock",
    dose=0.15,
    most=1.0,
    shape=Shape.SUDDEN,
    newcomers=1.0,
)
