"""What a cause is: how the code stood and stands, what the recorded run was given, what tells of it, what cures it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files

Values: TypeAlias = Mapping[str, Any]
"""Settings of a run by name: what the recorded run really used, wherever it took it from."""

Rewrite: TypeAlias = Callable[[Files], dict[str, bytes]]


class Family(StrEnum):
    """Where a cause sits."""

    DATA = "data"
    CODE = "code"
    ENVIRONMENT = "environment"
    TRACKING = "tracking"


class Level(StrEnum):
    """How well a cause hides: it is read off a line, needs the record, or needs the record against the history."""

    LOUD = "loud"
    QUIET = "quiet"
    FAINT = "faint"


def as_it_is(files: Files) -> dict[str, bytes]:
    """The files unchanged."""
    return dict(files)


def nothing_given(conditions: Conditions, _values: Values) -> Conditions:
    """The conditions unchanged."""
    return conditions


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """One cause.

    Attributes
    ----------
    code, title, says, remedy
        Its name in an answer; what it is in few words; what happens; what to do.
    where
        The files an answer may name for it, the plainest first.
    then, now
        How it changes the sound repository: as the recorded run had it, and as it is handed over.
    given
        What the recorded run was given from outside.
    elsewhere
        Another machine or day, on which what is handed over gives something else; None where it is wrong, but steady.
    read
        From the public files the settings that bring the run back; None where the cause is not there.
    cure
        The sound code again, with those settings.
    """

    code: str
    family: Family
    hides: Level
    title: str
    says: str
    remedy: str
    where: tuple[str, ...]
    then: Rewrite
    now: Rewrite
    read: Callable[[Evidence], Values | None]
    cure: Callable[[Files, Values], dict[str, bytes]]
    given: Callable[[Conditions, Values], Conditions] = nothing_given
    elsewhere: Callable[[Conditions], Conditions] | None = None


NOTHING: Final[Values] = {}
"""Read off where the cause is there and its cure needs no setting."""
