"""From values to pixels: a linear scale whose ends are round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

LARGEST = 1e15
"""Values further from 0 are drawn as if they were this large; no figure of a scenario comes near."""

_CONSTANT = 1e-9
"""A spread below this share of the largest value counts as none."""

_ROUND = (1.0, 2.0, 5.0, 10.0)
"""Steps between gridlines are one of these times a power of ten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Maps `ticks[0]..ticks[-1]` to `start..end` pixels; values outside are put on the edge."""

    ticks: tuple[float, ...]
    decimals: int
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        share = min(1.0, max(0.0, (_bounded(value) - low) / (high - low)))
        return self.start + share * (self.end - self.start)


def scale_over(values: Iterable[float | None], *, start: float, end: float, wanted: int = 5) -> Scale:
    """A scale that holds all values that are known and finite; 0 to 1 where there are none.

    `wanted` is the number of steps aimed at.
    """
    low, high = _extent([_bounded(one) for one in values if is_known(one)])
    step = _step((high - low) / wanted)
    first, last = math.floor(low / step + _CONSTANT), math.ceil(high / step - _CONSTANT)
    ticks = tuple(index * step for index in range(first, last + 1))
    return Scale(ticks=ticks, decimals=max(0, -math.floor(math.log10(step) + _CONSTANT)), start=start, end=end)


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def _bounded(value: float) -> float:
    return min(LARGEST, max(-LARGEST, value))


def _extent(values: list[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    largest = max(abs(low), abs(high))
    if high - low > _CONSTANT * max(largest, _CONSTANT):
        return low, high
    room = 0.1 * largest if largest > _CONSTANT else 1.0
    return low - room, high + room


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next((one * power for one in _ROUND if one * power >= rough * (1.0 - _CONSTANT)), 10.0 * power)
