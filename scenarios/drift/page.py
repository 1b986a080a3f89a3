"""The page of the drift scenario: one HTML text from one story, the same bytes every time."""

from pathlib import Path

from scenarios.drift import plots, tables
from scenarios.drift.layers import layers_of, mark_of, title_of
from scenarios.drift.story import Story
from scenarios.drift.telling import answer, cost, event_title, late, practice_sentence, span
from scenarios.drift.threads import CAUSES, FIRST, cause_name, incidents
from scenarios.drift.timeline import anchor, kind_of, timeline
from scenarios.page.charts import bars, grid, lines
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def render(story: Story) -> str:
    """The page as text. It holds no time and no path, and refers to no file but those the story names."""
    return render_page(
        _TEMPLATE,
        story=story,
        drawn=_drawn(story),
        answer=answer(story),
        cost=cost(story),
        practices=practice_sentence(story),
        incidents=incidents(story),
        causes=CAUSES,
        first=FIRST,
        layers=layers_of(story),
        trials=[(one.label, one.trial) for one in story.months if one.trial is not None],
        links=tables.safe_links(story.evidently),
        tables=tables,
        say=_Say,
    )


def _drawn(story: Story) -> dict[str, str]:
    """Every chart."""
    return {
        "timeline": grid(timeline(story)),
        "quality": lines(plots.quality(story)),
        "profit": lines(plots.profit(story)),
        "lost": bars(plots.lost(story)),
        "promises": lines(plots.promises(story)),
        "practices": lines(plots.practices(story)) if story.practices else "",
    }


class _Say:
    """The wordings the template asks for by name."""

    anchor = staticmethod(anchor)
    kind = staticmethod(kind_of)
    span = staticmethod(span)
    late = staticmethod(late)
    layer = staticmethod(title_of)
    mark = staticmethod(mark_of)
    event = staticmethod(event_title)
    cause = staticmethod(cause_name)
