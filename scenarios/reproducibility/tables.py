"""The extracts in a repository's `data/`, made from the company's own tables as they were known on given days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.labels import CHURN_REASONS
from pipelines.recorded import World
from scenarios.reproducibility.company import AFTER, MONTHS_OF_USAGE

MOST_CUSTOMERS: Final = 1_800
"""Of a larger company, so many are taken: the little repository is to run in a third of a second."""

HORIZON_DAYS: Final = 90
OFFICES: Final = ("Austin", "Bogotá", "Lyon", "Málaga", "Nîmes", "Osaka", "Zürich", "Århus")
"""Where customers are; half of the names need more than ASCII."""

TICKET_EXTRACTS: Final = (0, 1)
"""Months after the first extract at which tickets were taken out."""

_EPOCH = pd.Timestamp(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracts:
    """Tables by path below `data/`, and other states of the customers' table: as of half a year later, and on file."""

    tables: Mapping[str, pd.DataFrame]
    day: pd.Timestamp
    later: pd.DataFrame
    backups: Mapping[str, pd.DataFrame]
    strayed: pd.DataFrame


def extracts(world: World, luck: np.random.Generator, *, month: int) -> Extracts:
    """The extracts as of the start of `month`; `luck` says who is taken and where they are."""
    day = world.cutoff(month)
    people = _people(world, day, luck)
    labels = pd.DataFrame({"customer_id": people["customer_id"], "churned": _churned(world, people, day)})
    usage = {f"usage/{world.company.calendar.label(m)}.csv": _usage(world, m, people) for m in _usage_months(month)}
    names = [_label(world, month + after) for after in TICKET_EXTRACTS]
    tickets = {
        f"tickets/{name}.csv": _tickets(world, world.cutoff(month + after), people)
        for name, after in zip(names, TICKET_EXTRACTS, strict=True)
    }
    around = {_label(world, month + after): world.cutoff(month + after) for after in (-1, 0, 3)}
    return Extracts(
        tables={"customers.csv": _customers(world, people, day), "labels.csv": labels, **usage, **tickets},
        day=day,
        later=_customers(world, people, world.cutoff(month + AFTER - 1)),
        backups={name: _customers(world, people, at) for name, at in around.items()},
        strayed=_customers(world, people, day + pd.Timedelta(days=12)),
    )


def _label(world: World, month: int) -> str:
    return str(world.cutoff(month).date())


def _usage_months(month: int) -> range:
    return range(month - MONTHS_OF_USAGE, month)


def _people(world: World, day: pd.Timestamp, luck: np.random.Generator) -> pd.DataFrame:
    """Customers who are there on the day, in the order of their sign-up."""
    feed = world.feed(len(world.deliveries))
    known = feed.all("customers")
    known = known[known["available_at"] < day].drop_duplicates("customer_id")
    ends = _ends(world)
    gone = ends[ends < day].index
    there = known[~known["customer_id"].isin(gone)].sort_values(["event_at", "customer_id"])
    if len(there) > MOST_CUSTOMERS:
        there = there.iloc[np.sort(luck.choice(len(there), MOST_CUSTOMERS, replace=False))]
    office = luck.choice(OFFICES, size=len(there))
    return there[["customer_id", "event_at", "segment"]].assign(office=office).reset_index(drop=True)


def _ends(world: World) -> pd.Series:
    events = world.feed(len(world.deliveries)).all("subscriptions")
    ends = events[(events["event"] == "end") & events["reason"].isin(CHURN_REASONS)]
    return ends.groupby("customer_id")["event_at"].min()


def _churned(world: World, people: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    end = _ends(world).reindex(people["customer_id"]).reset_index(drop=True)
    return ((end >= day) & (end < day + pd.Timedelta(days=HORIZON_DAYS))).astype(int)


def _customers(world: World, people: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The customers' table as it stood at an instant: the current plan and price, whoever has left included."""
    history = world.feed(len(world.deliveries)).all("attribute_history")
    known = history[history["available_at"] < at].sort_values(["event_at", "available_at"], kind="stable")
    now = (
        known.groupby("customer_id")[["plan", "price_cents", "contract_ends_at"]].last().reindex(people["customer_id"])
    )
    ends = _ends(world).reindex(people["customer_id"])
    left = (ends < at).to_numpy()
    return pd.DataFrame(
        {
            "customer_id": people["customer_id"],
            "signup_at": _seconds(people["event_at"]),
            "office": people["office"],
            "contract_ends": _seconds(now["contract_ends_at"].fillna(_EPOCH)),
            "plan": np.where(left, "none", now["plan"].astype(object).fillna("basic").to_numpy()),
            "price_cents": np.where(left, 0, now["price_cents"].fillna(999).to_numpy()).astype(int),
        }
    )


def _usage(world: World, month: int, people: pd.DataFrame) -> pd.DataFrame:
    rows = world.deliveries[month]["usage"]
    rows = rows[rows["customer_id"].isin(people["customer_id"])]
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "week": rows["event_at"].dt.strftime("%Y-%m-%d"),
            "sessions": rows["sessions"].astype(int),
            "platform": rows["platform"].astype(str),
        }
    ).reset_index(drop=True)


def _tickets(world: World, at: pd.Timestamp, people: pd.DataFrame) -> pd.DataFrame:
    rows = world.feed(len(world.deliveries)).all("tickets")
    rows = rows[(rows["event"] == "opened") & (rows["available_at"] < at)]
    rows = rows[rows["customer_id"].isin(people["customer_id"])].reset_index(drop=True)
    return pd.DataFrame({"customer_id": rows["customer_id"], "opened_at": _seconds(rows["event_at"])})


def _seconds(times: pd.Series) -> pd.Series:
    """Whole seconds since 1970."""
    return ((times - _EPOCH) // pd.Timedelta(seconds=1)).astype("int64").reset_index(drop=True)
