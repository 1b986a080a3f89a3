"""Renamed region: the sign-up form writes 'US' where it wrote 'AMER'.

Only customers who sign up from now on are concerned: a new category that does next to nothing for months.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

OLD, NEW = "AMER", "US"


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    customers = delivery["customers"]
    hit = (customers["region"] == OLD) & damage.hits(customers["customer_id"])
    return {"customers": customers.assign(region=customers["region"].astype("object").mask(hit, NEW))}


FAULT = Fault(
    name="renamed_region",
    title="A region gets another name",
    tables=("customers",),
    apply=_apply,
    unit="share of that region's sign-ups",
    dose=1.0,
    most=1.0,
    guard="closed set of categories",
    harmless=True,
)
