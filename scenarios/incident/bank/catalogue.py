"""All incidents, in the order in which they are taught, and the way to find one by name."""

from typing import Final

from pipelines.catalogue import by_name
from scenarios.incident.bank import (
    backfill_duplicates,
    column_order,
    doubled_invoices,
    eternal_cache,
    failed_rollback,
    long_horizon,
    month_boundary,
    moved_threshold,
    own_labels,
    renamed_outcome,
    stale_usage,
    ticket_fan_out,
    truncated_batch,
    unknown_contract,
    usage_default,
    wrong_join,
    wrong_month,
)
from scenarios.incident.bank.incident import Incident

INCIDENTS: Final[tuple[Incident, ...]] = (
    # raw tables
    ticket_fan_out.INCIDENT,
    usage_default.INCIDENT,
    backfill_duplicates.INCIDENT,
    renamed_outcome.INCIDENT,
    stale_usage.INCIDENT,
    doubled_invoices.INCIDENT,
    # features
    wrong_join.INCIDENT,
    month_boundary.INCIDENT,
    eternal_cache.INCIDENT,
    unknown_contract.INCIDENT,
    # scores
    failed_rollback.INCIDENT,
    column_order.INCIDENT,
    truncated_batch.INCIDENT,
    wrong_month.INCIDENT,
    # decisions and labels
    moved_threshold.INCIDENT,
    own_labels.INCIDENT,
    long_horizon.INCIDENT,
)


def incident(name: str) -> Incident:
    """The incident called `name`. Raises LabError with the nearest name and the whole list."""
    return by_name(INCIDENTS, name, "incident")
