"""A one-sided CUSUM: how a small, lasting change becomes certain. It explains; what calls a person is `evidence`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np

from monitoring.columns import Floats
from monitoring.errors import MonitorError

ALLOWANCE = 0.5
"""What is taken off each month's standardised figure: half the smallest change worth finding (1 sigma)."""

_CELLS = 80
"""Cells the sum's range is cut into; with more, run lengths up to 10,000 change by less than 1 in 300."""

_HALVINGS = 24
"""Halvings of the search for a limit."""

_CAP = 2.0
"""The sums stop at this many times the limit: after a repair they are back below it within a few cohorts."""


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


def cusum(residuals: Mapping[str, float], *, limit: float) -> Cusum:
    """Return the chart after the residuals of months in order, held to twice the limit."""
    chart = Cusum()
    for month, residual in residuals.items():
        chart = chart.step(month, residual, cap=_CAP * limit)
    return chart


def run_length(limit: float, *, allowance: float = ALLOWANCE, shift: float = 0.0) -> float:
    """Return the mean number of months until a one-sided CUSUM that starts at 0 is above its limit.

    Residuals are independent and normal with mean `shift` and sd 1: with 0 the time to a false alarm, else the
    delay of a change of that size.

    >>> round(run_length(4.0))
    335
    >>> round(run_length(2.386, shift=1.0), 2)
    5.2

    References
    ----------
    Brook & Evans 1972: the sum as a Markov chain over cells, which is exact as the cells become small.
    """
    if limit <= 0.0:
        return 1.0 / max(1.0 - float(_normal(np.array([limit + allowance - shift]))[0]), 1e-300)
    width = limit / (_CELLS - 0.5)
    at = np.arange(_CELLS) * width
    below = _normal(at[None, :] - at[:, None] + width / 2.0 + allowance - shift)
    move = np.diff(below, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(_CELLS) - move, np.ones(_CELLS))[0])


def _normal(values: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(values), dtype=np.float64)


@cache
def limit_for(months: float, *, allowance: float = ALLOWANCE) -> float:
    """Return the limit at which a CUSUM alarms falsely once in `months` months on average.

    >>> round(limit_for(335), 2)
    4.0
    """
    least = run_length(0.0, allowance=allowance)
    if months < least:
        raise MonitorError(f"One false alarm in {months} months cannot be reached; ask for {math.ceil(least)} or more.")
    low, high = 0.0, 4.0
    while run_length(high, allowance=allowance) < months:
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if run_length(middle, allowance=allowance) < months else (low, middle)
    return (low + high) / 2.0
