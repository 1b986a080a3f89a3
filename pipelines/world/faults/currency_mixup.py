"""Currency mix-up: invoices of customers who pay in euros or yen are converted to dollars, still named as before.

No feature reads invoices, so it is loud in the data and harmless to the model.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

DOLLARS = {"EUR": 1.08, "JPY": 0.0067}
"""Dollars a unit of each foreign currency, rounded."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    invoices = delivery["invoices"]
    rate = invoices["currency"].astype(str).map(DOLLARS).fillna(1.0)
    converted = (invoices["amount_cents"] * rate).round().astype(invoices["amount_cents"].dtype)
    hit = damage.hits(invoices["customer_id"])
    return {"invoices": invoices.assign(amount_cents=invoices["amount_cents"].mask(hit, converted))}


FAULT = Fault(
    name="currency_mixup",
    title="Invoice amounts are converted, their currency is not",
    tables=("invoices",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="amount by currency against the list price",
    harmless=True,
)
