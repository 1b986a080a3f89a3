"""A one-sided CUSUM: how a small, lasting change becomes certain. It is the debounce; nothing else is needed."""

import math
from dataclasses import dataclass
from typing import Any, Self

from monitoring.errors import MonitorError
from monitoring.vocabulary import Plain

ALLOWANCE = 0.5
"""What is taken off each month's standardised figure: half the smallest change worth finding (1 sigma)."""

_OVERSHOOT = 1.166
"""Siegmund's correction for the sum stepping over the limit instead of touching it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cusum:
    """The sum so far, and the month in which it last left 0 (the likeliest start of a change)."""

    value: float = 0.0
    since: str | None = None

    def step(self, month: str, residual: float, *, cap: float = math.inf, allowance: float = ALLOWANCE) -> Self:
        """Return the sum after one more month's standardised residual (mean 0, sd 1 while nothing changes).

        The sum stops at `cap`, so that it can come back within reasonable time when the trouble is over.

        >>> Cusum().step("2025-01", 2.0).step("2025-02", 1.5)
        Cusum(value=2.5, since='2025-01')
        """
        value = min(max(0.0, self.value + residual - allowance), cap)
        since = None if value == 0.0 else self.since or month
        return type(self)(value=value, since=since)

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {"value": self.value, "since": self.since}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(**plain)


def run_length(limit: float, *, allowance: float = ALLOWANCE) -> float:
    """Return the mean number of months to a false alarm of a one-sided CUSUM (standard normal residuals).

    >>> round(run_length(4.0))
    338

    References
    ----------
    Siegmund 1985, corrected diffusion approximation; within a few per cent of the exact value.
    """
    reach = 2.0 * allowance * (limit + _OVERSHOOT)
    return (math.exp(reach) - reach - 1.0) / (2.0 * allowance**2)


def limit_for(months: float, *, allowance: float = ALLOWANCE) -> float:
    """Return the limit at which a CUSUM alarms falsely once in `months` months on average.

    >>> round(limit_for(338), 2)
    4.0
    """
    if months < run_length(0.0, allowance=allowance):
        raise MonitorError(f"One false alarm in {months} months cannot be reached; ask for 4 or more.")
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if run_length(middle, allowance=allowance) < months else (low, middle)
    return (low + high) / 2.0
