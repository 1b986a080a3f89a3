"""Point-in-time features: what was known about each customer before a cutoff, and nothing else.

Every table is first cut by `available_at`, so a row that arrived later cannot matter. Windows count back from the
cutoff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

NUMERIC: Final = (
    "tenure_months",
    "months_to_contract_end",
    "auto_renew",
    "net_price",
    "discount_pct",
    "months_to_discount_end",
    "months_since_price_rise",
    "price_rise_pct",
    "weekly_sessions_4w",
    "sessions_trend",
    "active_weeks_12w",
    "days_since_use",
    "minutes_per_session_4w",
    "distinct_features_4w",
    "tickets_90d",
    "billing_tickets_35d",
    "severe_tickets_90d",
    "last_satisfaction",
    "failed_payments_35d",
    "unpaid_attempts",
    "days_since_paid",
    "contacts_180d",
)
CATEGORICAL: Final = {
    "channel": ("organic", "paid_search", "partner", "promo"),
    "region": ("AMER", "EMEA", "APAC"),
    "segment": ("consumer", "smb"),
    "platform": ("web", "app"),
    "plan": ("basic", "plus", "pro"),
    "contract": ("monthly", "annual"),
    "payment_method": ("card", "debit", "invoice"),
}
"""Categorical features and their known levels; a level not listed becomes missing in the model's view."""

_LEVELS: Final = {name: pd.Index(levels) for name, levels in CATEGORICAL.items()}

FEATURES: Final = (*NUMERIC, *CATEGORICAL)

_READ: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "customers": {
        "tenure_months": (),
        "channel": ("channel",),
        "region": ("region",),
        "segment": ("segment",),
        "platform": ("platform",),
    },
    "attribute_history": {
        "months_to_contract_end": ("contract_ends_at",),
        "auto_renew": ("auto_renew",),
        "net_price": ("price_cents", "discount_pct"),
        "discount_pct": ("discount_pct",),
        "months_to_discount_end": ("discount_ends_at",),
        "months_since_price_rise": ("plan", "price_cents"),
        "price_rise_pct": ("plan", "price_cents"),
        "plan": ("plan",),
        "contract": ("contract",),
        "payment_method": ("payment_method",),
    },
    "usage": {
        "weekly_sessions_4w": ("sessions",),
        "sessions_trend": ("sessions",),
        "active_weeks_12w": (),
        "days_since_use": (),
        "minutes_per_session_4w": ("active_minutes", "sessions"),
        "distinct_features_4w": ("distinct_features",),
    },
    "tickets": {
        "tickets_90d": ("event",),
        "billing_tickets_35d": ("category",),
        "severe_tickets_90d": ("severity",),
        "last_satisfaction": ("satisfaction",),
    },
    "payments": {
        "failed_payments_35d": ("outcome",),
        "unpaid_attempts": ("outcome",),
        "days_since_paid": ("outcome",),
    },
    "contacts": {"contacts_180d": ("arm",)},
}
"""Raw table to the features made from it, each with the columns it reads beside those of `READ_BY_ALL`."""

READ_BY_ALL: Final = ("customer_id", "event_at", "available_at")
"""Columns of a raw table that every feature made from it reads."""

SOURCES: Final = {name: table for table, made in _READ.items() for name in made}
"""The raw table each feature is made from."""

READS: Final = {name: (*READ_BY_ALL, *columns) for made in _READ.values() for name, columns in made.items()}
"""The columns of its raw table that each feature reads."""

COLUMNS_READ: Final = {
    table: tuple(dict.fromkeys(column for name in made for column in READS[name])) for table, made in _READ.items()
}
"""The columns of each raw table that any feature reads."""

LOOKBACK_MONTHS: Final = 7
"""How many months of event tables the longest window (180 days) reaches back."""

_CURRENT: Final = ("customers", "attribute_history", "subscriptions")
"""Tables of which the newest word on each customer counts, however old; of the others, rows of a recent window."""

_DAYS_PER_MONTH = 30.44
_FOUR_WEEKS = 28
"""Days of the recent part of the usage window; the eight weeks before it are the earlier part."""

_ONE_BILL = 35
"""Days that hold every customer's newest bill, whatever the length of the month."""

