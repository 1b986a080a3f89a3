"""Which labels cannot be right? What the log says of customers against what they did."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from scenarios.base import Finding
from scenarios.features.answers.material import DAY, Material
from scenarios.features.answers.tables import never_alive
from scenarios.features.exam import codes

_SAME_DAYS, _BACK_DAYS = 2.0, 14.0
_ASKED_DAYS: Final = 35
_WEEK: Final = 8
"""Days after an end up to which a weekly row may still be about time before it."""

_QUIET_DAYS: Final = 40
_HORIZON: Final = 30
_TOLD_DAYS: Final = 35
"""An end in the log explains a silence that begins up to so many days after it."""

_MANY: Final = 20
"""Customers from which an odd way of booking is no accident."""


@dataclass(frozen=True)
class Lives:
    """Signs of life by customer: the last of all, and every one of them."""

    last: pd.Series
    signs: pd.DataFrame


def lives(case: Material) -> Lives:
    """Use, invoices, payments and tickets of every customer, without rows served again or under a wrong name."""
    parts = [case.own_usage, *(case.tables[name] for name in ("invoices", "payments", "tickets"))]
    signs = pd.concat([part[["customer_id", "event_at"]] for part in parts], ignore_index=True)
    return Lives(signs.groupby("customer_id")["event_at"].max(), signs)


def booked_ends(case: Material) -> pd.DataFrame:
    """Every end in the log, with whether it was asked for, and how many days later the customer starts again."""
    log = case.tables["subscriptions"].sort_values("event_at")
    ends = log[log["event"] == "end"]
    starts = log.loc[log["event"] == "start", ["customer_id", "event_at"]].assign(again=lambda s: s["event_at"])
    asked = log.loc[log["event"] == "cancel_request", ["customer_id", "event_at"]].assign(asked=lambda s: s["event_at"])
    ends = pd.merge_asof(ends, starts, on="event_at", by="customer_id", direction="forward", allow_exact_matches=False)
    ends = pd.merge_asof(ends, asked, on="event_at", by="customer_id", tolerance=_ASKED_DAYS * DAY)
    away = (ends["again"] - ends["event_at"]).dt.total_seconds() / DAY.total_seconds()
    return ends.assign(days_away=away)


def gone_silently(case: Material, alive: Lives) -> pd.Series:
    """When customers left of whom the log says nothing: no sign of life since, shape by customer."""
    quiet = alive.last[alive.last < case.extract - _QUIET_DAYS * DAY]
    log = case.tables["subscriptions"]
    last_end = log[log["event"] == "end"].groupby("customer_id")["event_at"].max().reindex(quiet.index)
    told = last_end > quiet - _TOLD_DAYS * DAY
    return quiet[~told & ~quiet.index.isin(never_alive(case))] - 3 * DAY


def booking_faults(case: Material, alive: Lives) -> tuple[Finding, ...]:
    """Ways of booking that cannot be right, as findings."""
    ends = booked_ends(case)
    voluntary = ends[ends["reason"] == "voluntary"]
    back = voluntary["days_away"] <= _BACK_DAYS
    counts = {
        codes.MIGRATION: int((voluntary["days_away"] <= _SAME_DAYS).sum()),
        codes.RETURN: int((back & (voluntary["days_away"] > _SAME_DAYS)).sum()),
        codes.PAUSE: int((~back & voluntary["asked"].isna()).sum()),
        codes.BACKFILL: len(gone_silently(case, alive)),
    }
    return tuple(
        Finding(where="subscriptions", mechanism=mechanism, evidence=f"{count} customers")
        for mechanism, count in counts.items()
        if count > _MANY
    )


def to_review(case: Material, alive: Lives) -> pd.DataFrame:
    """Label rows that cannot be right: booked out and alive after it, or not booked out and silent ever since."""
    rows = case.labels
    left = rows[rows["churned"] == 1.0].copy()
    log = case.tables["subscriptions"]
    first_end = log[log["event"] == "end"].groupby("customer_id")["event_at"].min()
    left["end"] = left["customer_id"].map(first_end)
    signs = alive.signs.merge(left[["customer_id", "end"]].drop_duplicates(), on="customer_id")
    after = signs.loc[signs["event_at"] > signs["end"] + _WEEK * DAY, "customer_id"].unique()
    stayed = rows[rows["churned"] == 0.0]
    gone = pd.Series(gone_silently(case, alive).reindex(stayed["customer_id"]).to_numpy(), index=stayed.index)
    listed = [left[left["customer_id"].isin(after)], stayed[gone < stayed["cutoff"] + (_HORIZON - 1) * DAY]]
    return pd.concat([part[["customer_id", "cutoff"]] for part in listed], ignore_index=True)


def none_listed() -> pd.DataFrame:
    """An empty list for review."""
    return pd.DataFrame({"customer_id": np.array([], dtype=np.int64), "cutoff": np.array([], dtype="datetime64[us]")})
