"""Null to default: where a lookup of a customer's usage fails, the loader writes 0 instead of leaving a gap.

No value is missing any more, and customers who are fine look as if they had gone quiet.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

COUNTS = ("sessions", "active_minutes", "distinct_features")


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    hit = damage.hits(usage["customer_id"])
    return {"usage": usage.assign(**{name: usage[name].mask(hit, 0) for name in COUNTS})}


FAULT = Fault(
    name="null_to_default",
    title="Usage that cannot be looked up is written as 0",
    tables=("usage",),
    apply=_apply,
    unit="share of customers whose lookup fails",
    dose=0.15,
    most=1.0,
    guard="share of exact zeros; null rate that falls",
)
