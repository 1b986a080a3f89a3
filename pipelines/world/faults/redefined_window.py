"""Redefined window: the owner of the usage table turns each week's count into the total of the month so far.

The column keeps its name, and its values jump back at every month's start.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

COUNTS = ("sessions", "active_minutes")


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    hit = damage.hits(usage["customer_id"])
    ordered = usage.sort_values(["customer_id", "event_at"], kind="stable")
    total = ordered.groupby("customer_id")[list(COUNTS)].cumsum().reindex(usage.index)
    return {
        "usage": usage.assign(**{name: usage[name].mask(hit, total[name]).astype(usage[name].dtype) for name in COUNTS})
    }


FAULT = Fault(
    name="redefined_window",
    title="Weekly usage becomes the month's running total",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="replay of known customers; ratio to the same week by customer",
)
