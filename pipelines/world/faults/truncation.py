"""Truncation: a limit on file size cuts the newest rows of the usage file."""

import numpy as np

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    kept = int(len(usage) * (1.0 - damage.amount))
    oldest_first = usage["event_at"].argsort(kind="stable").to_numpy()
    return {"usage": usage.iloc[np.sort(oldest_first[:kept])].reset_index(drop=True)}


FAULT = Fault(
    name="truncation",
    title="The newest usage rows are cut off",
    tables=("usage",),
    apply=_apply,
    unit="share of rows that is lost",
    dose=0.3,
    most=1.0,
    guard="row counts reconciled with the source",
)
