"""What the monitor remembers between months: small, plain, and enough to go on after a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from monitoring.alerts import book as books
from monitoring.alerts.book import AlertBook
from monitoring.performance.estimated.record import EstimateState
from monitoring.performance.realised import RealisedState, restarted
from monitoring.vocabulary import Alert, Plain


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorState:
    """The last month seen, the book of alerts, the CUSUM charts, the estimates' record, and the broken months.

    `faulty_months` maps a month to the incident of its broken data.
    """

    last_month: str | None = None
    book: AlertBook = field(default_factory=AlertBook)
    realised: RealisedState = field(default_factory=RealisedState)
    estimates: EstimateState = field(default_factory=EstimateState)
    faulty_months: Mapping[str, str] = field(default_factory=dict)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts of the last month."""
        return self.book.alerts

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "last_month": self.last_month,
            "book": self.book.to_plain(),
            "realised": self.realised.to_plain(),
            "estimates": self.estimates.to_plain(),
            "faulty_months": dict(self.faulty_months),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(
            last_month=plain["last_month"],
            book=AlertBook.from_plain(plain["book"]),
            realised=RealisedState.from_plain(plain["realised"]),
            estimates=EstimateState.from_plain(plain["estimates"]),
            faulty_months=dict(plain["faulty_months"]),
        )


def with_new_model(state: MonitorState) -> MonitorState:
    """Return the state for the month in which another model takes over: its record of outcomes starts anew.

    What labels and scores said about the old model is closed; broken data and moved inputs stay as they are.
    """
    return replace(
        state,
        book=books.with_new_model(state.book, state.last_month),
        realised=restarted(state.realised),
        estimates=EstimateState(),
    )
