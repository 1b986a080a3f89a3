"""What a graded case holds, for whoever looks at it from outside."""

from scenarios.base import Case
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.kit.story import Piece


class CaseStory(Piece):
    """The case in figures; texts are empty in a control."""

    level: str
    title: str
    where: str
    mechanism: str
    action: str
    since: str
    dose: float
    hit: int
    cost: float
    cost_by_month: tuple[float, ...]


def demonstrate(case: Case[IncidentTruth]) -> CaseStory:
    """The story of a case."""
    truth = case.truth
    incident, struck = truth.incident, truth.struck
    return CaseStory(
        level=str(truth.level),
        title="" if incident is None else incident.title,
        where="" if incident is None else incident.place,
        mechanism="" if incident is None else incident.mechanism,
        action="" if incident is None else incident.action,
        since=truth.since or "",
        dose=0.0 if struck is None else struck.dose,
        hit=len(truth.affected),
        cost=truth.cost,
        cost_by_month=tuple(round(one.cost, 2) for one in truth.months),
    )
