"""What really happened in a case, what it costs, and what the model really does in the newest months."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.replay.policy import Action
from scenarios.base import Level
from scenarios.drift.exam.codes import MODEL
from scenarios.drift.exam.events import Family


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One event. `places` are features, tables and segments that are right to name for it.

    `since` is the first month (``2025-03``) whose cohort it touches, `damage` the campaign profit the model misses
    because of it, per 1,000 customers and month of the newest months.
    """

    name: str
    title: str
    family: Family
    places: tuple[str, ...]
    mechanism: str
    action: Action
    since: str
    gradual: bool
    damage: float

    @property
    def everywhere(self) -> bool:
        """Whether it is right to say that it is in no place of its own: people changed, not a column."""
        return self.family in (Family.CONCEPT, Family.LABEL)

    def named_by(self, where: str) -> bool:
        """Whether a finding's `where` is about this event."""
        return where in self.places or (where == MODEL and self.everywhere)


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftTruth:
    """The truth of a case.

    `harmful` and `harmless` are what happened. `known` are all words a finding may use for a place. `auc` and `profit`
    (per 1,000 customers and month) are exact, over the newest months. `seed` makes the hidden years.
    """

    level: Level
    harmful: tuple[Happened, ...]
    harmless: tuple[Happened, ...]
    known: frozenset[str]
    auc: float
    profit: float
    seed: int

    @property
    def damage(self) -> Mapping[str, float]:
        """Each harmful event's damage."""
        return {one.name: one.damage for one in self.harmful}
