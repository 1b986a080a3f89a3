"""A company's record as it was delivered: faults applied month by month, wrong bookings on top, tables and labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.dataset import FULL_HISTORY
from pipelines.labels import labels
from pipelines.recorded import World
from pipelines.world.faults.fault import Damage, Delivery
from pipelines.world.faults.test_accounts import FIRST_ID
from pipelines.world.recorder import TABLES
from pipelines.world.streams import Streams
from scenarios.features.exam.compose import Composition
from scenarios.features.exam.timeline import EXTRACT, LENGTH, TRAINED, Timeline

_LABEL_STREAMS = 500
"""Distance of the labels' random streams from those of the faults."""


MAY_BE_EMPTY: Final = ("accepted", "sessions", "active_minutes", "distinct_features")
"""Numbers that some company has lost somewhere: of one type in every company, so that no type tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Tables sorted by `available_at`, with plain types, and label rows with the label that a review would find."""

    tables: Mapping[str, pd.DataFrame]
    labels: pd.DataFrame


def recorded(world: World, timeline: Timeline, composition: Composition) -> Record:
    """The record of a case up to the last sealed cutoff."""
    clean = _clean(world, timeline)
    damaged = _damaged(world, timeline, composition, clean)
    tables = {name: _table([month[name] for month in damaged]) for name in TABLES}
    right = pd.concat([month["subscriptions"] for month in clean], ignore_index=True)
    return Record(tables=tables, labels=_labels(tables, right, timeline))


def _clean(world: World, timeline: Timeline) -> list[Delivery]:
    """Deliveries of the case's months; the first holds, of tables read from the start, what was known of who is there.

    Customers who had left by then are in no table.
    """
    months = [dict(world.deliveries[timeline.first + month]) for month in range(LENGTH - 1)]
    there = world.truth[timeline.first].index
    for name in FULL_HISTORY:
        before = [world.deliveries[month][name] for month in range(timeline.first)]
        kept = [rows[rows["customer_id"].isin(there)] for rows in before]
        months[0][name] = pd.concat([*kept, months[0][name]], ignore_index=True)
    return list(months)


def _damaged(
    world: World, timeline: Timeline, composition: Composition, clean: Sequence[Delivery]
) -> list[Mapping[str, pd.DataFrame]]:
    people = _people(clean)
    delivered: list[Mapping[str, pd.DataFrame]] = []
    for month, delivery in enumerate(clean):
        arriving = delivery
        previous = delivered[-1] if delivered else {}
        start = timeline.start(month)
        for place, (_, fault) in enumerate(composition.faults):
            streams = _streams(world, place)
            arriving = fault.deliver(arriving, month=month, month_start=start, streams=streams, previous=previous)
        alive = people[people.index.isin(world.truth[timeline.first + month].index)]
        log = arriving["subscriptions"]
        for place, booked in enumerate(composition.labels):
            if booked.active(month):
                streams = _streams(world, _LABEL_STREAMS + place)
                log = booked.what.book(
                    log,
                    alive,
                    Damage(amount=booked.dose, month=month, month_start=start, streams=streams, previous={}),
                )
        delivered.append({**arriving, "subscriptions": log})
    return delivered


def _streams(world: World, place: int) -> Streams:
    """Random streams of one fault, so that no two faults hit the same customers."""
    return Streams((world.company.seed + 1 + place) % (1 << 63))


def _people(clean: Sequence[Delivery]) -> pd.DataFrame:
    """Every customer with region, channel and platform, and the plan and price of the start, by id."""
    customers = pd.concat([month["customers"] for month in clean]).drop_duplicates("customer_id")
    starts = pd.concat([month["subscriptions"] for month in clean])
    starts = starts[starts["event"] == "start"].drop_duplicates("customer_id").set_index("customer_id")
    known = customers.set_index("customer_id")[["region", "channel", "platform"]].astype("object")
    return known.join(starts[["plan", "price_cents"]].astype({"plan": "object"}))


def _table(months: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table, rows in the order in which they could be read, columns of numbers, times and text."""
    plain = pd.concat([_plain(month) for month in months], ignore_index=True)
    return plain.sort_values("available_at", kind="stable", ignore_index=True)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{name: _plain_column(rows[name]) for name in rows.columns})


def _plain_column(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]")
    if values.name in MAY_BE_EMPTY:
        return pd.Series(np.asarray(values.astype("float64")), index=values.index)
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return values
    return values.astype("str")


def _labels(tables: Mapping[str, pd.DataFrame], right: pd.DataFrame, timeline: Timeline) -> pd.DataFrame:
    """Label rows as the team made them at the extract, and `right` from the undamaged log with everything known."""
    log = {"subscriptions": tables["subscriptions"]}
    customers = tables["customers"]
    parts = []
    for month in TRAINED:
        cutoff = timeline.start(month)
        known = customers[(customers["event_at"] < cutoff) & (customers["available_at"] < cutoff)]
        listed: pd.Index = pd.Index(np.unique(known["customer_id"]), name="customer_id")
        handed = labels(log, listed, cutoff, as_of=timeline.start(EXTRACT)).dropna()
        true = labels({"subscriptions": right}, handed.index, cutoff, as_of=timeline.start(EXTRACT) + _YEARS)
        true = true.where(handed.index.to_numpy() < FIRST_ID, handed)
        parts.append(pd.DataFrame({"cutoff": cutoff, "churned": handed, "right": true}).reset_index())
    return pd.concat(parts, ignore_index=True)[["customer_id", "cutoff", "churned", "right"]]


_YEARS = pd.Timedelta(days=3650)
"""Long enough for every booking to be known."""
