"""What a graded case holds, for whoever looks at it from outside: what happened, what it costs, what the model does."""

from scenarios.base import Case
from scenarios.drift.exam.truth import DriftTruth, Happened
from scenarios.kit.story import Piece


class Event(Piece):
    """One thing that happened."""

    title: str
    mechanism: str
    places: tuple[str, ...]
    since: str
    action: str
    damage: float


class CaseStory(Piece):
    """The case in figures: events that hurt, events that do not, and the model's newest months."""

    level: str
    harmful: tuple[Event, ...]
    harmless: tuple[Event, ...]
    auc: float
    profit: float


def demonstrate(case: Case[DriftTruth]) -> CaseStory:
    """The story of a case."""
    truth = case.truth
    return CaseStory(
        level=str(truth.level),
        harmful=tuple(map(_event, truth.harmful)),
        harmless=tuple(map(_event, truth.harmless)),
        auc=truth.auc,
        profit=truth.profit,
    )


def _event(one: Happened) -> Event:
    return Event(
        title=one.title,
        mechanism=one.mechanism,
        places=one.places,
        since=one.since,
        action=str(one.action),
        damage=one.damage,
    )
