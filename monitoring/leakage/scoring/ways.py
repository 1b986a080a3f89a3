"""Three ways of dividing rows into a part learned from and a part judged: random, by entity, by time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats
from monitoring.leakage.table.sheet import Sheet, folds_of

WAYS: Final = 5
"""Folds of the random and the grouped split."""

LATER_SHARE: Final = 0.4
"""Share of the periods, the newest, that the time-ordered split judges."""

MOST_BLOCKS: Final = 3
"""The newest periods are judged in at most so many blocks, each by a learner that knows only what came before."""

FEWEST_ONES: Final = 10
"""A block or fold with fewer rows of either class is not judged."""

FEWEST_ENTITIES: Final = 30
"""With fewer entities a fold holds too few of them to show how entities differ."""

_FEW_PERIODS: Final = 4
"""With fewer periods none can be spared for a gap."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Row numbers to learn from and to judge."""

    learn: Counts
    judge: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A way of splitting: its parts, and what to know about it. Without parts it cannot be had.

    `ordered` where the parts follow one another in time.
    """

    name: str
    parts: tuple[Part, ...]
    note: str
    ordered: bool = False


def random_way(sheet: Sheet, rows: Counts, *, seed: int) -> Way:
    """Folds drawn without regard to entity or time."""
    parts = _folded(sheet, rows, folds_of(sheet.target[rows], None, seed=seed, ways=WAYS))
    note = "Rows drawn at random: rows of one entity or one moment stand on both sides."
    return Way(name="random", parts=parts, note=note if parts else _too_few(sheet, rows))


def grouped_way(sheet: Sheet, rows: Counts, *, seed: int) -> Way:
    """Folds of whole entities."""
    if sheet.entity is None:
        return Way(name="grouped", parts=(), note="No entity column was named, so whole entities cannot be kept apart.")
    entities = len(np.unique(sheet.entity[rows]))
    if entities < FEWEST_ENTITIES:
        return Way(name="grouped", parts=(), note=f"Entities: {entities}; too few to judge on some of them only.")
    parts = _folded(sheet, rows, folds_of(sheet.target[rows], sheet.entity[rows], seed=seed, ways=WAYS))
    once = "Every entity stands once, so this differs from the random split by chance only."
    note = once if entities == len(rows) else "Every entity wholly on one side."
    return Way(name="grouped", parts=parts, note=note if parts else _too_few(sheet, rows))


def _too_few(sheet: Sheet, rows: Counts) -> str:
    """Why no fold can be judged."""
    ones = int(sheet.target[rows].sum())
    counts = f"Rows with the outcome: {ones:,}, without: {len(rows) - ones:,}"
    return f"{counts}; too few for {WAYS} parts with {FEWEST_ONES} of each."


def _folded(sheet: Sheet, rows: Counts, folds: Counts) -> tuple[Part, ...]:
    parts = (Part(learn=rows[folds != fold], judge=rows[folds == fold]) for fold in range(int(folds.max()) + 1))
    return tuple(part for part in parts if _usable(sheet.target, part))


def _usable(target: Floats, part: Part) -> bool:
    return all(
        min(int(target[side].sum()), int(len(side) - target[side].sum())) >= FEWEST_ONES
        for side in (part.learn, part.judge)
    )


def time_way(sheet: Sheet, rows: Counts) -> Way:
    """The newest periods, each judged by what was learned from older ones, one period left out between."""
    if sheet.clock is None:
        return Way(
            name="time", parts=(), note="No time column was named, so earlier and later rows cannot be told apart."
        )
    period = sheet.clock.period[rows]
    known = np.unique(period[period >= 0])
    if len(known) < 2:  # noqa: PLR2004 - before and after
        return Way(name="time", parts=(), note="All rows have one and the same time.")
    gap = 1 if len(known) >= _FEW_PERIODS else 0
    later = known[-max(1, int(LATER_SHARE * len(known))) :]
    for blocks in range(min(MOST_BLOCKS, len(later)), 0, -1):
        parts = _ordered(rows, period, np.array_split(later, blocks), gap)
        if all(_usable(sheet.target, part) for part in parts):
            return Way(name="time", parts=parts, note=_time_note(sheet, later, gap), ordered=True)
    return Way(name="time", parts=(), note="Too few rows of one class among the earlier or the later periods.")


def given_way(sheet: Sheet, rows: Counts, later: npt.NDArray[np.bool_]) -> Way:
    """The split of the table itself."""
    inside = later[sheet.position[rows]]
    part = Part(learn=rows[~inside], judge=rows[inside])
    if not _usable(sheet.target, part):
        return Way(name="given", parts=(), note="Too few rows of one class in one part of the split.")
    return Way(name="given", parts=(part,), note="The split named, as it stands.")


def _ordered(rows: Counts, period: Counts, blocks: list[Counts], gap: int) -> tuple[Part, ...]:
    parts = []
    for block in blocks:
        before = (period >= 0) & (period < block[0] - gap)
        parts.append(Part(learn=rows[before], judge=rows[np.isin(period, block)]))
    return tuple(parts)


def _time_note(sheet: Sheet, later: Counts, gap: int) -> str:
    assert sheet.clock is not None  # noqa: S101 - asked only with a clock
    first, last = sheet.clock.names[later[0]], sheet.clock.names[later[-1]]
    span = first if first == last else f"{first} to {last}"
    spared = "with one period left out between" if gap else "with no period to spare for a gap between"
    return f"Judged on {span} by learners that saw only what came before, {spared}."
