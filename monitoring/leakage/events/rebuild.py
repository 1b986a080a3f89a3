"""Checks that remake the table from the event tables with the builder under audit."""

from monitoring.leakage.events.builder_runs import workshop
from monitoring.leakage.events.rebuild_as_of import as_of, as_of_in
from monitoring.leakage.events.rebuild_truncated import cleared, truncated, truncated_in
from monitoring.leakage.events.rebuilt import rebuilt
from monitoring.leakage.vocabulary import Clue, Question

__all__ = ["as_of", "cleared", "remade", "truncated"]


def remade(question: Question) -> list[Clue]:
    """`truncated` and `as_of` from the same builds, for half the time.

    Raises
    ------
    MonitorError
        If the builder fails, does not return one row an entity, or makes none of the table's rows.
    """
    shop = workshop(question)
    if shop is None:
        return []
    built = rebuilt(question, shop)
    return [*truncated_in(question, shop, built), *as_of_in(question, shop, built)]
