"""Incidents: the alerts that share a cause, seen as one thing."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from monitoring.alerts.advice import ADVICE
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Plain, Severity, State

OUTCOME = "outcome"
"""The scope of what labels say."""

INPUTS = "inputs"
"""The scope of moved inputs and scores."""

_BY_WEIGHT = (State.RESOLVED, State.PENDING, State.MUTED, State.ACKNOWLEDGED, State.FIRING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One cause and the alerts it raised. `lead` is the alert to read first; money is per 1000 customers."""

    name: str
    cause: Cause
    severity: Severity
    state: State
    first_seen: str
    month: str
    effect_money: float | None
    subjects: tuple[str, ...]
    lead: Alert

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "name": self.name,
            "cause": str(self.cause),
            "severity": str(self.severity),
            "state": str(self.state),
            "first_seen": self.first_seen,
            "month": self.month,
            "effect_money": self.effect_money,
            "subjects": list(self.subjects),
            "message": self.lead.message,
            "what_to_do": ADVICE[self.cause],
        }


def is_open(alert: Alert) -> bool:
    """Return whether the alert is not resolved."""
    return alert.state is not State.RESOLVED


def incidents(alerts: Iterable[Alert]) -> tuple[Incident, ...]:
    """Return the incidents of a month's alerts, loudest first, then oldest first."""
    members: dict[str, list[Alert]] = {}
    for alert in alerts:
        members.setdefault(alert.incident, []).append(alert)
    found = [_incident(name, of_it) for name, of_it in members.items()]
    return tuple(sorted(found, key=lambda one: (-one.severity.rank, one.first_seen, one.name)))


def _incident(name: str, members: list[Alert]) -> Incident:
    lead = max(members, key=_loudness)
    # What a segment loses per 1000 of its own customers is no figure for the company.
    whole = [one for one in members if not one.subject.segment] or members
    money = [one.effect_money for one in whole if one.effect_money is not None]
    return Incident(
        name=name,
        cause=lead.cause,
        severity=lead.severity,
        state=lead.state,
        first_seen=min(one.first_seen for one in members),
        month=lead.month,
        effect_money=max(money, default=None),
        subjects=tuple(dict.fromkeys(str(one.subject) for one in members)),
        lead=lead,
    )


def _loudness(alert: Alert) -> tuple[bool, int, int, int]:
    """Return what makes an alert lead: open, severe, in force, and from the layer nearest to the root."""
    order = (Layer.REALISED, Layer.BUSINESS, Layer.RUN, Layer.GATE, Layer.ESTIMATE, Layer.PREDICTION, Layer.INPUT)
    return is_open(alert), alert.severity.rank, _BY_WEIGHT.index(alert.state), -order.index(alert.layer)


def pages(alerts: Iterable[Alert], called: Container[str]) -> tuple[str, ...]:
    """Return the incidents a person is called for now: critical, firing, and not called for before."""
    due = [one.incident for one in alerts if one.severity is Severity.CRITICAL and one.state is State.FIRING]
    return tuple(name for name in dict.fromkeys(due) if name not in called)


def scope_of(alarm: Measurement) -> str:
    """Return what an alarm's incident is about: a table, the inputs, or the outcome."""
    if alarm.layer in (Layer.RUN, Layer.GATE):
        return alarm.subject.table or str(alarm.layer)
    return OUTCOME if alarm.layer in (Layer.REALISED, Layer.BUSINESS) else INPUTS


def name_incident(scope: str, month: str) -> str:
    """Return the name of an incident first seen in a month."""
    return f"{month}/{scope}"


def fault_incident(alerts: Iterable[Alert]) -> str:
    """Return the loudest incident of broken data among a month's alerts, empty where there is none."""
    found = [one for one in incidents(alerts) if one.cause is Cause.DATA_FAULT]
    return found[0].name if found else ""
