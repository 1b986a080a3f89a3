"""Late rows: usage arrives days after it happened, so the newest weeks are missing when customers are scored."""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    return {"usage": usage.assign(available_at=usage["available_at"] + pd.Timedelta(days=damage.amount))}


FAULT = Fault(
    name="late_rows",
    title="Usage arrives days late",
    tables=("usage",),
    apply=_apply,
    unit="days of additional delay",
    dose=9.0,
    most=60.0,
    guard="completeness by age of the newest week",
)
