"""Renamed category: the help desk calls the event 'opened' now 'created'.

What counts opened tickets counts none.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

OLD, NEW = "opened", "created"


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    tickets = delivery["tickets"]
    hit = (tickets["event"] == OLD) & damage.hits(tickets["ticket_id"])
    return {"tickets": tickets.assign(event=tickets["event"].astype("object").mask(hit, NEW))}


FAULT = Fault(
    name="renamed_category",
    title="The help desk renames the event of opening a ticket",
    tables=("tickets",),
    apply=_apply,
    unit="share of tickets",
    dose=1.0,
    most=1.0,
    guard="closed set of categories",
)
