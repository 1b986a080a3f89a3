"""The story on the page and in the terminal."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from scenarios.features.page import render
from scenarios.features.stage import flat_metrics, months_table
from scenarios.features.story import Story
from scenarios.features.terminal import print_story

Make = Callable[..., Story]


def printed(story: Story, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as shown:
        print_story(story, console, Path("reports/features"))
    return shown.get()


def test_the_page_is_the_same_twice_and_holds_every_step(make_story: Make) -> None:
    page = render(make_story())

    assert page == render(make_story())
    assert all(one.name in page for one in make_story().ladder)
    assert "how <b>" not in page


def test_every_id_is_given_once_and_nothing_is_fetched(make_story: Make) -> None:
    page = render(make_story())
    ids = re.findall(r'\bid="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert re.findall(r'(?:src|href)="(?!\./|#)[^"]*"', page) == []


def test_a_control_says_that_nothing_was_planted(make_story: Make) -> None:
    control = make_story(control=True, faults=(), wrong_labels=0)

    assert "Nothing. Tables, labels and dictionary are as they should be." in render(control)
    assert "control" in printed(control)


def test_what_was_missed_is_said(make_story: Make) -> None:
    assert "missed" in render(make_story())
    assert "MISSED: A line" in printed(make_story())


@pytest.mark.parametrize("width", [80, 100])
def test_the_terminal_shows_one_screen_with_the_verdict_first(make_story: Make, width: int) -> None:
    text = printed(make_story(), width)

    assert text.startswith("The learner was not the problem: 0.600 stuck, 0.820 with the same learner")
    assert max(map(cell_len, text.splitlines())) <= width
    assert len(text.splitlines()) <= 45


def test_the_front_page_finds_its_metrics(make_story: Make) -> None:
    metrics = flat_metrics(make_story())

    assert {"share_a_bigger_model", "share_three_features_labels_reviewed", "best_possible_auc"} <= set(metrics)
    assert list(months_table(make_story())["wrong"]) == [300, 200]
