"""The page of the incident scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.incident import plots, telling
from scenarios.incident.story import Story
from scenarios.page.charts import bars, grid, lines
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those beside it."""
    drawn = {"seen": grid(plots.seen(story)), "cost": "", "so_far": ""}
    if not story.control:
        drawn |= {"cost": bars(plots.cost(story)), "so_far": lines(plots.so_far(story))}
    return render_page(_TEMPLATE, story=story, drawn=drawn, answer=telling.answer(story), say=telling)
