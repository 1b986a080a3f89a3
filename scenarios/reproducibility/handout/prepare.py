"""Step 1: one row a customer, from the extracts in data/, with a split; stayers are thinned in the training part."""

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from resolve import vendored
from settings import read_settings

USAGE = Path("data/usage")
TICKETS = Path("data/tickets")
OFFICE_HOURS = range(8, 18)
SHARES = {"train": 0.6, "valid": 0.15, "test": 0.25}
KEPT = 0.6


def run(settings: Mapping[str, Any]) -> None:
    """Write out/prepared.csv."""
    as_of = pd.Timestamp(settings["as_of"])
    window = pd.Timedelta(days=settings["window_days"])
    print(f"prepare: as of {as_of.date()}, window {window.days} days")
    customers = pd.read_csv("data/customers.csv", dtype={"plan": str, "office": str})
    table = customers.merge(pd.read_csv("data/labels.csv"), on="customer_id", how="left")
    table["plan"] = table["plan"].map({"basic": 0, "plus": 1, "pro": 2}).fillna(-1).astype(int)
    table["price"] = table["price_cents"] / 100.0 * price_levels(table["office"], settings)
    table["months_left"] = (pd.to_datetime(table["contract_ends"], unit="s") - as_of).dt.days // 30
    table["years"] = (as_of - pd.to_datetime(table["signup_at"], unit="s")).dt.days // 91 / 4
    table = with_usage(table, read_usage(), as_of, window)
    table = with_tickets(table, read_tickets(settings), as_of, settings)
    rng = np.random.default_rng(settings["seed"])
    print(f"prepare: seed {settings.get('seed')}")
    table["split"] = rng.choice(list(SHARES), p=list(SHARES.values()), size=len(table))
    workers = settings["workers"]
    print(f"prepare: thinned by {workers} workers")
    table = thinned(table, rng, workers)
    print(f"prepare: {len(table):,} rows")
    table.drop(columns=["signup_at", "contract_ends", "office", "price_cents"]).to_csv("out/prepared.csv", index=False)


def read_usage() -> pd.DataFrame:
    """Weekly usage, a file a month; a correction that came later replaces the week it corrects."""
    names = sorted(os.listdir(USAGE))
    months = [pd.read_csv(USAGE / name) for name in names]
    usage = pd.concat(months, ignore_index=True)
    print(f"prepare: usage of {', '.join(names)}: {len(usage):,} rows")
    return usage.drop_duplicates(["customer_id", "week"], keep="last")


def read_tickets(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Tickets as of the extract: it ends where the pipeline looks from."""
    extract = settings["extract"]
    print(f"prepare: tickets of extract {extract}")
    return pd.read_csv(TICKETS / f"{extract}.csv")


def price_levels(office: pd.Series, settings: Mapping[str, Any]) -> pd.Series:
    """What a dollar buys where a customer's office is; 1 where it is not listed."""
    text = Path("offices.csv").read_text(encoding=settings["encoding"], errors="replace")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    known = {name: float(level) for name, level in rows}
    level = office.map(known)
    print(f"prepare: offices listed for {level.notna().mean():.0%} of customers")
    return level.fillna(1.0)


def with_usage(table: pd.DataFrame, usage: pd.DataFrame, as_of: pd.Timestamp, window: pd.Timedelta) -> pd.DataFrame:
    """Recent and earlier sessions, and sessions weighted by how recent they are."""
    scorelib = vendored("scorelib")
    week = pd.to_datetime(usage["week"])
    usage = usage.assign(weeks_ago=(as_of - week).dt.days // 7, recent=week >= as_of - window)
    by_customer = usage.groupby("customer_id")
    total, recent = by_customer["sessions"].sum(), usage[usage["recent"]].groupby("customer_id")["sessions"].sum()
    found = pd.DataFrame({"recent": recent, "earlier": total - recent.reindex(total.index).fillna(0.0)})
    found["weighted"] = scorelib.recency_weighted(usage, "sessions", "weeks_ago")
    found["last_week"] = by_customer["sessions"].last()
    found = table[["customer_id"]].merge(found.reset_index(), on="customer_id", how="left").fillna(0.0)
    trend = found["recent"] / (found["earlier"] + 1.0)
    return table.assign(
        recent=found["recent"].round(1),
        weighted=found["weighted"].round(6),
        last_week=found["last_week"],
        trend=trend.round(6),
    )


def with_tickets(
    table: pd.DataFrame, tickets: pd.DataFrame, as_of: pd.Timestamp, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Tickets opened in half a year, and the share of them opened outside office hours."""
    zone = ZoneInfo(settings["zone"])
    opened = tickets["opened_at"]
    late = np.array([datetime.fromtimestamp(at, zone).hour not in OFFICE_HOURS for at in opened], dtype=float)
    tickets = tickets.assign(late=late)[pd.to_datetime(opened, unit="s") >= as_of - pd.Timedelta(days=182)]
    by_customer = tickets.groupby("customer_id")["late"]
    found = pd.DataFrame({"tickets": by_customer.size(), "late_share": by_customer.mean().round(6)})
    return table.merge(found.reset_index(), on="customer_id", how="left").fillna({"tickets": 0, "late_share": 0.0})


def thinned(table: pd.DataFrame, rng: np.random.Generator, workers: int) -> pd.DataFrame:
    """The table with three fifths of the training part's stayers; each worker draws for its share of the rows."""
    shares = np.array_split(np.arange(len(table)), workers)
    luck = np.concatenate([own.random(len(rows)) for own, rows in zip(rng.spawn(workers), shares, strict=True)])
    return table[(luck < KEPT) | (table["churned"] == 1) | (table["split"] != "train")]


if __name__ == "__main__":
    run(read_settings(sys.argv[1:]))
