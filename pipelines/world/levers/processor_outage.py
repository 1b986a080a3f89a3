"""Processor outage: payments fail at many times the usual rate, and so do the retries while it lasts.

Failed payments are recorded and the model knows them as a bad sign, but it learnt that sign when most retries still
succeeded.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism

RETRIES_LOST = 0.12
"""Share of retries lost per unit of dose."""


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(
        mechanism,
        decline_rates=tuple(rate * (1.0 + amount) for rate in mechanism.decline_rates),
        retry_success=mechanism.retry_success * max(0.0, 1.0 - RETRIES_LOST * amount),
        final_recovery=mechanism.final_recovery * max(0.0, 1.0 - RETRIES_LOST * amount),
    )


LEVER = Lever(
    name="processor_outage",
    title="Payments and their retries fail",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="declines added, as a multiple of the usual rate",
    dose=3.0,
    most=12.0,
    shape=Shape.BLIP,
)
