"""What is told about a month: its report, and the words around it."""

from dataclasses import dataclass

from monitoring.alerts.incidents import Incident
from monitoring.monitor import MonthReport
from monitoring.reference import Reference
from monitoring.screening import MonthInput
from monitoring.vocabulary import Severity, State

_FEW_SUBJECTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A month's report on its way to people.

    `about` names the model or the tables; `decision` is what the routine did, empty where nothing; `currency` stands
    before money. `given` and `reference` are there for sinks that draw.
    """

    report: MonthReport
    about: str
    decision: str = ""
    currency: str = "$"
    given: MonthInput | None = None
    reference: Reference | None = None

    @property
    def firing(self) -> tuple[Incident, ...]:
        """The incidents that ask for somebody: a warning or worse, and firing."""
        return tuple(one for one in self.report.incidents if _loud(one) and one.state is State.FIRING)

    @property
    def news(self) -> tuple[Incident, ...]:
        """The incidents that are new, call a person, or were resolved this month; notes are no news."""
        return tuple(one for one in self.report.incidents if _loud(one) and _is_news(one, self.report))


def _loud(incident: Incident) -> bool:
    return incident.severity is not Severity.INFO


def _is_news(incident: Incident, report: MonthReport) -> bool:
    new = incident.state is State.FIRING and incident.first_seen == report.month
    return new or incident.name in report.pages or incident.state is State.RESOLVED


def headline(notice: Notice) -> str:
    """One line: the month, what fires, and how loud."""
    firing = notice.firing
    if not firing:
        return f"{notice.about}, {notice.report.month}: quiet"
    worst = max((one.severity for one in firing), key=lambda one: one.rank)
    count = "1 incident" if len(firing) == 1 else f"{len(firing)} incidents"
    return f"{notice.about}, {notice.report.month}: {count}, the loudest {worst}"


def incident_line(incident: Incident, currency: str) -> str:
    """An incident in one line: what it is, what it touches, what it costs."""
    more = len(incident.subjects) - _FEW_SUBJECTS
    touched = ", ".join(incident.subjects[:_FEW_SUBJECTS]) + (f" and {more} more" if more > 0 else "")
    cost = (
        "" if incident.effect_money is None else f" About {currency}{incident.effect_money:,.0f} per 1,000 customers."
    )
    ended = "" if incident.lead.message.endswith((".", "?", "!")) else "."
    return f"{incident.cause.replace('_', ' ')} in {touched}: {incident.lead.message}{ended}{cost}"


def markdown(notice: Notice) -> str:
    """The month as Markdown: every incident, what to do, and what was decided."""
    told = [
        f"- **{one.severity}** {one.state}: {incident_line(one, notice.currency)}\n  *{one.lead.what_to_do}*"
        for one in notice.report.incidents
    ]
    decided = f"\n\nDecision: {notice.decision}" if notice.decision else ""
    return f"# {headline(notice)}\n\n" + ("\n".join(told) or "No incident is open.") + f"{decided}\n"
