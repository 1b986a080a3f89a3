"""The page of the validation scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.page.charts import dots, lines
from scenarios.page.template import render_page
from scenarios.validation import plots, telling
from scenarios.validation.story import Story
from scenarios.validation.waterfall import waterfall

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_DOWN = "From the AUC claimed, trap by trap, down to what the sealed months gave."


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those beside it."""
    return render_page(_TEMPLATE, story=story, drawn=_drawn(story), answer=telling.answer(story), say=telling)


def _drawn(story: Story) -> dict[str, str]:
    """Every chart."""
    return {
        "waterfall": waterfall("waterfall", _DOWN, plots.steps_down(story)),
        "corrected": dots(plots.corrected(story)),
        "months": lines(plots.months(story)),
        "practices": dots(plots.practices(story)),
    }
