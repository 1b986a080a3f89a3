"""The verdict in sentences: what was found, what it costs, what to do, and what cannot be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitoring.judging import is_about, judging
from monitoring.monitor import MonthReport
from monitoring.own_tables.watch import Watched
from monitoring.vocabulary import Cause, Layer, Measurement, Severity, State, Verdict
from pipelines.user_tables.nearest import listed
from scenarios.monitor.report import Report, Told, columns, loud
from scenarios.page.figures import counted, number, percent
from scenarios.page.marks import Kind

LAYERS: Final[Mapping[Layer, str]] = {
    Layer.RUN: "Run health",
    Layer.GATE: "Data gate",
    Layer.PREDICTION: "Scores",
    Layer.ESTIMATE: "Estimated quality",
    Layer.INPUT: "Inputs",
    Layer.REALISED: "Realised quality",
    Layer.BUSINESS: "Worth",
}
"""Layers in the order of the data's way."""

CAUSES: Final[Mapping[Cause, str]] = {
    Cause.DATA_FAULT: "broken data",
    Cause.COVARIATE: "inputs moved",
    Cause.LABEL_SHIFT: "rate of outcomes moved",
    Cause.CONCEPT: "same inputs, other outcomes",
    Cause.LEAK_DIED: "a leak dried up",
    Cause.UNKNOWN: "cause not known",
}

WORDS: Final[Mapping[str, tuple[Kind, str]]] = {
    "moved": ("warning", "moved"),
    "small": ("ok", "moved, too little to matter"),
    "still": ("ok", "unmoved"),
    "cannot tell": ("unknown", "cannot tell"),
}

_SCOPES = {"outcome": "What outcomes say", "inputs": "Inputs and scores", "model_view": "The table"}

_NAMED: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The answer at a glance; `next` may be empty."""

    kind: Kind
    found: str
    why: str
    next: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Those that say something, in order."""
        return tuple(one for one in (self.found, self.why, self.next) if one)


def verdict(report: Report) -> Said:
    """What was found, in three sentences."""
    if not report.months:
        return _nothing_new(report)
    incidents = [one for one in report.incidents if loud(one)]
    firing = [one for one in incidents if one.incident.severity is Severity.CRITICAL]
    kind: Kind = "critical" if firing else "warning" if incidents else "ok"
    span = counted(len(report.months), "month") if report.watched.dated else "The current table"
    if not incidents and all(map(unjudged, report.months)):
        return Said(kind="unknown", found=f"{span} cannot be judged.", why=_few_rows(report), next="")
    if not incidents:
        return Said(
            kind=kind, found=f"{_held(span, report)} quiet: nobody has to act.", why=_why_quiet(report), next=""
        )
    lead = incidents[0]
    return Said(
        kind=kind,
        found=f"{counted(len(incidents), 'incident')}: {listed([title(one) for one in incidents], most=_NAMED)}.",
        why=ended(report.worded(lead.incident.lead.message)),
        next=report.worded(lead.incident.lead.what_to_do),
    )


def _nothing_new(report: Report) -> Said:
    alerts = [one for one in report.watched.state.alerts if one.state is State.FIRING]
    last, waiting = report.watched.state.last_month, report.watched.waiting
    open_now = f"; {counted(len(alerts), 'alert')} still firing" if alerts else ""
    start = "No new month" if waiting else "Nothing new"
    late = f"; outcomes of {_listed_months(report)} have come since and wait for the next month" if waiting else ""
    return Said(
        kind="warning" if report.code else "unknown" if waiting else "ok",
        found=f"{start}: every month up to {report.named(str(last))} was judged before{open_now}{late}.",
        why="Outcomes that come late are judged together with the rows of the next month." if waiting else "",
        next="",
    )


def _listed_months(report: Report) -> str:
    named = [report.named(one) for one in report.watched.waiting]
    return f"{counted(len(named), 'month')} ({listed(named, most=_NAMED)})"


def _held(span: str, report: Report) -> str:
    return f"{span} {'is' if len(report.months) == 1 else 'are'}" if report.watched.dated else f"{span} is"


def unjudged(report: MonthReport) -> str:
    """Why a month's columns cannot be judged; empty where they can."""
    rows = report.figure("row_count")
    return rows.note if rows is not None and rows.verdict is Verdict.CANNOT_TELL else ""


