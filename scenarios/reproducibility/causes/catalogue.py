"""Every cause, by family."""

from typing import Final

from scenarios.reproducibility.causes import (
    carried_state,
    environment_variable,
    floating_version,
    hash_order,
    locale_encoding,
    newest_extract,
    other_model,
    other_split,
    overwritten_table,
    partial_read,
    row_order,
    thread_count,
    time_zone,
    undeclared_file,
    unlogged_parameter,
    unseeded_split,
    wall_clock,
    wrong_commit,
)
from scenarios.reproducibility.causes.cause import Cause

CAUSES: Final[tuple[Cause, ...]] = (
    overwritten_table.CAUSE,
    newest_extract.CAUSE,
    row_order.CAUSE,
    partial_read.CAUSE,
    unseeded_split.CAUSE,
    hash_order.CAUSE,
    wall_clock.CAUSE,
    locale_encoding.CAUSE,
    time_zone.CAUSE,
    thread_count.CAUSE,
    carried_state.CAUSE,
    floating_version.CAUSE,
    environment_variable.CAUSE,
    undeclared_file.CAUSE,
    unlogged_parameter.CAUSE,
    wrong_commit.CAUSE,
    other_split.CAUSE,
    other_model.CAUSE,
)


def cause(code: str) -> Cause:
    """The cause of that code. Raises KeyError for any other."""
    return {one.code: one for one in CAUSES}[code]
