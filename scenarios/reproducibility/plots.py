"""The chart of the story: what five machines give, cure by cure."""

from typing import Final

from scenarios.page.charts import LineChart, Series, Tone
from scenarios.reproducibility.story import Story
from scenarios.reproducibility.telling import auc, step_name

_TONES: Final[tuple[Tone, ...]] = ("one", "two", "three", "four", "five")


def converging(story: Story) -> LineChart:
    """Figures by machine, from the repository as handed over to the one with every cause cured."""
    return LineChart(
        name="converging",
        description="AUC on five machines, as handed over and after each cure; the level line is the recorded AUC.",
        columns=tuple(str(at) for at in range(len(story.steps))),
        x_title="causes cured, in the order of the table below",
        y_title="AUC; the level line is the record",
        series=tuple(_machine(story, at) for at in range(len(story.machines))),
        level=story.recorded,
    )


def _machine(story: Story, at: int) -> Series:
    name = story.machines[at].name
    values = tuple(one.results[at].figure for one in story.steps)
    notes = tuple(
        f"{name}, {step_name(number, one)}: {auc(one.results[at].figure)}" for number, one in enumerate(story.steps)
    )
    return Series(name=name, tone=_TONES[at], values=values, notes=notes)
