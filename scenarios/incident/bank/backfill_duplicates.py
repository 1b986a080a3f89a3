"""Backfill duplicates: the loader of the app's usage appends what a backfill has written already."""

from pipelines.world.faults import duplicates
from scenarios.incident.bank.incident import DUPLICATES, REPAIR_FEED, Incident, Injection

INCIDENT = Incident(
    name="backfill_duplicates",
    title="A backfill writes the app's usage again",
    story=(
        "A backfill appended weeks that were there already, and has been scheduled ever since. Heavy use looks "
        "healthy, so customers on their way out went unnoticed."
    ),
    place="usage",
    mechanism=DUPLICATES,
    action=REPAIR_FEED,
    injection=Injection(delivery=duplicates.FAULT),
    unit="extra copies of an app user's row, on average",
    doses=(2.0, 4.0),
    team="data platform",
    lead="usage: backfill of late app events is scheduled nightly",
    guard="customer and week are unique",
    level=0,
)
