"""Test accounts: an automated test suite signs up customers in production and never uses the product."""

import numpy as np
import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault

FIRST_ID = 1 << 33
"""Ids from here on are no real customer's."""

PER_MONTH = 1 << 20
"""Room for test accounts of one month."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    signups = delivery["customers"][delivery["customers"]["event_at"] >= damage.month_start]
    wanted = round(damage.amount * delivery["usage"]["customer_id"].nunique())
    model = np.resize(signups["customer_id"].to_numpy(), wanted if len(signups) else 0)
    copies = pd.DataFrame(
        {"customer_id": model, "test_id": FIRST_ID + damage.month * PER_MONTH + np.arange(len(model))}
    )
    return {name: _with_copies(delivery[name], copies) for name in ("customers", "attribute_history", "subscriptions")}


def _with_copies(rows: pd.DataFrame, copies: pd.DataFrame) -> pd.DataFrame:
    """The rows, and those of the copied sign-ups once more under their test ids."""
    start = rows[rows["event"] == "start"] if "event" in rows else rows
    added = copies.merge(start, on="customer_id", how="inner").drop(columns="customer_id")
    return pd.concat([rows, added.rename(columns={"test_id": "customer_id"})[list(rows.columns)]], ignore_index=True)


FAULT = Fault(
    name="test_accounts",
    title="A test suite signs up customers in production",
    tables=("customers", "attribute_history", "subscriptions"),
    apply=_apply,
    unit="test accounts a month, as a share of active customers",
    dose=0.03,
    most=0.5,
    guard="customers without any usage; sign-ups against invoices",
)
