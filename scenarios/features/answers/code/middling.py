"""The obvious features, from whatever could be read before the cutoff; nothing is repaired."""

import pandas as pd


def build_features(tables, cutoff):
    """Levels and counts over the last months."""
    known = {name: rows[rows["available_at"] < cutoff] for name, rows in tables.items()}
    customers = known["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features = customers[["channel", "region", "platform", "segment"]].copy()
    features["tenure"] = (cutoff - customers["event_at"]) / pd.Timedelta(days=30.44)
    now = known["attribute_history"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features["plan"] = now["plan"]
    features["price"] = now["price_cents"]
    features["discount"] = now["discount_pct"]
    features["contract_left"] = (now["contract_ends_at"] - cutoff) / pd.Timedelta(days=30.44)
    used = since(known["usage"], cutoff, 28).groupby("customer_id")
    features["sessions_4w"] = used["sessions"].sum()
    features["minutes_4w"] = used["active_minutes"].sum()
    features["sessions_12w"] = since(known["usage"], cutoff, 84).groupby("customer_id")["sessions"].sum()
    features["tickets_90d"] = since(known["tickets"], cutoff, 90).groupby("customer_id").size()
    declined = known["payments"][known["payments"]["outcome"] == "declined"]
    features["declined_35d"] = since(declined, cutoff, 35).groupby("customer_id").size()
    return features


def since(rows, cutoff, days):
    """Rows of the last so many days."""
    return rows[rows["event_at"] >= cutoff - pd.Timedelta(days=days)]
