"""What a lever is: a dated change of the mechanism, with its kind, its dose and its shape stated."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.errors import LabError
from pipelines.world.mechanism import Mechanism


class Shape(StrEnum):
    """How a lever's strength runs over the months after its start."""

    SUDDEN = "sudden"
    GRADUAL = "gradual"
    INCREMENTAL = "incremental"
    RECURRING = "recurring"
    SEASONAL = "seasonal"
    BLIP = "blip"


RAMP_MONTHS = 6
"""Months a gradual lever needs to reach its dose (linearly), and the steps of an incremental one times two."""

BLIP_MONTHS = 2
RECURRING_MONTHS = 3
"""A recurring lever is on for this many months, then off for as many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moves:
    """Which distributions a lever moves, as seen through recorded features X and churn Y."""

    p_x: bool
    p_y: bool
    p_y_given_x: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Lever:
    """A way to change the company.

    `apply(mechanism, amount)` returns the mechanism at a strength of `amount` in `unit`; 0 changes nothing. `dose` is
    the usual amount, `most` the largest allowed. `newcomers` is the share of the stock that `dose` 1 adds in the start
    month. A harmless lever may cost the company money; what it does not hurt is the deployed model.
    """

    name: str
    title: str
    apply: Callable[[Mechanism, float], Mechanism]
    moves: Moves
    unit: str
    dose: float
    most: float
    shape: Shape
    harmless: bool = False
    newcomers: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PulledLever:
    """A lever with its dose, its start (month index) and its shape."""

    lever: Lever
    dose: float
    start: int
    shape: Shape

    def __post_init__(self) -> None:
        if not 0.0 <= self.dose <= self.lever.most:
            raise LabError(
                f"The dose of lever '{self.lever.name}' is {self.dose:g}; "
                f"allowed is 0 to {self.lever.most:g} ({self.lever.unit}). Usual is {self.lever.dose:g}."
            )

    def applied_to(self, mechanism: Mechanism, month: int) -> Mechanism:
        """The mechanism of `month` with this lever pulled; the same object before the start and at strength 0."""
        amount = self.dose * strength(self.shape, month - self.start)
        return self.lever.apply(mechanism, amount) if amount else mechanism

    def newcomers(self) -> float:
        """Customers this lever brings in its start month, as a share of the stock."""
        return self.lever.newcomers * self.dose


def strength(shape: Shape, age: int) -> float:
    """Strength in [0, 1] (seasonal: [-1, 1]) of a lever `age` months after its start; 0 before it.

    >>> [strength(Shape.GRADUAL, age) for age in (-1, 0, 2, 9)]
    [0.0, 0.16666666666666666, 0.5, 1.0]
    >>> [strength(Shape.BLIP, age) for age in (0, 1, 2)]
    [1.0, 1.0, 0.0]
    """
    return _STRENGTHS[shape](age) if age >= 0 else 0.0


def _incremental(age: int) -> float:
    steps = RAMP_MONTHS // 2
    return min(1.0, (age // 2 + 1) / steps)


_STRENGTHS: dict[Shape, Callable[[int], float]] = {
    Shape.SUDDEN: lambda _age: 1.0,
    Shape.GRADUAL: lambda age: min(1.0, (age + 1) / RAMP_MONTHS),
    Shape.INCREMENTAL: _incremental,
    Shape.RECURRING: lambda age: float((age // RECURRING_MONTHS) % 2 == 0),
    Shape.SEASONAL: lambda age: float(np.sin(2.0 * np.pi * (age + 1) / 12.0)),
    Shape.BLIP: lambda age: float(age < BLIP_MONTHS),
}
