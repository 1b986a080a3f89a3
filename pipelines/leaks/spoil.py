"""How an honest definition goes wrong: a bound is moved, or another table is read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipelines.leaks.definition import Definition


def through(clean: Definition, dose: float) -> Definition:
    """The window reaches `dose` days past the cutoff."""
    return replace(clean, ahead_days=dose, known="warehouse")


def centred(clean: Definition, dose: float) -> Definition:
    """The window reaches as far ahead as it reaches back: `dose` days either way."""
    return replace(clean, back_days=dose, ahead_days=dose, known="warehouse")


def whatever_arrived(clean: Definition, _dose: float) -> Definition:
    """The window ends at the cutoff, but rows that arrived after it count."""
    return replace(clean, known="warehouse")


def instead(**changes: Any) -> Callable[[Definition, float], Definition]:  # noqa: ANN401 - fields of a definition
    """Something else is read in its place, as it stands in the warehouse."""
    return lambda clean, _dose: replace(clean, known="warehouse", **changes)
