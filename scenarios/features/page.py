"""The page of the features scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.features import figures, plots, telling
from scenarios.features.story import Story
from scenarios.page.charts import dots, lines
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those beside it."""
    drawn = {
        "ladder": dots(plots.ladder(story)) if story.ladder else "",
        "labels": lines(plots.labels(story)) if story.months else "",
    }
    return render_page(_TEMPLATE, story=story, drawn=drawn, answer=telling.answer(story), figures=figures, say=telling)
