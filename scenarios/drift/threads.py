"""Alerts as people read them: one entry for each signal that spoke up, grouped by incident."""

from dataclasses import dataclass

from scenarios.drift.layers import SEVERITIES
from scenarios.drift.story import AlertShown, Story
from scenarios.page.figures import period, spoken


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """One signal's alert over the months: the entry at its loudest (the newest of these), and where it went."""

    shown: AlertShown
    first: str
    last: str
    state: str

    @property
    def period(self) -> str:
        """The months it was in force."""
        return period(self.first, self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """What shares a cause. `money` is the largest effect per 1,000 customers and month, None where none is known.

    `what_to_do` pairs the causes of its alerts with their advice, that of the leading alert first.
    """

    name: str
    title: str
    severity: str
    first: str
    last: str
    cause: str
    money: float | None
    what_to_do: tuple[tuple[str, str], ...]
    threads: tuple[Thread, ...]


Entry = tuple[str, AlertShown]
"""An alert and the month it was shown in."""

CAUSES = {
    "data_fault": ("broken data", "what was recorded is wrong, whatever the customers do"),
    "covariate": (
        "inputs moved",
        "other customers, or customers in another state; what an input means is unchanged",
    ),
    "label_shift": ("churn rate moved", "more or fewer customers leave, but those at risk are still the same kind"),
    "concept": ("behaviour changed", "the same inputs no longer mean the same risk (concept drift)"),
    "leak_died": ("a leak dried up", "a feature that carried the answer stopped doing so"),
    "unknown": ("not known", "nothing points to a cause yet"),
}
"""Causes in plain words: a short name, and what it means."""


def cause_name(cause: str) -> str:
    """A cause's short name."""
    return CAUSES[cause][0] if cause in CAUSES else spoken(cause)


FIRST = 6
"""Alerts of an incident shown at once; the rest of them can be unfolded."""

_SCOPES = {"outcome": "What the labels say", "inputs": "Inputs and scores"}


def incidents(story: Story) -> tuple[Incident, ...]:
    """All incidents, in the order in which they were first seen."""
    entries: dict[str, list[Entry]] = {}
    for told in story.months:
        for alert in told.alerts:
            entries.setdefault(alert.incident, []).append((told.label, alert))
    found = [_incident(name, of_it) for name, of_it in entries.items()]
    return tuple(sorted(found, key=lambda one: (one.first, -SEVERITIES.index(one.severity), one.name)))


def _incident(name: str, entries: list[Entry]) -> Incident:
    threads = _threads(entries)
    lead = threads[0].shown
    effects = [one.effect_money for _, one in entries if one.effect_money is not None]
    return Incident(
        name=name,
        title=_title(name),
        severity=lead.severity,
        first=min(one.first for one in threads),
        last=max(one.last for one in threads),
        cause=cause_name(lead.cause),
        money=max(effects, default=None),
        what_to_do=tuple(dict.fromkeys((cause_name(one.shown.cause), one.shown.what_to_do) for one in threads)),
        threads=threads,
    )


def _threads(entries: list[Entry]) -> tuple[Thread, ...]:
    """Loudest first, then oldest first."""
    signals: dict[tuple[str, str, str], list[Entry]] = {}
    for label, one in entries:
        signals.setdefault((one.layer, one.signal, one.subject), []).append((label, one))
    threads = [_thread(of_it) for of_it in signals.values()]
    return tuple(sorted(threads, key=lambda one: (-SEVERITIES.index(one.shown.severity), one.first, one.shown.signal)))


def _thread(entries: list[Entry]) -> Thread:
    in_force = [one for one in entries if one[1].state != "resolved"] or entries
    shown = max(enumerate(in_force), key=lambda one: (SEVERITIES.index(one[1][1].severity), one[0]))[1][1]
    return Thread(shown=shown, first=in_force[0][0], last=in_force[-1][0], state=entries[-1][1].state)


def _title(name: str) -> str:
    """An incident's name for people: "2025-11/usage" is about the table usage.

    >>> _title("2025-11/usage"), _title("2025-08/outcome"), _title("odd")
    ('Table usage', 'What the labels say', 'odd')
    """
    _, slash, scope = name.partition("/")
    return _SCOPES.get(scope, f"Table {spoken(scope)}") if slash else spoken(name)
