"""The charts of the leakage story: months, practices, and ways of splitting."""

import math
from collections.abc import Callable
from itertools import groupby

from scenarios.kit.story import Interval
from scenarios.leakage.story import Month, Part, Practice, SplitScore, Story
from scenarios.leakage.telling import SPLITS, spoken
from scenarios.page.charts import Event, LineChart, Series, Tone
from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.figures import month

OFFLINE, PRODUCTION, HONEST = "offline, as remade", "production, as sent", "nothing planted"

X_TITLE = "AUC (0.5 = guessing, 1 = perfect order)"


def months(story: Story) -> LineChart:
    """AUC by month: on the remade table, as production sent it, and with nothing planted."""
    columns = calendar(story)
    told = {one.label: one for one in story.months}
    every = tuple(told.get(label) for label in columns)
    honest = () if story.control else (_series(HONEST, "three", every, lambda one: one.honest),)
    return LineChart(
        name="months",
        description="AUC by month: on the table as remade, as production sent it, and with nothing planted.",
        columns=columns,
        x_title="month scored",
        y_title="AUC; the level line is the model card's figure",
        series=(
            _series(OFFLINE, "two", every, lambda one: one.offline),
            *honest,
            _series(PRODUCTION, "one", every, _sent),
        ),
        events=_parts(every),
        level=story.claimed.auc,
    )


def _sent(told: Month) -> Interval | None:
    """What production gave; in the test months there was none."""
    return None if told.part == "test" else told.production


def calendar(story: Story) -> tuple[str, ...]:
    """Every month from the first told to the last, those left out in between too.

    Labels that are no months stand as they are.
    """
    labels = sorted({one.label for one in story.months})
    ends = [_count(one) for one in (labels[0], labels[-1])] if labels else []
    if not ends or None in ends:
        return tuple(labels)
    first, last = (one for one in ends if one is not None)
    return tuple(f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1))


def _count(label: str) -> int | None:
    """Months since year 0 of a label like "2025-06"; None for other text."""
    year, _, name = label.partition("-")
    whole = year.isascii() and year.isdigit() and name.isascii() and name.isdigit()
    return 12 * int(year) + int(name) - 1 if whole else None


def _series(
    name: str, tone: Tone, every: tuple[Month | None, ...], given: Callable[[Month], Interval | None]
) -> Series:
    found = tuple(None if one is None else given(one) for one in every)
    return Series(
        name=name,
        tone=tone,
        values=tuple(None if one is None else one.auc for one in found),
        low=tuple(None if one is None else one.low for one in found),
        high=tuple(None if one is None else one.high for one in found),
        notes=tuple(_note(name, one, value) for one, value in zip(every, found, strict=True)),
    )


def _note(name: str, told: Month | None, value: Interval | None) -> str:
    return "" if told is None or value is None else f"{name}, {month(told.label)}: {spoken(value)}"


def _parts(every: tuple[Month | None, ...]) -> tuple[Event, ...]:
    """The stretches of test, served and sealed months."""
    known = [(at, one.part) for at, one in enumerate(every) if one is not None]
    spans: list[tuple[Part, list[int]]] = [
        (part, [at for at, _ in run]) for part, run in groupby(known, key=lambda pair: pair[1])
    ]
    return tuple(Event(first=held[0], last=held[-1], label=part, kind="harmless") for part, held in spans)


def practices(story: Story) -> DotPlot:
    """What each practice claims for the sealed months, and what its choice of columns gives there."""
    return DotPlot(
        name="practices",
        description="For each practice the AUC claimed, with its interval, and the AUC its choice really gives.",
        x_title=X_TITLE,
        groups=tuple((one.name.capitalize(), _claimed_and_real(one)) for one in story.practices),
    )


def _claimed_and_real(one: Practice) -> tuple[Dot, ...]:
    real = Dot(name="really gives", tone="one", value=one.real, low=math.nan, high=math.nan)
    if one.claimed is None:
        return (real,)
    low, high = (math.nan if end is None else end for end in (one.low, one.high))
    return (Dot(name="claims", tone="two", value=one.claimed, low=low, high=high), real)


def splits(story: Story) -> DotPlot:
    """The audit's own figure by way of splitting, with every column and without those found to leak."""
    return DotPlot(
        name="splits",
        description="AUC with 95 % interval by way of splitting, with every column and without the leaks.",
        x_title=X_TITLE,
        groups=tuple((SPLITS.get(one.split, one.split), _with_and_without(one)) for one in story.splits),
    )


def _with_and_without(one: SplitScore) -> tuple[Dot, ...]:
    if one.without_leaks in {None, one.all_columns}:
        return (_dot("all columns", "one", one.all_columns),)
    return (_dot("all columns", "two", one.all_columns), _dot("without the leaks", "one", one.without_leaks))


def _dot(name: str, tone: Tone, score: Interval | None) -> Dot:
    if score is None:
        return Dot(name=name, tone=tone, value=math.nan, low=math.nan, high=math.nan)
    return Dot(name=name, tone=tone, value=score.auc, low=score.low, high=score.high)
