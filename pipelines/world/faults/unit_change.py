"""Unit change: the app starts to send active time in seconds, in a column that holds minutes."""

from pipelines.world.faults.fault import Damage, Delivery, Fault

SECONDS = 60


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    minutes = usage["active_minutes"]
    hit = (usage["platform"] == "app") & damage.hits(usage["customer_id"])
    return {"usage": usage.assign(active_minutes=minutes.where(~hit, minutes * SECONDS))}


FAULT = Fault(
    name="unit_change",
    title="The app sends seconds where minutes are expected",
    tables=("usage",),
    apply=_apply,
    unit="share of app users",
    dose=1.0,
    most=1.0,
    guard="range by platform",
)
