"""Doubled invoices: a time-out of the billing service is retried, and the first request had gone through."""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault
from scenarios.incident.bank.incident import REFUND, RETRY, Incident, Injection

RETRIED_AFTER = pd.Timedelta(minutes=15)
"""When the scheduler takes a request for lost."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    invoices = delivery["invoices"]
    hit = damage.hits(invoices["customer_id"] * 512 + damage.month % 512)
    again = invoices[hit]
    again = again.assign(event_at=again["event_at"] + RETRIED_AFTER, available_at=again["available_at"] + RETRIED_AFTER)
    return {"invoices": pd.concat([invoices, again], ignore_index=True)}


FAULT = Fault(
    name="doubled_invoices",
    title="Invoices are written twice",
    tables=("invoices",),
    apply=_apply,
    unit="share of invoices",
    dose=0.05,
    most=1.0,
    guard="one invoice a customer and bill",
)

INCIDENT = Incident(
    name="doubled_invoices",
    title="A retry bills customers twice",
    story=(
        "The billing service was slow, the scheduler took its silence for failure and asked again. Both requests "
        "went through. The model never noticed: it reads no invoices."
    ),
    place="invoices",
    mechanism=RETRY,
    action=REFUND,
    injection=Injection(delivery=FAULT),
    unit="share of invoices",
    doses=(0.03, 0.1),
    team="billing",
    lead="billing worker: time-out lowered to 15 minutes, automatic retry",
    guard="one invoice a customer and bill",
    level=0,
)
