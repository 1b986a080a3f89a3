"""One month of the alerts' life: what alarms becomes pending, then firing; what is quiet long enough is resolved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monitoring.alerts.advice import ADVICE
from monitoring.alerts.book import OF_THE_MODEL, AlertBook
from monitoring.alerts.causes import Evidence, cause_of, weigh
from monitoring.alerts.effects import money_of
from monitoring.alerts.grouping import Grouping, open_names, still_recent
from monitoring.alerts.hysteresis import Reading, reading
from monitoring.alerts.incidents import is_open, pages
from monitoring.alerts.mutes import silenced
from monitoring.alerts.settings import AlertSettings
from monitoring.alerts.severity import severity_of
from monitoring.months import index_of
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Verdict

_ROOTS = (Layer.RUN, Layer.GATE)

_CALLS_KEPT = 24
"""Months for which it is remembered that a person was called for an incident that is closed."""


def advance(
    book: AlertBook, measurements: Iterable[Measurement], month: str, settings: AlertSettings
) -> tuple[AlertBook, tuple[str, ...]]:
    """Return the book after a month's measurements, and the incidents that a person is called for now.

    An alarm is pending until it has lasted as long as the settings ask (and a new model has had its cooldown),
    then firing. It stays in force until its figure has come clearly back below the limit for as long as they ask
    (one month, where broken data were the cause); then it is shown once as resolved. While it lasts its severity
    never falls. "Cannot tell" and layers that had nothing to say leave an alert as it was. A muted alert goes
    through the same life without firing; a person is called at most once for an incident.

    Returns
    -------
    book
        Its alerts stand loudest first, then in order of layer, signal and subject.
    pages
        Names of incidents.
    """
    said = tuple(measurements)
    before = {one.key: one for one in book.alerts if is_open(one)}
    desk = _desk_of(book, said, month, settings)
    alarms = sorted((one for one in said if one.verdict is Verdict.ALARM), key=lambda one: _order(one, settings))
    raised = {one.key: _raised(one, before.get(one.key), desk) for one in alarms}
    quiet = [_quiet(alert, desk) for key, alert in before.items() if key not in raised]
    alerts = [*raised.values(), *(one for one in quiet if one is not None)]
    ordered = tuple(sorted(alerts, key=lambda one: (-one.severity.rank, one.key)))
    called = pages(ordered, book.called)
    return _written(book, ordered, called, desk), called


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What is known while one month is worked through. `taken` maps acknowledged incidents to their loudness then."""

    month: str
    said: tuple[Measurement, ...]
    settings: AlertSettings
    book: AlertBook
    evidence: Evidence
    grouping: Grouping
    taken: Mapping[str, int]

    @property
    def cooling(self) -> bool:
        """Whether the present model is so new that what is said of it must wait."""
        since = self.book.deployed_in
        return since is not None and index_of(self.month) - index_of(since) <= self.settings.cooldown_months


def _desk_of(book: AlertBook, said: tuple[Measurement, ...], month: str, settings: AlertSettings) -> _Desk:
    still_open = tuple(one for one in book.alerts if is_open(one))
    evidence = weigh(said, still_open)
    return _Desk(
        month=month,
        said=said,
        settings=settings,
        book=book,
        evidence=evidence,
        grouping=Grouping(
            month=month,
            view=settings.view,
            evidence=evidence,
            names=open_names(still_open),
            recent=still_recent(_resolved(book), month, settings.reopen_months),
        ),
        taken=_taken(still_open),
    )


