"""Ticket fan-out: the help desk's tickets are joined to a table of agents that holds several rows a ticket."""

from pipelines.world.faults import fan_out
from scenarios.incident.bank.incident import FAN_OUT, REPAIR_FEED, Incident, Injection

INCIDENT = Incident(
    name="ticket_fan_out",
    title="A join multiplies tickets",
    story=(
        "Tickets were joined to their agents. A ticket with several agents became several tickets, and quiet "
        "customers began to look angry."
    ),
    place="tickets",
    mechanism=FAN_OUT,
    action=REPAIR_FEED,
    injection=Injection(delivery=fan_out.FAULT),
    unit="extra copies of a ticket on average",
    doses=(1.5, 3.0),
    team="support tools",
    lead="help desk export now carries the agent of each ticket",
    guard="ticket_id and event are unique",
    level=0,
)
