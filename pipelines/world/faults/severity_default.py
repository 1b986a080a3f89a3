"""Severity default: a refactoring of the help desk writes the highest severity where severity is not known yet.

The null rate improves and one value piles up. Severity adds nothing to the count of tickets, so no decision changes.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

HIGHEST = 3
"""The highest severity of a ticket."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    tickets = delivery["tickets"]
    unknown = tickets["severity"].isna() & damage.hits(tickets["ticket_id"])
    return {"tickets": tickets.assign(severity=tickets["severity"].mask(unknown, HIGHEST))}


FAULT = Fault(
    name="severity_default",
    title="Unknown ticket severity is written as the highest",
    tables=("tickets",),
    apply=_apply,
    unit="share of tickets",
    dose=1.0,
    most=1.0,
    guard="share of the default value; null rate that falls",
    harmless=True,
)
