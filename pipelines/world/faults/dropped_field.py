"""Dropped field: the app's newest versions lose the session count for some of their users.

A null step in one slice that grows as people update.
"""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault

FIELDS = ("sessions",)

VERSIONS = 2
"""How many of the newest app versions have lost the field."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    newest = _newest_versions(usage["app_version"].astype(str))
    hit = usage["app_version"].astype(str).isin(newest).to_numpy() & damage.hits(usage["customer_id"])
    return {"usage": usage.assign(**{name: usage[name].mask(hit) for name in FIELDS})}


def _newest_versions(versions: pd.Series) -> list[str]:
    """The newest versions present, by number; the web has none."""
    numbers = {version for version in versions.unique() if version != "web"}
    return sorted(numbers, key=lambda version: tuple(int(part) for part in version.split(".")))[-VERSIONS:]


FAULT = Fault(
    name="dropped_field",
    title="New app versions lose the session count",
    tables=("usage",),
    apply=_apply,
    unit="share of customers on those versions",
    dose=0.5,
    most=1.0,
    guard="null rate by app version",
)
