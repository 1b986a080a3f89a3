"""Severity default: a refactoring of the help desk writes medium severity where severity is not known yet.

The null rate improves and one value piles up. Only the highest severity is counted anywhere, so no decision changes.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

MEDIUM = 2
"""The middle of the three severities."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    tickets = delivery["tickets"]
    unknown = tickets["severity"].isna() & damage.hits(tickets["ticket_id"])
    return {"tickets": tickets.assign(severity=tickets["severity"].mask(unknown, MEDIUM))}


FAULT = Fault(
    name="severity_default",
    title="Unknown ticket severity is written as medium",
    tables=("tickets",),
    apply=_apply,
    unit="share of tickets",
    dose=1.0,
    most=1.0,
    guard="share of the default value; null rate that falls",
    harmless=True,
)
