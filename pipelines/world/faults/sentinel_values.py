"""Sentinel values: a counter that overflows writes 999 sessions."""

from pipelines.world.faults.fault import Damage, Delivery, Fault

SENTINEL = 999


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    return {"usage": usage.assign(sessions=usage["sessions"].mask(damage.hits(usage["customer_id"]), SENTINEL))}


FAULT = Fault(
    name="sentinel_values",
    title="A counter writes 999 sessions",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=0.6,
    most=1.0,
    guard="spike at one value; range",
)
