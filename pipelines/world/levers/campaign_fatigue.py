"""Campaign fatigue: each contact makes the next one work less, until contact drives customers away."""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, fatigue=mechanism.fatigue + amount)


LEVER = Lever(
    name="campaign_fatigue",
    title="Repeated offers start to annoy",
    apply=_apply,
    moves=Moves(p_x=False, p_y=True, p_y_given_x=True),
    unit="log-odds added by a contact for each earlier contact",
    dose=0.8,
    most=2.0,
    shape=Shape.INCREMENTAL,
)
