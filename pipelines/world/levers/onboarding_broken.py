"""Onboarding broken: a new sign-up flow leaves customers lost, and more of them leave within their first three months.

Only the youngest customers are concerned: a change of P(churn | features) in one slice. Month by month fewer of them
are left, so the inputs follow.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    first, second, *rest = mechanism.tenure_log_odds
    return replace(mechanism, tenure_log_odds=(first + amount, second + amount, *rest))


LEVER = Lever(
    name="onboarding_broken",
    title="New customers are left on their own",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=True),
    unit="log-odds of voluntary churn in the first three months",
    dose=1.6,
    most=3.0,
    shape=Shape.SUDDEN,
)
