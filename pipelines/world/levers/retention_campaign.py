"""Retention campaign: marketing contacts more of those its rule selects, and the better offer persuades more of them.

Risky customers are saved because somebody acted on the risk: the old scores seem to rot although untreated risk is
unchanged.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        contact_share=min(1.0, mechanism.contact_share * (1.0 + amount)),
        campaign_effect=mechanism.campaign_effect * (1.0 + amount),
    )


LEVER = Lever(
    name="retention_campaign",
    title="The retention campaign doubles in reach and effect",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="reach and effect added, as a multiple of the usual",
    dose=1.0,
    most=3.0,
    shape=Shape.SUDDEN,
)
