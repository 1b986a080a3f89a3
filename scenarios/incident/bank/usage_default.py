"""Usage default: look-ups of usage that time out are written as 0."""

from pipelines.world.faults import null_to_default
from scenarios.incident.bank.incident import DEFAULT, REPAIR_FEED, Incident, Injection

INCIDENT = Incident(
    name="usage_default",
    title="Usage that cannot be looked up is written as 0",
    story=(
        "A refactoring gave every failed look-up of usage the value 0. Nothing was missing any more, the null rate "
        "even fell, and healthy customers seemed to have gone quiet."
    ),
    place="usage",
    mechanism=DEFAULT,
    action=REPAIR_FEED,
    injection=Injection(delivery=null_to_default.FAULT),
    unit="share of customers whose look-up fails",
    doses=(0.15, 0.3),
    team="data platform",
    lead="usage loader: numeric columns are never null, consumers asked for it",
    guard="share of rows that are 0 in every column",
    level=0,
    lost=True,
)
