"""The features of the stuck model. BRIEF.md says what `build_features` is given and how it is run."""

import pandas as pd


def build_features(tables, cutoff):
    """Return one row a customer, indexed by `customer_id`, of what was known before `cutoff`."""
    known = {name: rows[rows["available_at"] < cutoff] for name, rows in tables.items()}
    customers = known["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features = customers[["channel", "segment", "platform", "region"]].copy()
    features["tenure_months"] = (cutoff - customers["event_at"]) / pd.Timedelta(days=30.44)
    terms = known["attribute_history"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features["plan"] = terms["plan"]
    features["price"] = terms["price_cents"]
    recent = known["usage"][known["usage"]["event_at"] >= cutoff - pd.Timedelta(days=84)]
    features["sessions_12w"] = recent.groupby("customer_id")["sessions"].sum()
    features["tickets_ever"] = known["tickets"].groupby("customer_id").size()
    return features
