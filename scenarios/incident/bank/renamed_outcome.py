"""Renamed outcome: a second payment processor writes `settled` where the first one writes `paid`."""

from pipelines.world.faults import renamed_category
from scenarios.incident.bank.incident import RENAMED, REPAIR_FEED, Incident, Injection

INCIDENT = Incident(
    name="renamed_outcome",
    title="A payment processor has another word for paid",
    story=(
        "A second payment processor says `settled` where the first one says `paid`. Whoever pays through it looked "
        "like somebody who owes."
    ),
    place="payments",
    mechanism=RENAMED,
    action=REPAIR_FEED,
    injection=Injection(delivery=renamed_category.FAULT),
    unit="share of customers with that processor",
    doses=(0.04, 0.1),
    team="billing",
    lead="second payment processor takes a first share of the traffic",
    guard="closed set of words in every category",
    level=0,
)
