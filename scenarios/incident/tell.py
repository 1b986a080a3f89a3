"""Tell the story of a case: the year month by month, what each layer could see, what silence cost, and who found it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitoring.vocabulary import Severity
from scenarios.base import Answer
from scenarios.incident.answers.simple import middling, weak
from scenarios.incident.answers.strong import strong
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.exam.grade import AFFECTED, grade, overlap_of
from scenarios.incident.exam.plant import Shown
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.incident.story import Change, Known, Month, Practice, Story
from scenarios.incident.watching import Watched
from scenarios.kit.story import Line

QUESTION: Final = (
    "A churn system scored every month, every light was green, and something went wrong in silence. Which step failed, "
    " since when, whom did it hit, and which guard would have stopped it in its first month?"
)

PRACTICES: Final[tuple[tuple[str, str, Callable[[Path], Answer]], ...]] = (
    ("blames the last change", "Takes the last entry of the change log before the first complaint, retrains.", weak),
    ("stops at the cause", "Finds the step and calls everybody hit; watches rows and missing cells.", middling),
    ("goes along the chain", "Compares every step's output with its input, then does every run over.", strong),
)
"""Ways of working, from weak to sound."""

SEVERITIES: Final = (Severity.INFO, Severity.WARNING, Severity.CRITICAL)
"""Rising."""

DATASET_SHARE: Final = 0.5
"""Share of drifted columns from which the vendor's preset calls the whole table drifted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the layers beside the dashboard said, one entry a run, and what people made of the files."""

    vendor: Sequence[tuple[str, ...]]
    watched: Sequence[Watched]
    guard: Sequence[str]
    practices: tuple[Practice, ...]


def tell(shown: Shown, seen: Seen, *, evidently: Sequence[str]) -> Story:
    """The story of a case that was shown, from what the layers said of it."""
    truth, lived = shown.case.truth, shown.lived
    incident, struck = truth.incident, truth.struck
    return Story(
        title="Incident: a silent failure and the guard that stays",
        question=QUESTION,
        level=str(truth.level),
        control=incident is None,
        customers=len(lived.runs[0].log),
        happened="" if incident is None else incident.title,
        told="" if incident is None else incident.story,
        where="" if incident is None else incident.place,
        mechanism="" if incident is None else incident.mechanism,
        action="" if incident is None else incident.action,
        unit="" if incident is None else incident.unit,
        dose=0.0 if struck is None else struck.dose,
        since=truth.since or "",
        cost=truth.cost,
        hit=len(truth.affected),
        months=_months(shown, seen),
        changes=_changes(shown),
        practices=seen.practices,
        bank=tuple(
            Known(title=one.title, place=one.place, mechanism=one.mechanism, guard=one.guard, here=one == incident)
            for one in INCIDENTS
        ),
        evidently=tuple(evidently),
    )


def _months(shown: Shown, seen: Seen) -> tuple[Month, ...]:
    months, so_far = list[Month](), 0.0
    for place, (run, panel, harm) in enumerate(
        zip(shown.lived.runs, shown.panels, shown.case.truth.months, strict=True)
    ):
        report, drifted = seen.watched[place].report, seen.vendor[place]
        so_far += harm.cost
        active = [one for one in report.incidents if one.lead.active]
        months.append(
            Month(
                label=run.label,
                jobs_ok=panel.jobs_ok,
                errors_5xx=panel.errors_5xx,
                latency_ms=panel.latency_ms,
                rows=panel.rows,
                missing=panel.null_share,
                auc=panel.auc,
                lights=panel.lights,
                vendor=drifted,
                vendor_dataset=len(drifted) >= DATASET_SHARE * run.snapshot.shape[1],
                monitor=tuple(f"{one.severity}: {one.lead.message}"[:240] for one in active),
                monitor_severity=str(max((one.severity for one in active), key=SEVERITIES.index, default="")),
                blocked=report.blocked,
                guard=seen.guard[place],
                offers=len(run.offers),
                hit=len(harm.affected),
                wrongly_offered=harm.wrongly_offered,
                left_out=harm.left_out,
                cost=round(harm.cost, 2),
                so_far=round(so_far, 2),
            )
        )
    return tuple(months)


def _changes(shown: Shown) -> tuple[Change, ...]:
    """The log; of entries with the words of the lead the newest before the first wrong run did it."""
    truth = shown.case.truth
    rows = [tuple(map(str, row)) for row in shown.papers.changes[["day", "team", "what"]].to_numpy()]
    lead = "" if truth.incident is None else truth.incident.lead
    did_it = max((day for day, _, what in rows if what == lead and day < f"{truth.since}-02"), default="")
    return tuple(Change(day=day, team=team, what=what, lead=what == lead and day == did_it) for day, team, what in rows)


def practices(folder: Path, truth: IncidentTruth) -> tuple[Practice, ...]:
    """Every way of working on the public files in a folder."""
    return tuple(_practice(name, what, answer(folder), truth) for name, what, answer in PRACTICES)


def _practice(name: str, what: str, answer: Answer, truth: IncidentTruth) -> Practice:
    """The practice's words and its points on the sheet; guards are shown on the year itself."""
    lines = [one for one in grade(answer, truth).checks if not one.name.startswith("guard") and one.status != "skipped"]
    said = answer.sheet.findings[0] if answer.sheet.findings else None
    figure, table = answer.sheet.estimates.get("cost"), answer.tables.get(AFFECTED)
    return Practice(
        name=name,
        what=what,
        where="" if said is None else said.where,
        mechanism="" if said is None else said.mechanism,
        since="" if said is None or said.since is None else said.since,
        action="" if said is None else said.action,
        rows=0 if table is None else len(table),
        overlap=None if table is None or truth.incident is None else round(overlap_of(table, truth.affected), 4),
        cost=None if figure is None else round(figure.value, 2),
        points=round(sum(one.points for one in lines), 2),
        of=round(sum(one.of for one in lines), 2),
        lines=tuple(Line(name=one.name, points=one.points, of=one.of, reason=one.reason) for one in lines),
    )
