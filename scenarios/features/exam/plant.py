"""Make a case: a company's record, what is planted in it, the files handed out, and the truth."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from pipelines.recorded import World
from pipelines.world.truth import expected_auc
from scenarios.base import Case, Draw
from scenarios.features.exam import codes
from scenarios.features.exam.company import luck, recorded_company
from scenarios.features.exam.compose import Booked, Composition, composed
from scenarios.features.exam.dictionary import ENTRIES, written
from scenarios.features.exam.learner import fit
from scenarios.features.exam.public import public_files
from scenarios.features.exam.record import Record, recorded
from scenarios.features.exam.starting import starter_features
from scenarios.features.exam.timeline import CHECKED, SEALED, TRAINED, Timeline
from scenarios.features.exam.truth import FeaturesTruth, Planted, Sealed

_COMPOSE, _WORDS = 1, 9
"""Purposes of the draws that choose what is planted, and the words of the dictionary."""

LABEL_PLACES: Final = (
    "subscriptions",
    "subscriptions.event",
    "subscriptions.reason",
    "subscriptions.event_at",
    "subscriptions.available_at",
    "labels",
    "labels.churned",
)
"""What is right to name for a wrong way of booking."""

ODD_BUT_SOUND: Final = (
    "tickets.satisfaction",
    "tickets.category",
    "payments.decline_code",
    "payments.attempt",
    "attribute_history.price_cents",
    "attribute_history.contract_ends_at",
    "attribute_history.discount_ends_at",
    "attribute_history.available_at",
    "contacts.accepted",
    "usage.app_version",
)
"""Columns that look odd in every company and are as they should be: empty surveys, retries, yearly price rises."""


def plant(draw: Draw) -> Case[FeaturesTruth]:
    """A case with faults, in a company of its own."""
    return plant_into(recorded_company(draw.seed), draw)


def control(draw: Draw) -> Case[FeaturesTruth]:
    """The same surface with clean tables and right labels."""
    return plant_into(recorded_company(draw.seed), draw, healthy=True)


def plant_into(world: World, draw: Draw, *, first: int = 0, healthy: bool = False) -> Case[FeaturesTruth]:
    """A case in a recorded world, from its month `first` on."""
    timeline = Timeline(calendar=world.company.calendar, first=first)
    rng = luck(draw.seed, _COMPOSE + list(type(draw.level)).index(draw.level))
    composition = Composition() if healthy else composed(draw.level, rng)
    record = recorded(world, timeline, composition)
    sealed = tuple(_sealed(world, timeline, record, month) for month in SEALED)
    planted = _planted(composition, timeline)
    truth = FeaturesTruth(
        level=draw.level,
        planted=planted,
        decoys=frozenset(ODD_BUT_SOUND) - {place for one in planted for place in one.places},
        known=known_places(record.tables),
        tables=record.tables,
        extract=timeline.extract,
        trained=tuple(timeline.start(month) for month in TRAINED),
        checked=tuple(timeline.start(month) for month in CHECKED),
        labels=record.labels,
        sealed=sealed,
        baseline=round(_baseline(record, timeline, sealed), 6),
        bayes=round(float(np.mean([expected_auc(one.p, one.p) for one in sealed])), 6),
    )
    dictionary = written(composition.lines, luck(draw.seed, _WORDS))
    return Case(public=public_files(truth, dictionary), truth=truth)


def known_places(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Every word a finding may use for a place."""
    columns = [f"{table}.{column}" for table, rows in tables.items() for column in rows.columns]
    lines = [f"{codes.DICTIONARY_PLACE}{entry.place}" for entry in ENTRIES]
    return frozenset([*tables, *columns, *lines, "labels", "labels.churned"])


def _sealed(world: World, timeline: Timeline, record: Record, month: int) -> Sealed:
    """Who is at risk in a sealed month, of those whose sign-up was known."""
    cutoff = timeline.start(month)
    truth = world.truth[timeline.first + month]
    customers = record.tables["customers"]
    known = customers["customer_id"][(customers["event_at"] < cutoff) & (customers["available_at"] < cutoff)]
    at_risk: pd.Index = pd.Index(np.intersect1d(known, truth.index), name="customer_id")
    return Sealed(cutoff=cutoff, customers=at_risk, p=truth.loc[at_risk, "bayes"].to_numpy(np.float64))


def _baseline(record: Record, timeline: Timeline, sealed: Sequence[Sealed]) -> float:
    """The exact AUC of the team's stuck model: the starter's features, the labels as they stand."""
    features = {}
    for cutoff in [timeline.start(month) for month in TRAINED] + [one.cutoff for one in sealed]:
        known = {name: rows[rows["available_at"] < cutoff] for name, rows in record.tables.items()}
        features[cutoff] = starter_features()(known, cutoff)
    parts = [rows for _, rows in record.labels.groupby("cutoff")]
    table = pd.concat([features[rows["cutoff"].iloc[0]].reindex(rows["customer_id"]) for rows in parts])
    model = fit(table, np.concatenate([rows["churned"].to_numpy(np.float64) for rows in parts]))
    return float(
        np.mean([expected_auc(model.score(features[one.cutoff].reindex(one.customers)), one.p) for one in sealed])
    )


def _planted(composition: Composition, timeline: Timeline) -> tuple[Planted, ...]:
    faults = [
        Planted(
            name=one.name,
            title=one.fault.title,
            kind="data",
            places=one.places,
            mechanism=one.mechanism,
            dose=pulled.dose,
            since=timeline.label(pulled.start),
        )
        for one, pulled in composition.faults
    ]
    lines = [
        Planted(
            name=f"line {entry.place}",
            title=f"The dictionary is wrong about {entry.place}",
            kind="dictionary",
            places=(f"{codes.DICTIONARY_PLACE}{entry.place}",),
            mechanism=codes.DICTIONARY,
            dose=1.0,
            since="",
        )
        for entry in composition.lines
    ]
    return (*faults, *(_booked(one, timeline) for one in composition.labels), *lines)


def _booked(one: Booked, timeline: Timeline) -> Planted:
    return Planted(
        name=one.what.name,
        title=one.what.title,
        kind="labels",
        places=LABEL_PLACES,
        mechanism=one.what.mechanism,
        dose=one.dose,
        since=timeline.label(one.start),
    )
