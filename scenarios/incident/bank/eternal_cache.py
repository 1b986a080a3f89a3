"""Eternal cache: the feature job keeps features of events after the first request and never renews them."""

import pandas as pd

from pipelines.features import SOURCES
from scenarios.incident.bank.incident import CACHE, FEATURE_JOB, ROLL_BACK, Incident, Injection, Now

COLUMNS = tuple(name for name, table in SOURCES.items() if table in ("usage", "tickets", "payments"))


def _snapshot(features: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Event features as they stood in the run before the cache came; customers it does not know are computed."""
    cached = now.snapshots[-1 - now.started]
    hit = features.index.isin(cached.index) & now.damage.hits(pd.Series(features.index))
    old = cached.reindex(features.index)
    return features.assign(**{name: features[name].where(~hit, old[name]) for name in COLUMNS})


INCIDENT = Incident(
    name="eternal_cache",
    title="Cached features never expire",
    story=(
        "A cache was put before the costly aggregates of events. Its entries have no expiry: whoever was in it once "
        "kept the figures of that day. The raw tables were fresh all the time."
    ),
    place=FEATURE_JOB,
    mechanism=CACHE,
    action=ROLL_BACK,
    injection=Injection(snapshot=_snapshot),
    unit="share of customers in the cache",
    doses=(0.35, 0.5),
    team="machine learning",
    lead="feature job: aggregates of events are cached",
    guard="features rebuilt from the raw tables equal the snapshot",
    level=1,
)