def _few_rows(report: Report) -> str:
    """Which months were too small to be judged."""
    few = [f"{report.named(one.month).capitalize()}: {unjudged(one)}." for one in report.months if unjudged(one)]
    more = f" And {len(few) - _NAMED} more months." if len(few) > _NAMED else ""
    return " ".join(few[:_NAMED]) + more


def _why_quiet(report: Report) -> str:
    """Why a plain test may say otherwise: months too small to be judged, differences that are real and too small."""
    judged = [one for one in report.months if not unjudged(one)]
    return f"{_few_rows(report)} {_differences(judged[-1])}".strip()


def _differences(report: MonthReport) -> str:
    found = columns(report)
    small = [one.name for one in found if one.word == "small"]
    if not small:
        return "No input moved further than by luck."
    farthest = max((one for one in found if one.word == "small"), key=lambda one: one.reach)
    return (
        f"{len(small)} of {counted(len(found), 'input')} differ from the reference beyond doubt, as large tables do, "
        f"but by little: {farthest.name} comes nearest to its limit (distance {number(farthest.distance, 3)}, "
        f"limit {number(farthest.limit, 3)})."
    )


def title(one: Told) -> str:
    """An incident's name for people."""
    scope = one.incident.name.split("/", 1)[-1]
    return f"{_SCOPES.get(scope, scope).lower()} ({CAUSES[one.incident.cause]})"


def ended(text: str) -> str:
    """The text with a full stop, where it has no other end.

    >>> ended("it rises"), ended("When?")
    ('it rises.', 'When?')
    """
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def worth(money: float | None) -> str:
    """An incident's cost in the neutral unit; empty where nothing measured it."""
    return "" if money is None else f"{number(money, 1)} outcomes per 1,000 rows"


def mark(report: MonthReport, layer: Layer) -> Kind:
    """The mark of a layer's month: its verdict, and for an alarm the loudest alert it raised (a note if none)."""
    said = judging(layer, report.measurements)
    if not said:
        return "none"
    if any(one.verdict is Verdict.ALARM for one in said):
        ranks = [one.severity for one in report.alerts if is_about(layer, one) and one.active]
        loudest = max(ranks, key=lambda one: one.rank, default=Severity.INFO)
        kinds: dict[Severity, Kind] = {
            Severity.INFO: "info",
            Severity.WARNING: "warning",
            Severity.CRITICAL: "critical",
        }
        return kinds[loudest]
    return "ok" if any(one.verdict is Verdict.OK for one in said) else "unknown"


def leading(report: MonthReport, layer: Layer) -> str:
    """The first alarm of a layer in its own words; empty where it is quiet."""
    alarms = [one for one in judging(layer, report.measurements) if one.verdict is Verdict.ALARM]
    return f"{alarms[0].subject}: {alarms[0].note or alarms[0].signal}" if alarms else ""


def layers_of(report: Report) -> tuple[Layer, ...]:
    """The layers that judged anything."""
    return tuple(one for one in LAYERS if any(judging(one, month.measurements) for month in report.months))


def auc_of(report: MonthReport) -> Measurement | None:
    """The realised AUC of a month where outcomes were known."""
    found = report.figure("auc")
    return found if found is not None and found.value is not None else None


def auc_words(found: Measurement | None) -> str:
    """An AUC with its interval; a dash where there is none."""
    if found is None:
        return "not known"
    low, high = found.detail("low"), found.detail("high")
    between = f" ({number(low, 3)} to {number(high, 3)})" if isinstance(low, float) and isinstance(high, float) else ""
    return f"{number(found.value, 3)}{between}"


def limits_of(watched: Watched) -> tuple[str, ...]:
    """What cannot be said from what was given."""
    reference = watched.reference
    said = []
    if reference.prediction is None:
        said.append(
            "No prediction was named: whether the model suffers is not judged, only whether its inputs changed."
        )
    elif reference.realised is None:
        said.append("No target was named: how good the scores are is not judged, only whether they moved.")
    if not watched.dated:
        said.append("No time was named: the current table is one month, and nothing can be said about when it changed.")
    if reference.estimate is not None:
        said.append("Before outcomes are known, a change in what inputs mean (concept drift) cannot be seen.")
    return tuple(said)


def share(value: float | None) -> str:
    """A share as per cent."""
    return percent(value, 2)
