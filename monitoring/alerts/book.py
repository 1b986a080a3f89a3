"""The book of alerts: everything about alerts that must outlive a month, and what a person writes into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from monitoring.alerts.mutes import Mute
from monitoring.errors import MonitorError
from monitoring.vocabulary import Alert, Layer, Plain, State

OF_THE_MODEL = (Layer.PREDICTION, Layer.ESTIMATE, Layer.REALISED, Layer.BUSINESS)
"""Layers that speak of one model: their alerts are closed when another takes over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertBook:
    """What is known about alerts after a month.

    `alerts` are those of the last month, the ones just resolved among them; `recent` were resolved in the months
    before, so that what flares up again is known to be the same thing. `called` maps incidents for which a
    person was called to the month of the call. `deployed_in` is the month in which the present model took over.
    """

    alerts: tuple[Alert, ...] = ()
    recent: tuple[Alert, ...] = ()
    mutes: tuple[Mute, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    deployed_in: str | None = None

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "alerts": [one.to_plain() for one in self.alerts],
            "recent": [one.to_plain() for one in self.recent],
            "mutes": [one.to_plain() for one in self.mutes],
            "called": dict(self.called),
            "deployed_in": self.deployed_in,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(
            alerts=tuple(Alert.from_plain(one) for one in plain["alerts"]),
            recent=tuple(Alert.from_plain(one) for one in plain["recent"]),
            mutes=tuple(Mute.from_plain(one) for one in plain["mutes"]),
            called=dict(plain["called"]),
            deployed_in=plain["deployed_in"],
        )


def acknowledge(book: AlertBook, incident: str) -> AlertBook:
    """Return the book with the incident's firing and muted alerts acknowledged: somebody is on it.

    Raises
    ------
    MonitorError
        Where no such incident is in force; the message names those that are.
    """
    in_force = {one.incident for one in book.alerts if one.active}
    if incident not in in_force:
        raise MonitorError(f'There is no incident "{incident}". Open are: {", ".join(sorted(in_force)) or "none"}.')
    taken = (replace(one, state=State.ACKNOWLEDGED) if _mine(one, incident) else one for one in book.alerts)
    return replace(book, alerts=tuple(taken))


def _mine(alert: Alert, incident: str) -> bool:
    return alert.incident == incident and alert.state in (State.FIRING, State.MUTED)


def mute(book: AlertBook, new: Mute) -> AlertBook:
    """Return the book with a mute written in; it takes the place of an older one of the same thing."""
    kept = tuple(one for one in book.mutes if one.what != new.what)
    hushed = (replace(one, state=State.MUTED) if _hushed(one, new) else one for one in book.alerts)
    return replace(book, mutes=(*kept, new), alerts=tuple(hushed))


def _hushed(alert: Alert, new: Mute) -> bool:
    return alert.state is State.FIRING and new.covers(alert) and new.holds(alert.month)


def unmute(book: AlertBook, what: str) -> AlertBook:
    """Return the book without the mute of this name; what it covered speaks again in the next month.

    Raises
    ------
    MonitorError
        Where nothing of that name is muted; the message names what is.
    """
    if what not in {one.what for one in book.mutes}:
        named = ", ".join(f'"{one.what}"' for one in book.mutes) or "nothing"
        raise MonitorError(f'"{what}" is not muted. Muted are: {named}.')
    return replace(book, mutes=tuple(one for one in book.mutes if one.what != what))


def with_new_model(book: AlertBook, month: str | None) -> AlertBook:
    """Return the book for the month in which another model takes over: what was said of the old one is closed."""
    parts = (tuple(one for one in part if one.layer not in OF_THE_MODEL) for part in (book.alerts, book.recent))
    alerts, recent = parts
    return replace(book, alerts=alerts, recent=recent, deployed_in=month)
