"""What a sink is, and how a month is handed to several of them without one failure costing the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pipelines.sinks.notice import Notice


class Sink(Protocol):
    """Takes a month's notice somewhere; raises whatever goes wrong. `name` is said where it does."""

    @property
    def name(self) -> str:
        """What people call it."""

    def deliver(self, notice: Notice) -> None:
        """Take the notice there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A delivery that did not arrive, and why."""

    sink: str
    month: str
    why: str

    def __str__(self) -> str:
        return f"The alerts of {self.month} did not reach {self.sink}: {self.why}"


def deliver(notice: Notice, sinks: Iterable[Sink]) -> tuple[Failure, ...]:
    """Hand a notice to every sink; the failures, empty where all of them took it.

    A sink that fails is reported and never stops the run: monitoring that dies of its chat room is no monitoring.
    """
    failures = (_failure(notice, one) for one in sinks)
    return tuple(one for one in failures if one is not None)


def _failure(notice: Notice, sink: Sink) -> Failure | None:
    try:
        sink.deliver(notice)
    except Exception as error:  # noqa: BLE001 - a sink may fail in any way; the run goes on and the failure is reported
        return Failure(sink=sink.name, month=notice.report.month, why=str(error) or type(error).__name__)
    return None
