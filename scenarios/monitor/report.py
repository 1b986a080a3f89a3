"""What page and terminal show: what the monitor said, and the names and notes around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitoring.alerts.incidents import Incident
from monitoring.monitor import MonthReport
from monitoring.own_tables.watch import ONLY, Watched
from monitoring.vocabulary import Layer, Measurement, Severity, State, Verdict
from scenarios.page.figures import month

_CERTAIN = 0.01
"""Adjusted p-value below which a difference is taken for real."""


_NEUTRAL = {
    " per 1000 customers and month": " outcomes per 1,000 rows",
    " per 1000 customers": " outcomes per 1,000 rows",
    "customers leave": "rows have the outcome",
    "Look at which customers came or went": "Look at which rows came or went",
    "the new churn rate": "the new rate of outcomes",
    "leavers from stayers": "outcomes from the rest",
}
"""The monitor speaks of customers and money; on tables of any kind it speaks of rows and outcomes."""


def neutral(text: str) -> str:
    """A sentence about customers and money as one about rows and outcomes.

    >>> neutral("more customers leave; 12 per 1000 customers and month")
    'more rows have the outcome; 12 outcomes per 1,000 rows'
    """
    for said, meant in _NEUTRAL.items():
        text = text.replace(said, meant)
    return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is shown. `command` asks the same again; `failures` are sinks that could not be reached."""

    watched: Watched
    reference: str
    current: str
    command: str
    code: int
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def months(self) -> tuple[MonthReport, ...]:
        """The months that are new."""
        return self.watched.reports

    @property
    def incidents(self) -> tuple["Told", ...]:
        """Every incident of the new months that fired, loudest first, then oldest first."""
        return told(self.watched.reports)

    @property
    def pages(self) -> tuple[str, ...]:
        """The incidents a person is called for."""
        return tuple(name for one in self.months for name in one.pages)

    def named(self, label: str) -> str:
        """A month as people read it; "current" where no column says when rows are from."""
        return month(label) if self.watched.dated else "current"

    def worded(self, text: str) -> str:
        """A sentence of the monitor in the neutral unit, with stand-ins for unknown months put into words."""
        text = neutral(text)
        if self.watched.dated:
            return text
        for one in self.months:
            text = text.replace(one.month, "current")
        return text.replace(ONLY, "reference")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An incident over the months: as it was when loudest, its last state, its months, and when a person was called."""

    incident: Incident
    state: State
    first: str
    last: str
    called: str | None
    subjects: tuple[str, ...]


def told(reports: Sequence[MonthReport]) -> tuple[Told, ...]:
    """The incidents of several months as one list; what only waited for a second month is left out."""
    seen: dict[str, list[tuple[MonthReport, Incident]]] = {}
    for report in reports:
        for one in report.incidents:
            seen.setdefault(one.name, []).append((report, one))
    found = [_told(of_it) for of_it in seen.values() if any(one.state is not State.PENDING for _, one in of_it)]
    return tuple(sorted(found, key=lambda one: (-one.incident.severity.rank, one.first, one.incident.name)))


def _told(entries: list[tuple[MonthReport, Incident]]) -> Told:
    open_ones = [(report, one) for report, one in entries if one.state is not State.RESOLVED] or entries
    _, loudest = max(enumerate(open_ones), key=lambda pair: (pair[1][1].severity.rank, pair[0]))
    money = [one.effect_money for _, one in entries if one.effect_money is not None]
    name = loudest[1].name
    return Told(
        incident=replace(loudest[1], effect_money=max(money, default=None)),
        state=entries[-1][1].state,
        first=entries[0][1].first_seen,
        last=open_ones[-1][0].month,
        called=next((report.month for report, _ in entries if name in report.pages), None),
        subjects=tuple(dict.fromkeys(subject for _, one in entries for subject in one.subjects)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What the newest month says of one column. `word` is moved, small, still, or cannot tell."""

    name: str
    word: str
    distance: float | None
    limit: float | None
    p_value: float | None
    emptied: bool
    says: str

    @property
    def reach(self) -> float:
        """The distance as a share of its limit."""
        return self.distance / self.limit if self.distance is not None and self.limit else 0.0


def columns(report: MonthReport) -> tuple[Column, ...]:
    """The inputs of a month, the farthest moved first."""
    drifts = [one for one in report.measurements if one.layer is Layer.INPUT and one.signal == "drift"]
    empty = {one.subject.feature: one for one in report.measurements if one.signal == "missing_change"}
    found = [_column(one, empty.get(one.subject.feature)) for one in drifts if one.subject.feature]
    order = ("moved", "small", "still", "cannot tell")
    return tuple(sorted(found, key=lambda one: (order.index(one.word), -one.reach, one.name)))


def _column(drift: Measurement, empty: Measurement | None) -> Column:
    adjusted = drift.detail("p_value_adjusted")
    p_value = adjusted if isinstance(adjusted, float) else None
    emptied = empty is not None and empty.verdict is Verdict.ALARM
    word = _word(drift, p_value, emptied=emptied)
    why = {
        "moved": drift.note or "it moved further than good rows do",
        "small": "the difference is real, and no larger than is worth a word",
        "still": "no difference that could not be luck",
        "cannot tell": drift.note,
    }[word]
    says = f"{why}; empty cells: {empty.note}" if emptied and empty is not None else why
    return Column(
        name=drift.subject.feature,
        word=word,
        distance=drift.value,
        limit=drift.threshold,
        p_value=p_value,
        emptied=emptied,
        says=says,
    )


def _word(drift: Measurement, p_value: float | None, *, emptied: bool) -> str:
    if drift.verdict is Verdict.ALARM or emptied:
        return "moved"
    if drift.verdict is Verdict.CANNOT_TELL:
        return "cannot tell"
    return "small" if p_value is not None and p_value < _CERTAIN else "still"


def plain_alerts(report: Report, said: Iterable[str]) -> dict[str, Any]:
    """`alerts.json`: the verdict, the incidents, and every month's alerts."""
    asked = {"reference": report.reference, "current": report.current, "command": report.command}
    return {
        "asked": asked,
        "verdict": list(said),
        "exit_code": report.code,
        "pages": list(report.pages),
        "incidents": [_plain_told(one) for one in report.incidents],
        "months": {
            one.month: {"blocked": one.blocked, "pages": list(one.pages), "alerts": [a.to_plain() for a in one.alerts]}
            for one in report.months
        },
        "notes": [*report.watched.notes, *report.notes],
        "failures": list(report.failures),
    }


def _plain_told(one: Told) -> dict[str, Any]:
    life = {"state": str(one.state), "first_seen": one.first, "last_seen": one.last, "called_in": one.called}
    return one.incident.to_plain() | life | {"subjects": list(one.subjects)}


def plain_measurements(report: Report) -> dict[str, Any]:
    """`measurements.json`: everything that was measured, month by month."""
    return {one.month: [m.to_plain() for m in one.measurements] for one in report.months}


def loud(one: Told) -> bool:
    """Whether an incident was more than a note."""
    return one.incident.severity is not Severity.INFO
