"""Never do anything."""

from collections.abc import Sequence

from pipelines.replay.policy import Decision, Known, Seen


def never(_seen: Seen, _known: Known, _before: Sequence[Seen]) -> Decision:
    """Keep the first champion and call nobody."""
    return Decision()
