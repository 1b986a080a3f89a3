"""Clipped values: an upstream job limits the number of sessions, to save space.

Heavy users look like moderate ones, and neither is about to leave.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    if usage.empty:
        return {}
    cap = int(usage["sessions"].quantile(1.0 - damage.amount))
    return {"usage": usage.assign(sessions=usage["sessions"].clip(upper=max(cap, 1)))}


FAULT = Fault(
    name="clipped_values",
    title="Large session counts are cut off",
    tables=("usage",),
    apply=_apply,
    unit="share of rows that is cut",
    dose=0.3,
    most=1.0,
    guard="share of rows at the maximum",
    harmless=True,
)
