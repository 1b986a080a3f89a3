"""Wrong join: the feature job joins payment features by position, and the two sides are no longer sorted alike."""

import numpy as np
import pandas as pd

from pipelines.features import SOURCES
from scenarios.incident.bank.incident import FEATURE_JOB, ROLL_BACK, WRONG_KEY, Incident, Injection, Now

COLUMNS = tuple(name for name, table in SOURCES.items() if table == "payments")


def _snapshot(features: pd.DataFrame, now: Now) -> pd.DataFrame:
    """In a share of the partitions every customer gets the payment features of the one before."""
    hit = now.damage.hits(pd.Series(features.index))
    place = np.flatnonzero(hit)
    other = features.index.to_numpy()[np.roll(place, 1)]
    moved = {name: features[name].copy() for name in COLUMNS}
    for name, values in moved.items():
        values.iloc[place] = features[name].loc[other].to_numpy()
    return features.assign(**moved)


INCIDENT = Incident(
    name="wrong_join",
    title="Payment features belong to somebody else",
    story=(
        "The feature job was sped up: payment features are glued on by position instead of by key. In some "
        "partitions the two sides are sorted differently, and every customer there has the neighbour's payments."
    ),
    place=FEATURE_JOB,
    mechanism=WRONG_KEY,
    action=ROLL_BACK,
    injection=Injection(snapshot=_snapshot),
    unit="share of customers",
    doses=(0.3, 0.5),
    team="machine learning",
    lead="feature job: joins rewritten, run time down by two thirds",
    guard="features rebuilt from the raw tables equal the snapshot",
    level=1,
)
