"""Contract policy: annual contracts are no longer offered to most new customers.

Contracts and their ends are recorded; the stock changes by a fraction of a per cent a month.
"""

from dataclasses import replace

from pipelines.world.levers.lever import Lever, Moves, Shape
from pipelines.world.mechanism import Mechanism


def _apply(mechanism: Mechanism, amount: float) -> Mechanism:
    return replace(mechanism, annual_share=mechanism.annual_share * (1.0 - amount))


LEVER = Lever(
    name="contract_policy",
    title="Fewer new customers get an annual contract",
    apply=_apply,
    moves=Moves(p_x=True, p_y=True, p_y_given_x=False),
    unit="share of new annual contracts that is gone",
    dose=0.8,
    most=1.0,
    shape=Shape.SUDDEN,
    harmless=True,
)
