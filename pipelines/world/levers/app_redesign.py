"""App redesign: one tap does what took several sessions, so app users record fewer sessions for the same use.

Behaviour and churn stay; the meaning of the recorded sessions moves, and a model reads it as people going quiet.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, app_session_ratio=mechanism.app_session_ratio * (1.0 - amount))


LEVER = Lever(
    name="app_redesign",
    title="App users need fewer sessions for the same use",
    apply=_apply,
    moves=Moves(p_x=True, p_y=False, p_y_given_x=True),
    unit="share of app sessions that is no longer needed",
    dose=0.45,
    most=0.9,
    shape=Shape.SUDDEN,
)
