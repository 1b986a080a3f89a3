"""Many aggregates at once, from rows that had happened by the cutoff, and the newest terms there are."""

import pandas as pd


def build_features(tables, cutoff):
    """Sums and means of every number in every table."""
    customers = tables["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features = customers[["channel", "region", "platform"]].copy()
    terms = tables["attribute_history"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    features["plan"], features["price"] = terms["plan"], terms["price_cents"]
    for name in ("usage", "tickets", "payments", "invoices"):
        rows = tables[name][tables[name]["event_at"] < cutoff]
        for days in (30, 60, 90, 180):
            recent = rows[rows["event_at"] >= cutoff - pd.Timedelta(days=days)].groupby("customer_id")
            features[f"{name}_{days}"] = recent.size()
    return features
