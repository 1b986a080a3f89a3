"""Renamed contract: the contract service writes 'Monthly' where it wrote 'monthly'.

The end of the contract says the same, so the model hardly misses it.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

OLD, NEW = "monthly", "Monthly"


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    history = delivery["attribute_history"]
    hit = (history["contract"] == OLD) & damage.hits(history["customer_id"])
    return {"attribute_history": history.assign(contract=history["contract"].astype("object").mask(hit, NEW))}


FAULT = Fault(
    name="renamed_contract",
    title="Monthly contracts get another spelling",
    tables=("attribute_history",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="closed set of categories",
    harmless=True,
)
