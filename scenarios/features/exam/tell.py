"""What a graded case holds, for whoever looks at it from outside: what is planted, and what there is to be gained."""

from scenarios.base import Case
from scenarios.features.exam.truth import FeaturesTruth, Planted
from scenarios.kit.story import Piece


class Event(Piece):
    """One planted fault."""

    title: str
    kind: str
    mechanism: str
    places: tuple[str, ...]
    since: str


class CaseStory(Piece):
    """The case in figures: faults, wrong labels, the stuck model and the best possible score in the sealed months."""

    level: str
    planted: tuple[Event, ...]
    label_rows: int
    wrong_labels: int
    baseline: float
    bayes: float


def demonstrate(case: Case[FeaturesTruth]) -> CaseStory:
    """The story of a case."""
    truth = case.truth
    return CaseStory(
        level=str(truth.level),
        planted=tuple(map(event, truth.planted)),
        label_rows=len(truth.labels),
        wrong_labels=int(truth.wrong.sum()),
        baseline=truth.baseline,
        bayes=truth.bayes,
    )


def event(one: Planted) -> Event:
    """A planted fault as the story shows it."""
    return Event(title=one.title, kind=one.kind, mechanism=one.mechanism, places=one.places, since=one.since)
