import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from scenarios.leakage.story import Story
from scenarios.leakage.terminal import print_story
from scenarios.page.figures import DASH

Make = Callable[..., Story]


def printed(story: Story, width: int = 80, *, colour: bool = False, report: Path = Path("reports/leakage")) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    with console.capture() as shown:
        print_story(story, console, report)
    return shown.get()


@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_one_screen_and_nothing_is_cut(make_story: Make, width: int) -> None:
    text = printed(make_story(), width)

    assert max(map(cell_len, text.splitlines())) <= width
    assert len(text.splitlines()) <= 40
    assert "\N{HORIZONTAL ELLIPSIS}" not in text


def test_the_verdict_comes_first(make_story: Make, make_control: Make) -> None:
    assert printed(make_story()).startswith("The score is not real: 0.937 claimed, 0.686 given, 0.816 possible.\n")
    assert printed(make_control()).startswith("The score is real: 0.834 claimed, 0.815 in the sealed months.\n")


def test_every_month_is_a_row_with_its_figures(make_story: Make) -> None:
    rows = printed(make_story()).splitlines()

    assert any(row.split() == ["May", "2022", "test", "0.937", DASH, "0.816"] for row in rows)
    assert any(row.split() == ["Aug", "2022", "served", "0.937", "0.689", "0.816"] for row in rows)
    assert any(row.split() == ["Feb", "2023", "sealed", DASH, "0.704", "0.816"] for row in rows)


def test_everything_planted_is_named_with_what_finds_it(make_story: Make) -> None:
    words = " ".join(printed(make_story(), 120).split())

    assert "0.195 no. 1 the table Auto-renewal is switched off by the closing workflow" in words
    assert "0.035 no. 3 + events Some profiles are emptied" in words
    assert "0.039 no. 5 + the log Look-ups that time out are answered with 0." in words
    assert "[sessions_28d, sessions_before, days_since_use and 1 more]" in words


def test_what_was_not_found_is_said_without_colour(make_story: Make) -> None:
    missed = make_story().planted[0].model_copy(update={"found_by": None})

    assert "NOT FOUND" in printed(make_story(planted=(missed,)))


def test_the_three_practices_stand_side_by_side(make_story: Make) -> None:
    words = " ".join(printed(make_story()).split())

    assert "0 0.937 0.686 believes the card: trusts, names 0 columns" in words
    assert "49 0.869 0.775 drops the top column: doubts, names 1 column" in words


def test_a_control_has_nothing_planted_and_no_third_column(make_control: Make) -> None:
    text = printed(make_control())

    assert "Planted" not in text
    assert "nothing planted" not in text
    assert "no leak was planted" in text


def test_the_verdict_is_coloured_where_the_terminal_can(make_story: Make) -> None:
    assert "\x1b[1;31mThe score is not real" in printed(make_story(), colour=True)
    assert "\x1b" not in printed(make_story())


def test_paths_are_relative_to_where_one_stands(
    make_story: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    by_folder = printed(make_story(), report=tmp_path / "reports" / "leakage")

    assert "reports/leakage/index.html" in by_folder
    assert by_folder == printed(make_story(), report=tmp_path / "reports" / "leakage" / "index.html")


def test_a_story_without_months_or_practices_is_told_too(make_story: Make) -> None:
    assert "data/leakage/BRIEF.md" in printed(make_story(months=(), planted=(), practices=()))


def test_foreign_text_moves_no_cursor_and_is_no_markup(make_story: Make) -> None:
    odd = make_story().planted[0].model_copy(update={"title": "[red]boo[/red] \x1b[2Jgone\rback"})
    text = printed(make_story(planted=(odd,)), 120)

    assert "[red]boo[/red]  [2Jgone back" in text
    assert "\x1b" not in text
