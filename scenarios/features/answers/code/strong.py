"""Repaired tables, and features that follow how people come to leave: use, bills, tickets, terms."""

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
MONTH_DAYS = 30.44
COUNTER_FULL = 999
MINUTES_A_SESSION = 100.0


def build_features(tables, cutoff):
    """One row a customer, from rows that could be read before the cutoff."""
    known = {name: rows[rows["available_at"] < cutoff] for name, rows in tables.items()}
    customers = known["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id").sort_index()
    parts = [
        profile(customers, known["invoices"], cutoff),
        terms(known["attribute_history"], customers.index, cutoff),
        use(repaired_usage(known["usage"], customers["platform"]), customers.index, cutoff),
        service(known["tickets"], customers.index, cutoff),
        money(known["payments"], customers.index, cutoff),
        pd.DataFrame({"offers": count(known["contacts"], customers.index, cutoff, 180)}),
    ]
    return pd.concat(parts, axis=1)


def days_before(at, cutoff):
    return (cutoff - at) / DAY


def recent(rows, cutoff, days):
    return rows[(rows["event_at"] < cutoff) & (rows["event_at"] >= cutoff - days * DAY)]


def count(rows, customers, cutoff, days):
    return recent(rows, cutoff, days).groupby("customer_id").size().reindex(customers).fillna(0.0)


def profile(customers, invoices, cutoff):
    """Who they are. The invoice's currency says the region where its name has changed."""
    currency = invoices.drop_duplicates("customer_id", keep="last").set_index("customer_id")["currency"]
    home = currency.map({"USD": "AMER", "EUR": "EMEA", "JPY": "APAC"}).reindex(customers.index)
    known = customers["region"].isin(["AMER", "EMEA", "APAC"])
    return pd.DataFrame(
        {
            "channel": customers["channel"],
            "segment": customers["segment"],
            "platform": customers["platform"],
            "region": customers["region"].where(known, home),
            "tenure": days_before(customers["event_at"], cutoff) / MONTH_DAYS,
        }
    )


def terms(history, customers, cutoff):
    """What was agreed, as of the cutoff; who has an end has an annual contract, however that is spelled."""
    ordered = history.sort_values(["customer_id", "event_at", "available_at"], kind="stable")
    now = ordered.drop_duplicates("customer_id", keep="last").set_index("customer_id").reindex(customers)
    same = (ordered["customer_id"] == ordered["customer_id"].shift()) & (ordered["plan"] == ordered["plan"].shift())
    ratio = ordered["price_cents"] / ordered["price_cents"].shift()
    rises = ordered.assign(rise=ratio - 1.0)[same & (ratio > 1.0)].drop_duplicates("customer_id", keep="last")
    rises = rises.set_index("customer_id").reindex(customers)
    left = -days_before(now["contract_ends_at"], cutoff) / MONTH_DAYS
    return pd.DataFrame(
        {
            "plan": now["plan"],
            "contract_left": left.fillna(-99.0),
            "renewal_next": ((left >= 0.0) & (left < 1.05)).astype(float),
            "auto_renew": now["auto_renew"].astype(float),
            "net_price": now["price_cents"] * (1.0 - now["discount_pct"] / 100.0),
            "discount": now["discount_pct"],
            "discount_left": -days_before(now["discount_ends_at"], cutoff) / MONTH_DAYS,
            "paid_by": now["payment_method"],
            "since_rise": days_before(rises["event_at"], cutoff) / MONTH_DAYS,
            "rise": rises["rise"],
        }
    )


def repaired_usage(usage, platform):
    """Every customer and week once, under the right customer, in sessions and minutes, unknown where unknown."""
    rows = usage.assign(event_at=usage["event_at"].dt.ceil("D"))
    rows = rows[rows["platform"].to_numpy() == platform.reindex(rows["customer_id"]).to_numpy()]
    rows = rows.drop_duplicates(["customer_id", "event_at"], keep="first")
    sessions = rows["sessions"].where((rows["sessions"] != COUNTER_FULL) & (rows["sessions"] > 0)).astype(float)
    minutes = rows["active_minutes"].where(rows["active_minutes"] > 0).astype(float)
    swapped = minutes < sessions
    sessions, minutes = sessions.where(~swapped, minutes), minutes.where(~swapped, sessions)
    seconds = minutes / sessions > MINUTES_A_SESSION
    features = rows["distinct_features"].where(rows["distinct_features"] > 0)
    return rows.assign(
        sessions=sessions, active_minutes=minutes.where(~seconds, minutes / 60.0), distinct_features=features
    )


def use(rows, customers, cutoff):
    """Level, trend, silence and depth of use."""
    rows = recent(rows, cutoff, 84)
    age = days_before(rows["event_at"], cutoff)
    newest, before = rows[age < 28], rows[age >= 28]
    level = newest.groupby("customer_id")["sessions"].mean().reindex(customers)
    earlier = before.groupby("customer_id")["sessions"].mean().reindex(customers)
    last_two = rows[age < 14].groupby("customer_id")["sessions"].mean().reindex(customers)
    both = newest[newest["sessions"].notna() & newest["active_minutes"].notna()].groupby("customer_id")
    totals = both[["active_minutes", "sessions"]].sum()
    return pd.DataFrame(
        {
            "sessions": level,
            "trend": np.log((level + 0.5) / (earlier + 0.5)),
            "trend_short": np.log((last_two + 0.5) / (level + 0.5)),
            "weeks_used": rows.groupby("customer_id").size().reindex(customers),
            "weeks_used_4": newest.groupby("customer_id").size().reindex(customers),
            "silent_days": age.groupby(rows["customer_id"]).min().reindex(customers),
            "depth": (totals["active_minutes"] / totals["sessions"]).reindex(customers),
            "breadth": newest.groupby("customer_id")["distinct_features"].mean().reindex(customers),
        }
    )


def service(tickets, customers, cutoff):
    """Tickets, each once; what is known when a ticket is closed is read from the row that closes it."""
    once = tickets.drop_duplicates(["ticket_id", "event"])
    opened, closed = once[once["event"] == "opened"], once[once["event"] == "closed"]
    rated = recent(closed[closed["satisfaction"].notna()], cutoff, 90).sort_values("event_at", kind="stable")
    return pd.DataFrame(
        {
            "tickets": count(opened, customers, cutoff, 90),
            "billing_tickets": count(closed[closed["category"] == "billing"], customers, cutoff, 35),
            "severe": count(closed[closed["severity"] == 3], customers, cutoff, 90),
            "satisfaction": rated.drop_duplicates("customer_id", keep="last")
            .set_index("customer_id")["satisfaction"]
            .reindex(customers),
        }
    )


def money(payments, customers, cutoff):
    """Attempts, each once; an attempt without a reason for its decline was paid, whatever the processor calls it."""
    once = recent(payments.drop_duplicates(["customer_id", "event_at", "attempt"]), cutoff, 100)
    failed = once["decline_code"].notna()
    last_paid = once[~failed].groupby("customer_id")["event_at"].max()
    declines = once[failed]
    paid_at = last_paid.reindex(declines["customer_id"]).to_numpy()
    still_open = declines[~(declines["event_at"].to_numpy() < paid_at)]
    return pd.DataFrame(
        {
            "declines": count(declines, customers, cutoff, 35),
            "open_declines": count(still_open, customers, cutoff, 40),
            "since_decline": days_before(declines.groupby("customer_id")["event_at"].max().reindex(customers), cutoff),
            "since_paid": days_before(last_paid.reindex(customers), cutoff),
        }
    )
