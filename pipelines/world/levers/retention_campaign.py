"""Retention campaign: marketing contacts more of those its rule selects, and the better offer persuades more of them.

Risky customers are saved because somebody acted on the risk: the old scores seem to rot although untreated risk is
unchanged.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism

WIDER_RULE = 0.25
"""How far the rule's limit on falling usage moves per unit of dose: at 0 every second customer is selected."""


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        campaign_trend=mechanism.campaign_trend + WIDER_RULE * amount,
        contact_share=min(1.0, mechanism.contact_share * (1.0 + amount)),
        campaign_effect=mechanism.campaign_effect * (1.0 + amount),
    )


LEVER = Lever(
    name="retention_campaign",
    title="The retention campaign reaches and persuades far more customers",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="reach and effect added, as a multiple of the usual",
    dose=1.3,
    most=3.0,
    shape=Shape.SUDDEN,
)
