"""What is planted in a case: which data faults, wrong labels and wrong lines of the dictionary, how loud and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.world.faults.fault import PulledFault
from scenarios.base import Level
from scenarios.features.exam.bank import BANK, OTHERS, ROWS, VALUES, Possible, in_order
from scenarios.features.exam.dictionary import WRONG, Entry
from scenarios.features.exam.wrong_labels import WRONG_LABELS, WrongLabels

MIX: Final[Mapping[Level, Mapping[str, int]]] = {
    Level.JUNIOR: {VALUES: 3, ROWS: 3, OTHERS: 6},
    Level.MID: {VALUES: 3, ROWS: 3, OTHERS: 6},
    Level.SENIOR: {VALUES: 3, ROWS: 4, OTHERS: 6},
}
"""Data faults by group: twelve at least."""

LABELS: Final[Mapping[Level, int]] = {Level.JUNIOR: 2, Level.MID: 3, Level.SENIOR: 3}
"""Ways of booking that make labels wrong."""

LINES: Final[Mapping[Level, int]] = {Level.JUNIOR: 2, Level.MID: 3, Level.SENIOR: 3}
"""Wrong lines of the data dictionary."""

LOUDNESS: Final[Mapping[Level, tuple[float, float]]] = {
    Level.JUNIOR: (0.7, 1.0),
    Level.MID: (0.3, 0.6),
    Level.SENIOR: (0.0, 0.2),
}
"""Where a dose lies between a fault's quiet and its loud one."""

STARTS: Final[Mapping[Level, tuple[int, int]]] = {Level.JUNIOR: (1, 3), Level.MID: (1, 5), Level.SENIOR: (2, 6)}
"""Months in which a fault that stays may start; the first month of the record is always sound."""

PASSING: Final = (3, 9)
"""First and last month that a fault which passes may touch."""

MIGRATIONS: Final = (5, 9)
"""Months in which a bad spell of labels may start; it lasts two, and both are labelled."""

BOOKED_FROM: Final = (2, 5)
"""Months in which a wrong way of booking that stays may start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """A wrong way of booking with its dose and its months, from `start` to `until`, both included."""

    what: WrongLabels
    dose: float
    start: int
    until: int | None

    def active(self, month: int) -> bool:
        """Whether this month is booked wrongly."""
        return self.start <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Composition:
    """Everything planted in a case, faults in the order in which they strike."""

    faults: tuple[tuple[Possible, PulledFault], ...] = ()
    labels: tuple[Booked, ...] = ()
    lines: tuple[Entry, ...] = ()


def composed(level: Level, rng: np.random.Generator) -> Composition:
    """What a planted case of a level holds."""
    chosen = in_order(tuple(one for group, count in MIX[level].items() for one in _picked(group, count, rng)))
    labels = [WRONG_LABELS[int(i)] for i in sorted(rng.permutation(len(WRONG_LABELS))[: LABELS[level]])]
    lines = [WRONG[int(i)] for i in sorted(rng.permutation(len(WRONG))[: LINES[level]])]
    return Composition(
        faults=tuple((one, _pulled(one, level, rng)) for one in chosen),
        labels=tuple(_booked(one, level, rng) for one in labels),
        lines=tuple(lines),
    )


def _picked(group: str, count: int, rng: np.random.Generator) -> Sequence[Possible]:
    """So many faults of a group, no two of which exclude each other."""
    pool = [one for one in BANK if one.group == group]
    picked: list[Possible] = []
    for i in rng.permutation(len(pool)):
        one = pool[int(i)]
        if len(picked) < count and not (one.excludes and any(p.excludes == one.excludes for p in picked)):
            picked.append(one)
    return picked


def _dose(quiet: float, loud: float, level: Level, rng: np.random.Generator) -> float:
    least, most = LOUDNESS[level]
    place = least + (most - least) * float(rng.random())
    return round(quiet + place * (loud - quiet), 4)


def _pulled(one: Possible, level: Level, rng: np.random.Generator) -> PulledFault:
    start, until = _months(one.bad_months, STARTS[level], PASSING, rng)
    return PulledFault(fault=one.fault, dose=_dose(one.quiet, one.loud, level, rng), start=start, until=until)


def _booked(one: WrongLabels, level: Level, rng: np.random.Generator) -> Booked:
    start, until = _months(one.bad_months, BOOKED_FROM, (MIGRATIONS[0], MIGRATIONS[1] + 1), rng)
    return Booked(what=one, dose=_dose(one.quiet, one.loud, level, rng), start=start, until=until)


def _months(
    lasts: int | None, stays_from: tuple[int, int], passes: tuple[int, int], rng: np.random.Generator
) -> tuple[int, int | None]:
    if lasts is None:
        return int(rng.integers(stays_from[0], stays_from[1] + 1)), None
    start = int(rng.integers(passes[0], passes[1] - lasts + 2))
    return start, start + lasts - 1
