"""The stuck model's features and three more: silence and decline of use, the contract's end, unpaid bills."""

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)


def build_features(tables, cutoff):
    """Return one row a customer, indexed by `customer_id`, of what was known before `cutoff`."""
    known = {name: rows[rows["available_at"] < cutoff] for name, rows in tables.items()}
    customers = known["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features = customers[["channel", "segment", "platform", "region"]].copy()
    features["tenure_months"] = (cutoff - customers["event_at"]) / pd.Timedelta(days=30.44)
    terms = known["attribute_history"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features["plan"] = terms["plan"]
    features["price"] = terms["price_cents"]
    recent = known["usage"][known["usage"]["event_at"] >= cutoff - 84 * DAY]
    features["sessions_12w"] = recent.groupby("customer_id")["sessions"].sum()
    features["tickets_ever"] = known["tickets"].groupby("customer_id").size()
    # The three: each says why somebody leaves, and when that could be known.
    weekly = recent.drop_duplicates(["customer_id", "event_at"])
    weekly = weekly[weekly["sessions"].between(1, 998)]
    newest = weekly["event_at"] >= cutoff - 28 * DAY
    now = weekly[newest].groupby("customer_id")["sessions"].mean().reindex(features.index)
    before = weekly[~newest].groupby("customer_id")["sessions"].mean().reindex(features.index)
    features["use_trend"] = np.log((now.fillna(0.0) + 0.5) / (before + 0.5))
    features["contract_left"] = (terms["contract_ends_at"] - cutoff) / DAY
    payments = known["payments"][known["payments"]["event_at"] >= cutoff - 35 * DAY]
    declined = payments[payments["decline_code"].notna()].drop_duplicates(["customer_id", "event_at"])
    features["declines"] = declined.groupby("customer_id").size()
    return features
