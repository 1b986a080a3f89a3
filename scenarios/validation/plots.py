"""The charts of the validation story: the waterfall, the corrected scores, the sealed months, the practices."""

import math
from collections.abc import Callable
from typing import Final

from scenarios.kit.story import Interval
from scenarios.page.charts import LineChart, Series, Tone
from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.figures import month
from scenarios.validation.story import Corrected, Month, Practice, Story
from scenarios.validation.telling import spoken
from scenarios.validation.waterfall import Row

X_TITLE: Final = "AUC (0.5 = guessing, 1 = perfect order)"


def steps_down(story: Story) -> tuple[Row, ...]:
    """From the claim, trap by trap, to the claim with all of them cured, and on to what production gives."""
    claimed = next(one.claimed for one in story.claims if one.metric == "auc")
    rows, now = [Row(name="Claimed", kind="total", start=claimed, end=claimed)], claimed
    for one in (one for one in story.traps if one.metric == "auc"):
        rows.append(Row(name=one.title, kind="step", start=now, end=now - one.in_turn))
        now -= one.in_turn
    if story.traps:
        rows.append(Row(name="Every trap cured", kind="total", start=now, end=now))
    rows.append(Row(name="Luck of the test rows", kind="step", start=now, end=story.cured_auc))
    if story.traps:
        rows.append(Row(name="What the traps did to the model", kind="step", start=story.cured_auc, end=story.auc))
    rows.append(Row(name="Sealed months", kind="total", start=story.auc, end=story.auc))
    return tuple(rows)


def corrected(story: Story) -> DotPlot:
    """The score made in other ways, beside what the sealed months gave."""
    exact = Dot(name="sealed months, exact", tone="three", value=story.auc, low=math.nan, high=math.nan)
    return DotPlot(
        name="corrected",
        description="AUC with 95 % interval: as claimed, corrected in four ways, and what the sealed months gave.",
        x_title=X_TITLE,
        groups=(
            ("The analyst", tuple(_way(one, "two") for one in story.corrected[:1])),
            ("Corrected", tuple(_way(one, "one") for one in story.corrected[1:])),
            ("The truth", (exact,)),
        ),
    )


def _way(one: Corrected, tone: Tone) -> Dot:
    if one.score is None:
        return Dot(name=one.name, tone=tone, value=math.nan, low=math.nan, high=math.nan)
    return Dot(name=one.name, tone=tone, value=one.score.auc, low=one.score.low, high=one.score.high)


def months(story: Story) -> LineChart:
    """AUC of the shipped model in each sealed month."""
    claimed = next(one.claimed for one in story.claims if one.metric == "auc")
    exact = tuple(one.expected for one in story.months)
    return LineChart(
        name="months",
        description="AUC of the shipped model by sealed month: exact, as outcomes gave it, and the best possible.",
        columns=tuple(one.label for one in story.months),
        x_title="month scored",
        y_title="AUC; the level line is the claim",
        series=(
            _series("best possible", "three", story, lambda one: one.best),
            Series(name="shipped, exact", tone="one", values=exact, notes=_notes("exact", story, lambda m: m.expected)),
            Series(
                name="from outcomes",
                tone="two",
                values=tuple(one.realised.auc for one in story.months),
                low=tuple(one.realised.low for one in story.months),
                high=tuple(one.realised.high for one in story.months),
                notes=tuple(f"from outcomes, {month(one.label)}: {spoken(one.realised)}" for one in story.months),
                line=False,
            ),
        ),
        level=claimed,
    )


def _series(name: str, tone: Tone, story: Story, value: Callable[[Month], float]) -> Series:
    values = tuple(value(one) for one in story.months)
    return Series(name=name, tone=tone, values=values, notes=_notes(name, story, value))


def _notes(name: str, story: Story, value: Callable[[Month], float]) -> tuple[str, ...]:
    return tuple(f"{name}, {month(one.label)}: {value(one):.3f}" for one in story.months)


def practices(story: Story) -> DotPlot:
    """What each practice says the model will give, beside what it gave."""
    return DotPlot(
        name="practices",
        description="For each practice the AUC it expects, with its interval, and what the sealed months gave.",
        x_title=X_TITLE,
        groups=tuple((one.name.capitalize(), _said_and_given(one, story)) for one in story.practices),
    )


def _said_and_given(one: Practice, story: Story) -> tuple[Dot, ...]:
    given = Dot(name="the sealed months give", tone="three", value=story.auc, low=math.nan, high=math.nan)
    if one.claimed is None:
        return (given,)
    ends = Interval(auc=one.claimed, low=one.low or one.claimed, high=one.high or one.claimed)
    return (Dot(name="expects", tone="two", value=ends.auc, low=ends.low, high=ends.high), given)
