"""The page, the terminal and the stage's figures, from a story made by hand."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scenarios.kit.story import Line
from scenarios.reproducibility.page import render
from scenarios.reproducibility.stage import flat_metrics, steps_table, tell
from scenarios.reproducibility.story import Machine, Oddity, PlantedCause, Practice, Result, Step, Story
from scenarios.reproducibility.telling import answer, shown, verdict
from scenarios.reproducibility.terminal import print_story

MACHINES = tuple(
    Machine(name=f"machine {i}", zone="UTC", threads=i, hash_seed=i, day="2027-01-15") for i in range(1, 6)
)


def results(*figures: float | None) -> tuple[Result, ...]:
    return tuple(Result(figure=one, digest="" if one is None else f"{one:.6f}") for one in figures)


def step(code: str | None, *figures: float | None) -> Step:
    row = results(*figures)
    return Step(
        cured=code,
        title="A split drawn without a seed" if code else "as handed over",
        results=row,
        figures=len(set(figures)),
        digests=len({one.digest for one in row}),
    )


def story(*, control: bool = False, gone: bool = False) -> Story:
    planted = PlantedCause(
        code="unseeded-sampling",
        family="code",
        title="A split drawn without a seed",
        where="prepare.py",
        says="It is drawn <anew>.",
        remedy="Seed it.",
        without=None,
    )
    first = step(None, 0.61, 0.62, 0.63, 0.64, None)
    last = step("unseeded-sampling", *[0.6] * 5)
    return Story(
        title="A figure that does not come back",
        question="Does it?",
        level="mid",
        control=control,
        customers=1500,
        begun="2025-10-05",
        recorded=0.6 if not gone else 0.55,
        today=0.61,
        expected=0.6,
        gone=gone,
        machines=MACHINES,
        steps=(last,) if control else (first, last),
        proof=results(*[0.6] * 7),
        causes=() if control else (planted,),
        oddities=(Oddity(mechanism="wall-clock", where="pipeline.py", why="Printed only."),),
        hidden_fields=() if control else ("seed",),
        practices=(
            Practice(
                name="sound",
                what="Holds it against the record.",
                named=() if control else ("unseeded-sampling",),
                score=100.0,
                lines=(Line(name="decision", points=10, of=10, reason="right <b>"),),
            ),
        ),
    )


@pytest.mark.parametrize("told", [story(), story(control=True), story(gone=True)], ids=["planted", "control", "gone"])
def test_the_page_is_whole_escaped_and_the_same_every_time(told: Story) -> None:
    page = render(told)

    assert page == render(told)
    assert "<b>" not in page
    assert "<anew>" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert page.count("<h2") == 6


def test_the_verdict_says_which_of_the_three_it_is() -> None:
    assert verdict(story()).startswith("The figure does not come back")
    assert verdict(story(control=True)).startswith("The figure comes back")
    assert verdict(story(gone=True)).startswith("The figure cannot come back")
    assert len(answer(story())) == 4


def test_a_run_that_breaks_is_shown_as_that() -> None:
    assert shown(Result(figure=None, digest="")) == "breaks"


@pytest.mark.parametrize("width", [60, 100])
def test_the_terminal_shows_steps_causes_and_where_to_go_on(tmp_path: Path, width: int) -> None:
    console = Console(width=width, record=True, file=StringIO())

    print_story(story(), console, tmp_path / "reports")

    text = console.export_text()
    assert "the run breaks" in text
    assert "lab reproduce reproducibility" in text
    assert "0.610000" in text


def test_the_stage_writes_what_dvc_and_mlflow_read() -> None:
    told = tell(story())

    assert set(told.files) == {"story.json", "index.html", "steps.json", "months.csv"}
    assert flat_metrics(story())["hashes_cured"] == 1
    assert len(steps_table(story())) == 10
