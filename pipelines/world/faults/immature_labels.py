"""Immature labels: ends for nonpayment are booked weeks later than before.

Labels that are taken for mature lack them, and churn seems to fall.
"""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    subscriptions = delivery["subscriptions"]
    late = subscriptions["available_at"] + pd.Timedelta(days=damage.amount)
    hit = (subscriptions["event"] == "end") & (subscriptions["reason"] == "nonpayment")
    return {"subscriptions": subscriptions.assign(available_at=subscriptions["available_at"].mask(hit, late))}


FAULT = Fault(
    name="immature_labels",
    title="Ends for nonpayment are booked weeks late",
    tables=("subscriptions",),
    apply=_apply,
    unit="days of additional delay",
    dose=60.0,
    most=365.0,
    guard="delay between end and booking, by reason",
)
