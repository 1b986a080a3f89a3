"""Renamed category: a second payment processor writes 'settled' where the first one writes 'paid'.

Whatever asks for 'paid' sees customers who owe.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

OLD, NEW = "paid", "settled"


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    payments = delivery["payments"]
    hit = (payments["outcome"] == OLD) & damage.hits(payments["customer_id"])
    return {"payments": payments.assign(outcome=payments["outcome"].astype("object").mask(hit, NEW))}


FAULT = Fault(
    name="renamed_category",
    title="A payment processor has another word for paid",
    tables=("payments",),
    apply=_apply,
    unit="share of customers with that processor",
    dose=0.05,
    most=1.0,
    guard="closed set of categories",
)
