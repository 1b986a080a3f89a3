"""Mutes: what a person does not want to be called for, until when, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from monitoring.errors import MonitorError
from monitoring.months import index_of
from monitoring.vocabulary import Alert, Plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Mute:
    """Alerts that call nobody up to and with the month `until`; they are recorded all the same.

    `what` is an incident ("2025-03/usage"), a signal ("level"), or a subject: a table ("usage") or one of its
    columns ("usage.sessions").

    Raises
    ------
    MonitorError
        Where `until` is no month, or `what` or `why` is empty: a mute nobody can explain is never lifted.
    """

    what: str
    until: str
    why: str

    def __post_init__(self) -> None:
        index_of(self.until)
        if not self.what.strip() or not self.why.strip():
            raise MonitorError(
                f'A mute needs what and why (given: what "{self.what}", why "{self.why}"). '
                "Name an incident, a signal or a subject, and say why nobody need be called."
            )

    def holds(self, month: str) -> bool:
        """Return whether the mute has not expired by the month.

        >>> Mute(what="level", until="2025-03", why="known").holds("2025-04")
        False
        """
        return index_of(month) <= index_of(self.until)

    def covers(self, alert: Alert) -> bool:
        """Return whether the alert is meant."""
        names = (alert.incident, alert.signal, str(alert.subject), alert.subject.table, alert.subject.feature)
        return self.what in names

    def to_plain(self) -> Plain:
        """Return a dictionary of three texts."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(**plain)


def silenced(alert: Alert, mutes: Iterable[Mute], month: str) -> bool:
    """Return whether a mute that holds in the month covers the alert."""
    return any(one.covers(alert) and one.holds(month) for one in mutes)
