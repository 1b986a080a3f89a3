"""The story of a case, its page and its terminal summary."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from rich.console import Console

from scenarios.base import Case, Level
from scenarios.validation.page import render
from scenarios.validation.plots import steps_down
from scenarios.validation.story import Story
from scenarios.validation.tell import demonstrate
from scenarios.validation.terminal import print_story
from scenarios.validation.truth import Truth
from scenarios.validation.waterfall import Row, waterfall

Cases: TypeAlias = Callable[[Level, bool], Case[Truth]]


@pytest.fixture(scope="module")
def story(case: Cases) -> Story:
    return demonstrate(case(Level.MID, False))


@pytest.fixture(scope="module")
def quiet(case: Cases) -> Story:
    return demonstrate(case(Level.MID, True))


def printed(story: Story) -> str:
    out = io.StringIO()
    print_story(story, Console(file=out, width=80, force_terminal=False), Path("reports/validation"))
    return out.getvalue()


def test_the_steps_down_add_up_from_the_claim_to_the_cured_claim(story: Story) -> None:
    claimed = next(one.claimed for one in story.claims if one.metric == "auc")
    assert claimed - sum(one.in_turn for one in story.traps) == pytest.approx(story.cured_claim, abs=1e-3)


def test_luck_is_told_from_what_the_traps_did_to_the_model(story: Story, quiet: Story) -> None:
    rows = {row.name: row for row in steps_down(story)}
    luck, damage = rows["Luck of the test rows"], rows["What the traps did to the model"]
    assert luck.end - luck.start == pytest.approx(story.cured_auc - story.cured_claim, abs=1e-3)
    assert damage.end - damage.start == pytest.approx(story.auc - story.cured_auc)
    assert quiet.cured_auc == quiet.auc
    assert "What the traps did to the model" not in {row.name for row in steps_down(quiet)}


def test_fresh_customers_foretell_the_sealed_months(story: Story) -> None:
    assert story.corrected[-1].score.auc == pytest.approx(story.auc, abs=0.04)


def test_better_practice_earns_more(story: Story) -> None:
    scores = {one.name: one.score for one in story.practices}
    assert scores["weak"] < scores["middling"] < scores["sound"]


def test_the_page_is_the_same_every_time_and_holds_every_trap(story: Story) -> None:
    page = render(story)
    assert page == render(Story.model_validate_json(story.model_dump_json()))
    assert all(one.code in page for one in story.traps)


def test_the_page_of_a_control_says_that_nothing_was_planted(quiet: Story) -> None:
    assert "Nothing was planted" in render(quiet)


def test_the_terminal_says_the_verdict_first(story: Story, quiet: Story) -> None:
    assert printed(story).startswith("The score cannot be believed")
    assert printed(quiet).startswith("The score can be believed")


def test_the_terminal_fits_80_columns(story: Story) -> None:
    assert max(map(len, printed(story).splitlines())) <= 80


def test_a_waterfall_says_every_bar_in_words() -> None:
    rows = (Row(name="claimed", kind="total", start=0.9, end=0.9), Row(name="split", kind="step", start=0.9, end=0.8))
    drawn = waterfall("w", "from claim to truth", rows)
    assert "claimed: 0.900" in drawn
    assert "split: -0.100" in drawn
