"""Stale feed: the usage job has stopped; a cache serves each known customer's last partition again, with new dates.

Distributions stay as they were, and each customer's values grow older by a month every month. Only customers new to
the cache come through.
"""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault

WEEK = pd.Timedelta(days=7)


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    last = damage.previous.get("usage", usage.iloc[:0])
    stale = last[damage.hits(last["customer_id"])]
    ahead = _whole_weeks(last, damage.month_start)
    renewed = stale.assign(event_at=stale["event_at"] + ahead, available_at=stale["available_at"] + ahead)
    fresh = usage[~usage["customer_id"].isin(stale["customer_id"])]
    return {"usage": pd.concat([renewed, fresh], ignore_index=True)}


def _whole_weeks(last: pd.DataFrame, month_start: pd.Timestamp) -> pd.Timedelta:
    """How far the old rows move: their newest week becomes this month's newest."""
    if last.empty:
        return pd.Timedelta(0)
    month_end = month_start + pd.offsets.MonthBegin(1)
    return int((month_end - last["event_at"].max()) // WEEK) * WEEK


FAULT = Fault(
    name="stale_feed",
    title="Old usage is served again with new dates",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="rows unchanged since last month; age of the source",
)
