"""Retrain every so many months, whatever happens."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.replay.policy import Action, Decision, Known, Seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Retrain in every `months`-th production month."""

    months: int

    def __call__(self, _seen: Seen, _known: Known, before: Sequence[Seen]) -> Decision:
        """Retrain when the time has come."""
        due = (len(before) + 1) % self.months == 0
        return Decision(action=Action.RETRAIN if due else Action.KEEP)