def _taken(still_open: tuple[Alert, ...]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for one in still_open:
        if one.state is State.ACKNOWLEDGED:
            ranks[one.incident] = max(ranks.get(one.incident, 0), one.severity.rank)
    return ranks


def _resolved(book: AlertBook) -> tuple[Alert, ...]:
    return (*book.recent, *(one for one in book.alerts if not is_open(one)))


def _order(alarm: Measurement, settings: AlertSettings) -> tuple[bool, bool, bool, tuple[str, str, str]]:
    """Return the order in which incidents are opened: roots before consequences, raw tables before the view."""
    return alarm.layer not in _ROOTS, alarm.subject.table == settings.view, not alarm.hard, alarm.key


def _raised(alarm: Measurement, known: Alert | None, desk: _Desk) -> Alert:
    cause = _cause(alarm, known, desk.evidence)
    old = None if known is None or _changed(known, cause) else known
    severity = severity_of(alarm, desk.settings)
    alert = Alert(
        month=desk.month,
        layer=alarm.layer,
        signal=alarm.signal,
        subject=alarm.subject,
        severity=max(severity, old.severity if old else Severity.INFO, key=lambda one: one.rank),
        state=State.PENDING,
        value=alarm.value,
        threshold=alarm.threshold,
        cause=cause,
        effect_money=money_of(alarm, desk.said),
        first_seen=old.first_seen if old else desk.month,
        message=f"{alarm.subject}: {alarm.note or alarm.signal}",
        what_to_do=ADVICE[cause],
        incident=old.incident if old else desk.grouping.incident(alarm, cause),
        streak=1 if old is None else max(old.streak, 0) + 1,
    )
    return replace(alert, state=_state(alert, old, desk))


def _changed(old: Alert, cause: Cause) -> bool:
    """Return whether what was put down to broken data goes on without it, or the other way round."""
    return (old.cause is Cause.DATA_FAULT) is not (cause is Cause.DATA_FAULT)


def _state(alert: Alert, old: Alert | None, desk: _Desk) -> State:
    """Return where an alarming alert stands: in force once it has lasted, and then as a person wants it."""
    started = old is not None and old.active
    waits = alert.streak < desk.settings.confirm(alert.layer) or (desk.cooling and alert.layer in OF_THE_MODEL)
    if waits and not started:
        return State.PENDING
    if desk.taken.get(alert.incident, -1) >= alert.severity.rank:
        return State.ACKNOWLEDGED
    return State.MUTED if silenced(alert, desk.book.mutes, desk.month) else State.FIRING


def _cause(alarm: Measurement, old: Alert | None, evidence: Evidence) -> Cause:
    """Return the cause: as first seen for what goes on, anew for what labels say and what was unknown."""
    settled = old is not None and old.cause is not Cause.UNKNOWN and alarm.layer is not Layer.REALISED
    return old.cause if old is not None and settled else cause_of(alarm, evidence)


def _quiet(alert: Alert, desk: _Desk) -> Alert | None:
    """Return an alert whose signal did not alarm this month: waiting, resolved, or None where it never fired."""
    heard = reading(alert, desk.said, desk.settings.band(alert.layer))
    kept = replace(alert, month=desk.month, state=_hushed(alert, desk))
    if heard is Reading.SILENT:
        return kept
    if alert.state is State.PENDING:
        return None
    if heard is Reading.BAND:
        return replace(kept, streak=max(alert.streak, 0))
    streak = min(alert.streak, 0) - 1
    patience = 1 if alert.cause is Cause.DATA_FAULT else desk.settings.clear(alert.layer)
    return replace(kept, streak=streak, state=State.RESOLVED if -streak >= patience else kept.state)


def _hushed(alert: Alert, desk: _Desk) -> State:
    """Return the state of an alert that goes on, as the mutes of the month want it."""
    if alert.state not in (State.FIRING, State.MUTED):
        return alert.state
    return State.MUTED if silenced(alert, desk.book.mutes, desk.month) else State.FIRING


def _written(book: AlertBook, alerts: tuple[Alert, ...], called: tuple[str, ...], desk: _Desk) -> AlertBook:
    """Return the book for the next month: calls noted, expired mutes and old incidents forgotten."""
    in_force = {one.incident for one in alerts if is_open(one)}
    noted = dict(book.called) | dict.fromkeys(called, desk.month)
    age = {name: index_of(desk.month) - index_of(since) for name, since in noted.items()}
    return replace(
        book,
        alerts=alerts,
        recent=desk.grouping.recent,
        mutes=tuple(one for one in book.mutes if one.holds(desk.month)),
        called={name: since for name, since in noted.items() if name in in_force or age[name] < _CALLS_KEPT},
    )
