"""App migration: new customers are steered from the web to the app.

App users spend a little longer in a session; they churn like others with that depth.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, app_switch=mechanism.app_switch + amount)


LEVER = Lever(
    name="app_migration",
    title="New customers use the app",
    apply=_apply,
    moves=Moves(p_x=True, p_y=False, p_y_given_x=False),
    unit="share of new web customers moved to the app",
    dose=0.8,
    most=1.0,
    shape=Shape.SUDDEN,
    harmless=True,
)
