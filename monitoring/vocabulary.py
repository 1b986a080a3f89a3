"""The nouns of monitoring: what was measured, what was concluded, and what is told to people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self, TypeAlias

Plain: TypeAlias = dict[str, Any]
"""A dictionary of text, numbers, booleans, None and lists of these: what canonical JSON can hold."""

Detail: TypeAlias = float | str
"""A further figure or word that belongs to a measurement."""


LEAN = 0.01
"""From this share of the model's use on, a column matters enough to block scoring or to call a person."""


class Layer(StrEnum):
    """Where a measurement comes from, in the order in which it is to be trusted."""

    RUN = "run"
    GATE = "gate"
    PREDICTION = "prediction"
    ESTIMATE = "estimate"
    INPUT = "input"
    REALISED = "realised"
    BUSINESS = "business"


class Severity(StrEnum):
    """How much attention an alert asks for: a note, a look this week, a person now."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for critical."""
        return list(type(self)).index(self)


class State(StrEnum):
    """Where an alert is in its life. A muted one is in force and recorded, but calls nobody until its mute ends."""

    PENDING = "pending"
    FIRING = "firing"
    MUTED = "muted"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Cause(StrEnum):
    """What kind of change is thought to stand behind an alert."""

    DATA_FAULT = "data_fault"
    COVARIATE = "covariate"
    LABEL_SHIFT = "label_shift"
    CONCEPT = "concept"
    LEAK_DIED = "leak_died"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What one measurement says. `cannot_tell` is an answer: too few rows, or nothing to compare with."""

    OK = "ok"
    ALARM = "alarm"
    CANNOT_TELL = "cannot_tell"


def _finite(value: float | None) -> float | None:
    """Return the number, or None where JSON has no word for it (NaN and the infinities)."""
    return float(value) if value is not None and math.isfinite(value) else None


def _plain_detail(value: Detail) -> Detail | None:
    return value if isinstance(value, str) else _finite(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a measurement is about: a table, a column of it, a segment of its rows; each may be empty."""

    table: str = ""
    feature: str = ""
    segment: str = ""

    def __str__(self) -> str:
        name = ".".join(part for part in (self.table, self.feature) if part) or "model"
        return f"{name} [{self.segment}]" if self.segment else name

    def to_plain(self) -> Plain:
        """Return a dictionary of three texts."""
        return {"table": self.table, "feature": self.feature, "segment": self.segment}


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One figure of one month, the limit it was held against, and the verdict.

    `weight` is the share of the model's use that hangs on the subject (0 = the model does not use it).
    `hard` marks a break after which scores must not be trusted, or harm that labels have confirmed.
    `value` and `threshold` are None where nothing could be computed.
    """

    month: str
    layer: Layer
    signal: str
    subject: Subject
    value: float | None
    threshold: float | None
    method: str
    unit: str
    verdict: Verdict
    note: str = ""
    weight: float = 1.0
    hard: bool = False
    details: tuple[tuple[str, Detail], ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity over months: layer, signal, subject."""
        return (self.layer, self.signal, str(self.subject))

    def detail(self, name: str) -> Detail | None:
        """Return the detail of that name, or None."""
        return dict(self.details).get(name)

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON; NaN and infinities become None."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {
            "layer": str(self.layer),
            "verdict": str(self.verdict),
            "subject": self.subject.to_plain(),
            "value": _finite(self.value),
            "threshold": _finite(self.threshold),
            "details": {name: _plain_detail(value) for name, value in self.details},
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(
            **(
                dict(plain)
                | {
                    "layer": Layer(plain["layer"]),
                    "verdict": Verdict(plain["verdict"]),
                    "subject": Subject(**plain["subject"]),
                    "details": tuple(plain["details"].items()),
                }
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """What people are told about one signal of one subject, and where that stands.

    `incident` is shared by the alerts that have one cause. `streak` counts months: positive while the signal
    alarms, negative while it is quiet. `effect_money` is per 1000 customers and month, None where unknown.
    """

    month: str
    layer: Layer
    signal: str
    subject: Subject
    severity: Severity
    state: State
    value: float | None
    threshold: float | None
    cause: Cause
    effect_money: float | None
    first_seen: str
    message: str
    what_to_do: str
    incident: str
    streak: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity over months: layer, signal, subject."""
        return (self.layer, self.signal, str(self.subject))

    @property
    def active(self) -> bool:
        """Whether the alert is in force: firing, muted or acknowledged."""
        return self.state in (State.FIRING, State.MUTED, State.ACKNOWLEDGED)

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON; NaN and infinities become None."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        words = {name: str(plain[name]) for name in ("layer", "severity", "state", "cause")}
        numbers = {name: _finite(plain[name]) for name in ("value", "threshold", "effect_money")}
        return plain | words | numbers | {"subject": self.subject.to_plain()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        kinds = {"layer": Layer, "severity": Severity, "state": State, "cause": Cause}
        words = {name: kind(plain[name]) for name, kind in kinds.items()}
        return cls(**(dict(plain) | words | {"subject": Subject(**plain["subject"])}))
