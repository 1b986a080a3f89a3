"""Type change: sessions arrive as text.

A parser that is kind to it hides the change; the next release of that parser may not be.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    return {"usage": usage.assign(sessions=usage["sessions"].astype(str))} if damage.amount > 0.0 else {}


FAULT = Fault(
    name="type_change",
    title="Sessions arrive as text",
    tables=("usage",),
    apply=_apply,
    unit="1 for the whole column",
    dose=1.0,
    most=1.0,
    guard="column types",
    harmless=True,
)
