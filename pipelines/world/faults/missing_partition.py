"""Missing partition: some of the partitions by customer number never arrive.

The customers in them look as if they had stopped using the product.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    return {"usage": usage[~damage.hits(usage["customer_id"])].reset_index(drop=True)}


FAULT = Fault(
    name="missing_partition",
    title="Part of the customers' usage never arrives",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=0.2,
    most=1.0,
    guard="expected partitions present; share of active customers with usage",
)
