"""The page of the reproducibility scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.page.charts import lines
from scenarios.page.template import render_page
from scenarios.reproducibility import plots, telling
from scenarios.reproducibility.story import Story

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those beside it."""
    drawn = {"converging": lines(plots.converging(story))}
    return render_page(_TEMPLATE, story=story, drawn=drawn, answer=telling.answer(story), say=telling)
