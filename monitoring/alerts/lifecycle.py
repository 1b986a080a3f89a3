"""One month of the alerts' life: what alarms becomes pending, then firing; what is quiet long enough is resolved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitoring.alerts.advice import ADVICE
from monitoring.alerts.causes import FAULTY, Evidence, cause_of, weigh
from monitoring.alerts.incidents import INPUTS, OUTCOME, is_open, name_incident, scope_of
from monitoring.alerts.settings import AlertSettings
from monitoring.alerts.severity import severity_of
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Verdict

_ROOTS = (Layer.RUN, Layer.GATE)


def advance(
    previous: tuple[Alert, ...], measurements: Iterable[Measurement], month: str, settings: AlertSettings
) -> tuple[Alert, ...]:
    """Return the alerts after a month's measurements.

    An alarm is pending until it has lasted as long as the settings ask, then firing. It stays in force until
    it has been quiet as long as they ask (one month, where broken data were the cause); then it is shown once
    as resolved, and forgotten. While it lasts its severity never falls. "Cannot tell" and layers that had
    nothing to say leave an alert as it was.

    Returns
    -------
    tuple of Alert
        Loudest first, then in order of layer, signal and subject.
    """
    said = tuple(measurements)
    before = {one.key: one for one in previous if is_open(one)}
    evidence = weigh(said, tuple(before.values()))
    alarms = [one for one in said if one.verdict is Verdict.ALARM]
    roots_first = sorted(alarms, key=lambda one: _order(one, settings))
    desk = _Desk(month=month, settings=settings, evidence=evidence, names=_open_names(before.values()))
    raised = {one.key: _raised(one, before.get(one.key), desk) for one in roots_first}
    quiet = [_quiet(alert, said, desk) for key, alert in before.items() if key not in raised]
    alerts = [*raised.values(), *(one for one in quiet if one is not None)]
    return tuple(sorted(alerts, key=lambda one: (-one.severity.rank, one.key)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What is known while one month is worked through; `names` maps scopes to their open incidents."""

    month: str
    settings: AlertSettings
    evidence: Evidence
    names: dict[str, str]


def _order(alarm: Measurement, settings: AlertSettings) -> tuple[bool, bool, bool, tuple[str, str, str]]:
    """Return the order in which incidents are opened: roots before consequences, raw tables before the view."""
    return alarm.layer not in _ROOTS, alarm.subject.table == settings.view, not alarm.hard, alarm.key


def _open_names(alerts: Iterable[Alert]) -> dict[str, str]:
    return {alert.incident.split("/", 1)[1]: alert.incident for alert in alerts}


def _raised(alarm: Measurement, known: Alert | None, desk: _Desk) -> Alert:
    cause = _cause(alarm, known, desk.evidence)
    old = None if known is None or _changed(known, cause) else known
    streak = 1 if old is None else max(old.streak, 0) + 1
    money = alarm.detail("money_per_1000")
    return Alert(
        month=desk.month,
        layer=alarm.layer,
        signal=alarm.signal,
        subject=alarm.subject,
        severity=max(severity_of(alarm), old.severity if old else Severity.INFO, key=lambda one: one.rank),
        state=_state(alarm.layer, old, streak, desk.settings),
        value=alarm.value,
        threshold=alarm.threshold,
        cause=cause,
        effect_money=money if isinstance(money, float) else None,
        first_seen=old.first_seen if old else desk.month,
        message=f"{alarm.subject}: {alarm.note or alarm.signal}",
        what_to_do=ADVICE[cause],
        incident=old.incident if old else _incident(alarm, cause, desk),
        streak=streak,
    )


def _changed(old: Alert, cause: Cause) -> bool:
    """Return whether what was put down to broken data goes on without it, or the other way round."""
    return (old.cause is Cause.DATA_FAULT) is not (cause is Cause.DATA_FAULT)


def _state(layer: Layer, old: Alert | None, streak: int, settings: AlertSettings) -> State:
    if old is not None and old.active:
        return old.state
    return State.FIRING if streak >= settings.confirm(layer) else State.PENDING


def _cause(alarm: Measurement, old: Alert | None, evidence: Evidence) -> Cause:
    """Return the cause: as first seen for what goes on, anew for what labels say and what was unknown."""
    settled = old is not None and old.cause is not Cause.UNKNOWN and alarm.layer is not Layer.REALISED
    return old.cause if old is not None and settled else cause_of(alarm, evidence)


def _incident(alarm: Measurement, cause: Cause, desk: _Desk) -> str:
    """Return the incident a new alarm belongs to; one is opened where none of its scope is open."""
    fault_of_cohort = alarm.detail(FAULTY)
    if isinstance(fault_of_cohort, str):
        return fault_of_cohort
    scope = scope_of(alarm)
    root = _root(scope, desk) if cause is Cause.DATA_FAULT else None
    name = root or desk.names.get(scope) or name_incident(scope, desk.month)
    desk.names.setdefault(name.split("/", 1)[1], name)
    return name


def _root(scope: str, desk: _Desk) -> str | None:
    """Return the newest incident of a table that is broken now, to which a consequence is put down.

    Moved inputs and scores follow any broken table, the model's view follows raw tables, raw tables nothing.
    A raw table that only looks odd is still the likelier root of a broken view than the view itself.
    """
    view = desk.settings.view
    if scope not in (view, INPUTS, OUTCOME):
        return None
    broken, shaken = (
        max((desk.names[table] for table in tables - {view} if table in desk.names), default=None)
        for tables in (desk.evidence.broken, desk.evidence.shaken)
    )
    return broken or shaken or (None if scope == view else desk.names.get(view))


def _quiet(alert: Alert, said: tuple[Measurement, ...], desk: _Desk) -> Alert | None:
    """Return an alert whose signal did not alarm this month: waiting, resolved, or None where it never fired."""
    if not _heard(alert, said):
        return replace(alert, month=desk.month)
    if alert.state is State.PENDING:
        return None
    streak = min(alert.streak, 0) - 1
    patience = 1 if alert.cause is Cause.DATA_FAULT else desk.settings.clear(alert.layer)
    resolved = -streak >= patience
    return replace(alert, month=desk.month, streak=streak, state=State.RESOLVED if resolved else alert.state)


def _heard(alert: Alert, said: tuple[Measurement, ...]) -> bool:
    """Return whether the alert's signal was looked at this month and a verdict reached."""
    own = [one for one in said if one.key == alert.key]
    if own:
        return own[0].verdict is Verdict.OK
    return any(one.layer is alert.layer and one.subject.table == alert.subject.table for one in said)