_SEVERE = 3
"""The highest severity of a ticket."""

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Known:
    """Tables, those of `_CURRENT` as known at the cutoff, and the customers to describe."""

    tables: Mapping[str, pd.DataFrame]
    cutoff: pd.Timestamp
    customers: pd.Index

    def recent(self, table: str, days: float) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
        """Rows known of the last `days` days that belong to a known customer, and that customer's position."""
        rows = self.tables[table]
        since = self.cutoff - pd.Timedelta(days=days)
        inside = np.flatnonzero((rows["available_at"] < self.cutoff) & (rows["event_at"] >= since))
        position = self.customers.get_indexer(pd.Index(rows["customer_id"].take(inside)))
        return rows.take(inside[position >= 0]), position[position >= 0]

    def count(self, position: npt.NDArray[np.intp], weights: npt.NDArray[np.generic] | None = None) -> _Floats:
        """Rows (or the sum of `weights`) by customer, shape (n,)."""
        return np.bincount(position, weights=weights, minlength=len(self.customers)).astype(np.float64)


def build(tables: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.DataFrame:
    """Features of all customers active as far as known at `cutoff`, shape (n, 29), by `customer_id` in rising order."""
    known_tables = {name: _known(rows, cutoff) if name in _CURRENT else rows for name, rows in tables.items()}
    known = _Known(known_tables, cutoff, active_customers(known_tables, cutoff))
    parts = (_profile(known), _terms(known), _usage(known), _tickets(known), _payments(known), _contacts(known))
    return pd.concat(parts, axis=1)[list(FEATURES)]


def active_customers(known: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.Index:
    """Customers that had signed up before the cutoff and were not known to have ended, as a sorted index."""
    signed = known["customers"]["customer_id"][known["customers"]["event_at"] < cutoff]
    events = known["subscriptions"]
    ended = events["customer_id"][(events["event"] == "end") & events["reason"].notna() & (events["event_at"] < cutoff)]
    customers: pd.Index = pd.Index(np.setdiff1d(signed, ended), name="customer_id")
    return customers


def _known(rows: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    return rows[rows["available_at"] < cutoff]


def _profile(known: _Known) -> pd.DataFrame:
    rows = known.tables["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    rows = rows.reindex(known.customers)
    profile = pd.DataFrame({"tenure_months": _months(known.cutoff - rows["event_at"])}, index=known.customers)
    return profile.assign(
        **{name: as_levels(rows[name], name) for name in ("channel", "region", "segment", "platform")}
    )


def as_levels(values: pd.Series, name: str) -> "pd.Categorical[str]":
    """A categorical feature with exactly its known levels; anything else becomes missing.

    >>> as_levels(pd.Series(["pro", "platinum", None]), "plan").codes.tolist()
    [2, -1, -1]
    """
    levels = _LEVELS[name]
    found = values.array if isinstance(values.dtype, pd.CategoricalDtype) else pd.Categorical(values.astype("object"))
    if found.categories.dtype == levels.dtype and found.categories.equals(levels) and not found.ordered:
        return found
    place = np.append(levels.get_indexer(found.categories.astype("object")), -1)
    return pd.Categorical.from_codes(place[found.codes], categories=levels)


def _terms(known: _Known) -> pd.DataFrame:
    history = known.tables["attribute_history"]
    order = np.lexsort([history[name].to_numpy() for name in ("available_at", "event_at", "customer_id")])
    history = history.take(order)
    now = history.drop_duplicates("customer_id", keep="last").set_index("customer_id").reindex(known.customers)
    terms = pd.DataFrame(
        {
            "months_to_contract_end": _months(now["contract_ends_at"] - known.cutoff),
            "auto_renew": now["auto_renew"].astype(np.float64),
            "net_price": now["price_cents"] * (1.0 - now["discount_pct"] / 100.0) / 100.0,
            "discount_pct": now["discount_pct"].astype(np.float64),
            "months_to_discount_end": _months(now["discount_ends_at"] - known.cutoff),
        },
        index=known.customers,
    )
    categories = {name: as_levels(now[name], name) for name in ("plan", "contract", "payment_method")}
    return terms.assign(**categories).join(_price_rises(history, known))


def _price_rises(history: pd.DataFrame, known: _Known) -> pd.DataFrame:
    """The last rise of the price at an unchanged plan: how long ago (months) and by how much (per cent)."""
    same = (history["customer_id"] == history["customer_id"].shift()) & (history["plan"] == history["plan"].shift())
    ratio = history["price_cents"] / history["price_cents"].shift()
    rises = history.assign(rise=(ratio - 1.0) * 100.0)[same & (ratio > 1.0)]
    last = rises.drop_duplicates("customer_id", keep="last").set_index("customer_id").reindex(known.customers)
    return pd.DataFrame(
        {"months_since_price_rise": _months(known.cutoff - last["event_at"]), "price_rise_pct": last["rise"]},
        index=known.customers,
    )


def _usage(known: _Known) -> pd.DataFrame:
    rows, who = known.recent("usage", 84)
    age_days = _days(known.cutoff - rows["event_at"])
    sessions = rows["sessions"].to_numpy(np.float64)
    recent = age_days < _FOUR_WEEKS
    last_4w = known.count(who[recent], sessions[recent])
    earlier = known.count(who[~recent], sessions[~recent])
    minutes = known.count(who[recent], rows["active_minutes"].to_numpy(np.float64)[recent])
    breadth = known.count(who[recent], rows["distinct_features"].to_numpy(np.float64)[recent])
    weeks_recent = known.count(who[recent])
    last_use = np.full(len(known.customers), np.nan)
    np.fmin.at(last_use, who, age_days)
    return pd.DataFrame(
        {
            "weekly_sessions_4w": last_4w / 4.0,
            "sessions_trend": np.log((last_4w / 4.0 + 0.5) / (earlier / 8.0 + 0.5)),
            "active_weeks_12w": known.count(who),
            "days_since_use": last_use,
            "minutes_per_session_4w": _ratio(minutes, last_4w),
            "distinct_features_4w": _ratio(breadth, weeks_recent),
        },
        index=known.customers,
    )


def _tickets(known: _Known) -> pd.DataFrame:
    rows, who = known.recent("tickets", 90)
    age_days = _days(known.cutoff - rows["event_at"])
    opened = (rows["event"] == "opened").to_numpy()
    billing = (rows["category"] == "billing").to_numpy() & (age_days < _ONE_BILL)
    severe = (rows["severity"] == _SEVERE).to_numpy()
    rated = rows.assign(who=who)[rows["satisfaction"].notna()].sort_values("event_at", kind="stable")
    satisfaction = rated.drop_duplicates("who", keep="last").set_index("who")["satisfaction"]
    return pd.DataFrame(
        {
            "tickets_90d": known.count(who[opened]),
            "billing_tickets_35d": known.count(who[billing]),
            "severe_tickets_90d": known.count(who[severe]),
            "last_satisfaction": satisfaction.reindex(range(len(known.customers))).to_numpy(np.float64),
        },
        index=known.customers,
    )


def _payments(known: _Known) -> pd.DataFrame:
    rows, who = known.recent("payments", 100)
    age_days = _days(known.cutoff - rows["event_at"])
    paid = (rows["outcome"] == "paid").to_numpy()
    days_since_paid = np.full(len(known.customers), np.nan)
    np.fmin.at(days_since_paid, who[paid], age_days[paid])
    unpaid = ~paid & ~(days_since_paid[who] < age_days)
    return pd.DataFrame(
        {
            "failed_payments_35d": known.count(who[~paid & (age_days < _ONE_BILL)]),
            "unpaid_attempts": known.count(who[unpaid]),
            "days_since_paid": days_since_paid,
        },
        index=known.customers,
    )


def _contacts(known: _Known) -> pd.DataFrame:
    rows, who = known.recent("contacts", 180)
    return pd.DataFrame(
        {"contacts_180d": known.count(who[(rows["arm"] == "treated").to_numpy()])}, index=known.customers
    )


def _days(span: pd.Series) -> _Floats:
    """Spans of time in days, NaN where unknown, shape (n,)."""
    days = cast("pd.Series[pd.Timedelta]", span) / pd.Timedelta(days=1)
    return np.asarray(days, dtype=np.float64)


def _months(span: pd.Series) -> _Floats:
    return _days(span) / _DAYS_PER_MONTH


def _ratio(numerator: _Floats, denominator: _Floats) -> _Floats:
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0.0)
