"""Quality incident: a bad release makes customers open more tickets, and many tickets make customers leave, as ever.

Tickets are recorded and the model knows what they mean, so it follows.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, ticket_rate=mechanism.ticket_rate * (1.0 + amount))


LEVER = Lever(
    name="quality_incident",
    title="A bad release multiplies tickets",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="tickets added, as a multiple of the usual number",
    dose=0.75,
    most=6.0,
    shape=Shape.BLIP,
    harmless=True,
)
