"""The page of the leakage scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.leakage import figures, plots, telling
from scenarios.leakage.story import Story
from scenarios.page.charts import dots, lines
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those beside it."""
    return render_page(
        _TEMPLATE, story=story, drawn=_drawn(story), answer=telling.answer(story), figures=figures, say=telling
    )


def _drawn(story: Story) -> dict[str, str]:
    """Every chart; empty where there is nothing to draw."""
    return {
        "months": lines(plots.months(story)) if story.months else "",
        "practices": dots(plots.practices(story)) if story.practices else "",
        "splits": dots(plots.splits(story)) if story.splits else "",
    }
