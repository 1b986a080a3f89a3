import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from monitoring.monitor import MonthReport
from monitoring.screening import MonthInput
from scenarios.base import Case, Draw, Level
from scenarios.incident.exam.changes import Papers
from scenarios.incident.exam.plant import Shown, truth_of
from scenarios.incident.page import render
from scenarios.incident.story import Story
from scenarios.incident.system.company import luck
from scenarios.incident.system.dashboard import dashboard
from scenarios.incident.system.run import Lived, Struck
from scenarios.incident.tell import Seen, tell
from scenarios.incident.telling import caught, key_figures, verdict
from scenarios.incident.terminal import print_story
from scenarios.incident.watching import Watched
from tests.incident.conftest import SEED, START, event

Run = Callable[[str], Lived]
LEAD = "<b>feature job</b>: aggregates of events are cached"


def shown(lived: Lived, twin: Lived, struck: Struck | None) -> Shown:
    changes = pd.DataFrame([("2000-01-03", "web", LEAD)], columns=["day", "team", "what"])
    truth = truth_of(Draw(seed=SEED, level=Level.MID), lived, twin, struck)
    panels = dashboard(lived.runs, luck(SEED, 1))
    return Shown(
        case=Case(public={}, truth=truth), lived=lived, panels=panels, papers=Papers(changes=changes, on_call="")
    )


def seen(lived: Lived, guard: tuple[str, ...]) -> Seen:
    quiet = [
        Watched(
            given=MonthInput(month=run.label, view=None),
            report=MonthReport(month=run.label, measurements=(), alerts=(), blocked_by=(), pages=()),
        )
        for run in lived.runs
    ]
    return Seen(vendor=[()] * len(lived.runs), watched=quiet, guard=guard, practices=())


@pytest.fixture(scope="module")
def story(twin: Lived, struck: Run) -> Story:
    lived = struck("eternal_cache")
    words = tuple("inputs do not follow" if place >= START else "" for place in range(len(lived.runs)))
    return tell(shown(lived, twin, event("eternal_cache")), seen(lived, words), evidently=())


@pytest.fixture(scope="module")
def control(twin: Lived) -> Story:
    return tell(shown(twin, twin, None), seen(twin, ("",) * len(twin.runs)), evidently=())


def test_the_story_adds_up(story: Story, twin: Lived) -> None:
    assert story.months[-1].so_far == pytest.approx(story.cost, abs=0.1)
    assert sum(one.hit for one in story.months) == story.hit
    first = caught(story)
    assert first is not None
    assert first.label == story.since == twin.runs[START].label


def test_the_page_says_what_happened_what_it_cost_and_who_saw_it(story: Story) -> None:
    page = render(story)

    for one in (story.happened, story.told, "inputs do not follow", "The dashboard as it was", "$"):
        assert one in page
    assert 'id="seen-wide"' in page
    assert 'id="cost-wide"' in page
    assert f"{len(story.months)} months" in page


def test_foreign_words_are_escaped_and_the_page_holds_no_path_and_no_clock(story: Story) -> None:
    page = render(story)

    assert "<b>feature job</b>" not in page
    assert "&lt;b&gt;feature job" in page
    assert str(Path.cwd()) not in page
    assert re.search(r"\d{2}:\d{2}:\d{2}", page) is None
    assert render(story) == page


def test_every_inner_link_leads_somewhere(story: Story) -> None:
    page = render(story)

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_a_control_shows_no_cost_and_no_culprit(control: Story) -> None:
    page = render(control)

    assert verdict(control).startswith("Nothing was wrong")
    assert 'id="cost-wide"' not in page
    assert "did it</span>" not in page
    assert dict(key_figures(control))["cost of the silence"] == "$0"


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_says_it_on_one_screen_without_markup(story: Story, control: Story, width: int) -> None:
    for one in (story, control):
        console = Console(width=width, file=(out := io.StringIO()))
        print_story(one, console, Path("reports/incident"))
        text = out.getvalue()

        assert verdict(one)[:40] in text
        assert "reports/incident/index.html" in text
        assert len(text.splitlines()) < 60
