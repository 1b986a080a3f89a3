"""Limits learnt from good months: how far a month may move before it is worth a word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from monitoring.drift.comparison import effect
from monitoring.drift.reference import POOLED, ColumnReference, largest_change
from monitoring.drift.sketch import Sketch

MIN_ROWS = 300
"""With fewer usable rows in the month the answer is "cannot tell"."""

FALSE_DISCOVERY_RATE = 0.01
"""Share of wrong ones accepted among what is called significant in a month."""

EFFECT_FLOOR = 0.05
"""Smallest distance (0 to 1) worth a word, however steady the reference was."""

EFFECT_MARGIN = 1.5
"""A month may move this many times as far as the farthest pair of good months."""

MISSING_FLOOR = 0.02
"""Smallest change in the share of empty cells worth a word."""

UNKNOWN_FACTOR = 2.0
"""With a single good month nothing is known about normal change: the floors are multiplied by this."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The largest effect that passes, with a baseline of the same calendar month and with all months pooled."""

    seasonal: float
    pooled: float

    def of(self, baseline: str) -> float:
        """Return the limit that goes with a baseline's name."""
        return self.pooled if baseline == POOLED else self.seasonal


def learn_limits(months: Mapping[str, T], pooled: T, change: Callable[[T, T], float], *, floor: float) -> Limits:
    """Return the limits of any change, from the reference months compared with one another."""
    seasonal, against_all = largest_change(months, pooled, change)
    return Limits(seasonal=_limit(seasonal, floor), pooled=_limit(against_all, floor))


def effect_limits(column: ColumnReference) -> Limits:
    """Return the largest effects of a column that pass."""
    return learn_limits(column.months, column.pooled, effect, floor=EFFECT_FLOOR)


def missing_limits(column: ColumnReference) -> Limits:
    """Return the largest changes of a column's share of empty cells that pass."""
    return learn_limits(column.months, column.pooled, missing_change, floor=MISSING_FLOOR)


def missing_change(before: Sketch, current: Sketch) -> float:
    """Return how much the share of empty cells has changed, 0 to 1."""
    return abs(current.empty / max(current.rows, 1) - before.empty / max(before.rows, 1))


def _limit(largest: float | None, floor: float) -> float:
    """Return the limit: a margin over what good months show, or a guess where a single month shows nothing."""
    return UNKNOWN_FACTOR * floor if largest is None else max(floor, EFFECT_MARGIN * largest)
