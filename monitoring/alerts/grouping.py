"""Which incident an alarm belongs to: one cause, one name, however many columns, tables and months it touches."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitoring.alerts.causes import FAULTY, Evidence
from monitoring.alerts.incidents import INPUTS, OUTCOME, name_incident, scope_of
from monitoring.months import index_of
from monitoring.vocabulary import Alert, Cause, Measurement


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """What is known while a month's alarms are sorted into incidents; `names` and `shared` grow on the way.

    `names` maps scopes to their open incidents; `shared` maps signals of hard breaks to the incident that a raw
    table opened this month. `recent` are alerts resolved so lately that the same alarm is no new incident.
    """

    month: str
    view: str
    evidence: Evidence
    names: dict[str, str]
    recent: tuple[Alert, ...] = ()
    shared: dict[str, str] = field(default_factory=dict)

    def incident(self, alarm: Measurement, cause: Cause) -> str:
        """Return the incident of a new alarm; one is opened where none of its scope or cause is known."""
        fault_of_cohort = alarm.detail(FAULTY)
        if isinstance(fault_of_cohort, str) and fault_of_cohort:
            return fault_of_cohort
        scope = scope_of(alarm)
        root = self._root(scope) if cause is Cause.DATA_FAULT else None
        known = root or self.names.get(scope) or self._flared_up(alarm, cause, scope) or self._alike(alarm, scope)
        name = known or name_incident(scope, self.month)
        self.names.setdefault(scope_in(name), name)
        if scope not in (INPUTS, OUTCOME):
            self.names.setdefault(scope, name)
        if self._raw_break(alarm, scope):
            self.shared.setdefault(alarm.signal, name)
        return name

    def _raw_break(self, alarm: Measurement, scope: str) -> bool:
        return alarm.hard and scope not in (self.view, INPUTS, OUTCOME)

    def _root(self, scope: str) -> str | None:
        """Return the newest incident of a table that is broken now, to which a consequence is put down.

        Moved inputs and scores follow any broken table, the model's view follows raw tables, raw tables nothing.
        A raw table that only looks odd is still the likelier root of a broken view than the view itself.
        """
        if scope not in (self.view, INPUTS, OUTCOME):
            return None
        broken, shaken = (
            max((self.names[table] for table in tables - {self.view} if table in self.names), default=None)
            for tables in (self.evidence.broken, self.evidence.shaken)
        )
        return broken or shaken or (None if scope == self.view else self.names.get(self.view))

    def _flared_up(self, alarm: Measurement, cause: Cause, scope: str) -> str | None:
        """Return the incident just resolved that this is again: the same scope, of a table the same signal too."""
        loose = scope in (INPUTS, OUTCOME)
        same = [
            one.incident
            for one in self.recent
            if (one.cause is Cause.DATA_FAULT) is (cause is Cause.DATA_FAULT)
            and (one.key == alarm.key or (loose and scope_in(one.incident) == scope))
        ]
        return max(same, default=None)

    def _alike(self, alarm: Measurement, scope: str) -> str | None:
        """Return the incident of another raw table that broke this month in the same way: one upstream cause."""
        return self.shared.get(alarm.signal) if self._raw_break(alarm, scope) else None


def scope_in(incident: str) -> str:
    """Return what an incident is about, from its name.

    >>> scope_in("2025-03/usage")
    'usage'
    """
    return incident.split("/", 1)[-1]


def open_names(alerts: Iterable[Alert]) -> dict[str, str]:
    """Return the open incidents by their scope, and by the raw tables that joined them."""
    every = list(alerts)
    by_scope = {scope_in(one.incident): one.incident for one in every}
    return {one.subject.table: one.incident for one in every if one.subject.table} | by_scope


def still_recent(alerts: Iterable[Alert], month: str, reach: int) -> tuple[Alert, ...]:
    """Return the alerts resolved no more than `reach` months before the month."""
    return tuple(one for one in alerts if index_of(month) - index_of(one.month) <= reach)
