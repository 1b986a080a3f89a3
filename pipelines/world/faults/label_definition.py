"""Label definition: finance starts to book pauses and plan changes as ended subscriptions.

Inputs stand still and churn seems to rise; the new churners have no common cause.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

BOOKED = ("pause", "plan_change")


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    subscriptions = delivery["subscriptions"]
    hit = subscriptions["event"].isin(BOOKED) & damage.hits(subscriptions["customer_id"])
    event = subscriptions["event"].astype("object").mask(hit, "end")
    reason = subscriptions["reason"].astype("object").mask(hit, "voluntary")
    return {"subscriptions": subscriptions.assign(event=event, reason=reason)}


FAULT = Fault(
    name="label_definition",
    title="Pauses and plan changes are booked as ends",
    tables=("subscriptions",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="ends reconciled with invoices; one customer, one end",
)
