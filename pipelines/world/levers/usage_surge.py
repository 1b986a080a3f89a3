"""Usage surge: customers need the product more (as many did in spring 2020), so engagement rises and churn falls.

Sessions rise with engagement and a little beyond it, so that what is recorded moves about as much as churn does: a
large drift of the inputs that does the model no harm.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism

EXTRA_USAGE = 0.2
"""Share of usage added per unit of dose, beyond what engagement itself brings."""


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        engagement_drift=mechanism.engagement_drift + amount,
        usage_level=mechanism.usage_level * (1.0 + EXTRA_USAGE * amount),
    )


LEVER = Lever(
    name="usage_surge",
    title="Everybody uses the product more",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="rise of typical engagement in its standard deviations",
    dose=0.4,
    most=3.0,
    shape=Shape.SUDDEN,
    harmless=True,
)
