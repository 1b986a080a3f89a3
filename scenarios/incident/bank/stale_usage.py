"""Stale usage: the rollup of usage has stopped, and a cache in front of it serves the last partition with new dates."""

from pipelines.world.faults import stale_feed
from scenarios.incident.bank.incident import REPAIR_FEED, STALE, Incident, Injection

INCIDENT = Incident(
    name="stale_usage",
    title="Old usage is served again with new dates",
    story=(
        "The usage rollup stopped. A cache in front of it went on serving each customer's last weeks under new "
        "dates, so every chart of distributions stayed where it was."
    ),
    place="usage",
    mechanism=STALE,
    action=REPAIR_FEED,
    injection=Injection(delivery=stale_feed.FAULT),
    unit="share of customers",
    doses=(0.85, 1.0),
    team="data platform",
    lead="usage rollup reads through the new partition cache",
    guard="share of customers whose week rows equal last month's",
    level=1,
    lost=True,
)
