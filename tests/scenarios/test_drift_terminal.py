import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from scenarios.drift.story import Story
from scenarios.drift.terminal import print_story

Make = Callable[..., Story]

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def printed(story: Story, width: int, *, colour: bool = False, report: Path = Path("reports/drift")) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    with console.capture() as shown:
        print_story(story, console, report)
    return shown.get()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_every_month_and_every_figure_is_there(make_story: Make, width: int) -> None:
    story = make_story()
    rows = printed(story, width).splitlines()

    for name, told in zip(NAMES, story.months, strict=True):
        row = next(one for one in rows if one.startswith(f"{name} 2025  "))
        assert f"{told.true.auc:.3f}" in row
        assert f"${told.lost_per_1000:,.0f}" in row
        assert told.seen is None or f"{told.seen.auc:.3f}" in row


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut(make_story: Make, width: int) -> None:
    text = printed(make_story(), width)

    assert max(map(cell_len, text.splitlines())) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    words = " ".join(text.split())
    for needed in (
        "+competitor launch",
        "+unit change",
        "new model",
        "old inputs",
        "$81,904 of margin",
        "reports/drift/index.html",
        "reports/drift/evidently/2025-12.html",
        "dvc exp run -S drift.lever=price_rise scenario@drift",
    ):
        assert needed in words


def test_verdicts_can_be_read_without_colour(make_story: Make) -> None:
    rows = printed(make_story(), 80).splitlines()

    signs = {one[:3]: one.split()[2] for one in rows if one[4:8] == "2025"}
    assert signs["Mar"] == "......."
    assert signs["Aug"] == "....iX."


def test_severity_is_coloured_where_the_terminal_can(make_story: Make) -> None:
    assert "\x1b[1;31mX critical" in printed(make_story(), 100, colour=True)
    assert "\x1b" not in printed(make_story(), 100)


def test_every_event_has_a_line_that_says_whether_it_was_noticed(make_story: Make) -> None:
    story = make_story()
    unseen = story.noticed[0].model_copy(update={"first_alert": None, "as_wished": False})
    text = printed(make_story(noticed=(unseen, *story.noticed[1:])), 120)

    assert "NO   A rival courts monthly plus and pro customers: went unnoticed" in text
    assert "yes  Usage swings more with the season: no alert, and none was needed" in text
    assert "yes  The app sends seconds where minutes are expected: critical in Nov 2025, in its first month" in text


def test_the_report_may_be_named_by_its_folder_or_its_page(make_story: Make) -> None:
    by_page = printed(make_story(), 100, report=Path("reports/drift/index.html"))

    assert by_page == printed(make_story(), 100)


def test_paths_are_relative_to_where_one_stands(
    make_story: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    text = printed(make_story(), 80, report=tmp_path / "reports" / "drift")

    assert "reports/drift/story.json" in text
    assert str(tmp_path) not in text


def test_a_quiet_single_month_is_told_too(make_story: Make) -> None:
    quiet = make_story().months[0].model_copy(update={"alerts": (), "layers": ()})

    text = printed(make_story(months=(quiet,), happenings=(), noticed=(), evidently=()), 80)

    assert "No alert was raised." in text
    assert "Nothing was scripted." in text


def test_foreign_text_moves_no_cursor_and_is_no_markup(make_story: Make) -> None:
    text = printed(make_story(title="[red]boo[/red] \x1b[2Jgone\rback"), 100)

    assert "[red]boo[/red]  [2Jgone back" in text
    assert "\x1b" not in text
