"""Month boundary: the feature job asks the region's clock for the month, and in the Americas it is still last month."""

import pandas as pd

from scenarios.incident.bank.incident import FEATURE_JOB, ROLL_BACK, TIME_ZONE, Incident, Injection, Now

REGION = "AMER"


def _snapshot(features: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Customers of a region whose worker runs on local time get the snapshot of the run before."""
    behind = (features["region"] == REGION).to_numpy() & now.damage.hits(pd.Series(features.index))
    last = now.snapshots[-1]
    there = features.index.isin(last.index) & behind
    kept = pd.concat([last.loc[features.index[there]], features[~there]])
    return kept.loc[features.index].astype(features.dtypes.to_dict())


INCIDENT = Incident(
    name="month_boundary",
    title="A region is taken at the month before",
    story=(
        "Workers were moved to regional clusters. The job asks the local clock which month it is, and at midnight "
        "UTC it is still last month in the Americas: their features are a whole month old."
    ),
    place=FEATURE_JOB,
    mechanism=TIME_ZONE,
    action=ROLL_BACK,
    injection=Injection(snapshot=_snapshot),
    unit="share of the region's customers",
    doses=(0.8, 1.0),
    team="machine learning",
    lead="feature job moves to the regional clusters",
    guard="features rebuilt from the raw tables equal the snapshot",
    level=1,
)
