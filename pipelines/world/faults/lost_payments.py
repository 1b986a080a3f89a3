"""Lost payments: the second payment processor's successes are no longer in the feed, its failures are.

Customers who have paid look as if they owed.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    payments = delivery["payments"]
    hit = (payments["outcome"] == "paid") & damage.hits(payments["customer_id"])
    return {"payments": payments[~hit].reset_index(drop=True)}


FAULT = Fault(
    name="lost_payments",
    title="Successful payments of one processor go missing",
    tables=("payments",),
    apply=_apply,
    unit="share of customers",
    dose=0.3,
    most=1.0,
    guard="payments reconciled with invoices",
)
