"""Swapped columns: a loader reads the usage file by position after two columns changed places."""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    hit = damage.hits(usage["customer_id"])
    sessions, minutes = usage["sessions"], usage["active_minutes"]
    return {
        "usage": usage.assign(
            sessions=sessions.mask(hit, minutes.round().astype(sessions.dtype)),
            active_minutes=minutes.mask(hit, sessions.astype(minutes.dtype)),
        )
    }


FAULT = Fault(
    name="swapped_columns",
    title="Two usage columns change places",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="named columns; minutes per session within its range",
)
