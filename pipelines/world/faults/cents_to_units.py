"""Cents to units: billing system B starts to write invoice amounts in whole units of currency.

No feature reads invoices, so it is loud in the data and harmless to the model.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

CENTS = 100


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    invoices = delivery["invoices"]
    amount = invoices["amount_cents"]
    hit = (invoices["billing_system"] == "B") & damage.hits(invoices["customer_id"])
    return {"invoices": invoices.assign(amount_cents=amount.where(~hit, amount // CENTS))}


FAULT = Fault(
    name="cents_to_units",
    title="Billing system B writes units instead of cents",
    tables=("invoices",),
    apply=_apply,
    unit="share of system B's customers",
    dose=1.0,
    most=1.0,
    guard="range by billing system",
    harmless=True,
)
