"""What happens in a case: events by level, drawn with their doses, shapes and months."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.catalogue import pulled as pulled_lever
from pipelines.world.levers.lever import PulledLever, Shape
from scenarios.base import Level
from scenarios.drift.exam.events import HERRINGS, Family, Possible, of_family
from scenarios.drift.exam.timeline import HISTORY


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulled:
    """An event with its dose, the month index it starts in, and whether it grows over half a year."""

    what: Possible
    dose: float
    start: int
    gradual: bool = False

    @property
    def lever(self) -> PulledLever | None:
        """The lever to pull; None for a fault."""
        if self.what.family is Family.FAULT:
            return None
        shape = Shape.GRADUAL if self.gradual else None
        return pulled_lever(self.what.name, start=self.start, dose=self.dose, shape=shape)

    @property
    def fault(self) -> PulledFault | None:
        """The fault to make, which stays; None for a lever."""
        if self.what.family is not Family.FAULT:
            return None
        return pulled_fault(self.what.name, start=self.start, dose=self.dose)


EARLY: Final = (3, 5)
"""Months of the year (0 is the first) in which a single event may start: its labels land while the case runs."""

FIRST_OF_TWO, SECOND_OF_TWO = (2, 4), (7, 8)
"""Where two things happen, people change first and the record breaks later, so that each can be seen alone."""

ANY_TIME: Final = (1, 6)
"""Months in which a red herring may start."""

HERRINGS_SHOWN: Final = {Level.JUNIOR: 0, Level.MID: 1, Level.SENIOR: 2}
"""Red herrings by level."""

EASY: Final = {Level.JUNIOR: 1.0, Level.MID: 0.5, Level.SENIOR: 0.5}
"""The least dose drawn at a level, as a place between the weakest and the strongest."""


def harmful_events(level: Level, rng: np.random.Generator) -> tuple[Pulled, ...]:
    """One event, or at the senior level two: people change, sometimes gradually, and later the record breaks."""
    if level is not Level.SENIOR:
        families = (Family.CONCEPT, Family.LABEL, Family.FAULT)
        family = families[int(rng.integers(len(families)))]
        return (_drawn(of_family(family, hidden=False), EARLY, level, rng),)
    people = Family.CONCEPT if rng.random() < CONCEPT_SHARE else Family.LABEL
    first = _drawn(of_family(people, hidden=False), FIRST_OF_TWO, level, rng, may_grow=True)
    return first, _drawn(of_family(Family.FAULT, hidden=False), SECOND_OF_TWO, level, rng)


GROWS: Final = 0.5
"""Share of the changes of people in two-event cases that come gradually."""

GROWS_BY: Final = 3
"""The latest month in which something that grows may start: before the record breaks, half of it has to be there."""

CONCEPT_SHARE: Final = 0.6
"""Share of the two-event cases in which the first event is concept drift, not label shift."""


def red_herrings(level: Level, rng: np.random.Generator) -> tuple[Pulled, ...]:
    """Harmless events, no two alike."""
    chosen = rng.permutation(len(HERRINGS))[: HERRINGS_SHOWN[level]]
    return tuple(_drawn((HERRINGS[int(i)],), ANY_TIME, level, rng) for i in chosen)


def _drawn(
    pool: Sequence[Possible],
    months: tuple[int, int],
    level: Level,
    rng: np.random.Generator,
    *,
    may_grow: bool = False,
) -> Pulled:
    what = pool[int(rng.integers(len(pool)))]
    weakest, strongest = what.doses
    place = EASY[level] + (1.0 - EASY[level]) * float(rng.random())
    month = int(rng.integers(months[0], months[1] + 1))
    grows = may_grow and bool(rng.random() < GROWS)
    start = HISTORY + (min(month, GROWS_BY) if grows else month)
    return Pulled(what=what, dose=round(weakest + place * (strongest - weakest), 3), start=start, gradual=grows)
