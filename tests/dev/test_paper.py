from pathlib import Path

import pytest

from scenarios.kit.dev.paper import EXTENSION, INTERVIEW, extension_problems, interview_problems, marks_left
from scenarios.kit.dev.verdict import Outcome, Ruling, exit_code, ruling


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs/interview").mkdir(parents=True)
    (tmp_path / "docs/extensions").mkdir()
    return tmp_path


def test_a_whole_interview_page_is_fine_and_a_missing_part_is_named(root: Path) -> None:
    page = root / "docs/interview/toy.md"
    assert interview_problems(root, "toy") == ["no docs/interview/toy.md"]

    page.write_text("\n".join(f"## {one}\n" for one in INTERVIEW))
    assert interview_problems(root, "toy") == []

    page.write_text("\n".join(f"## {one}\n" for one in INTERVIEW if one != "Tells") + "\n```\n## Tells\n```\n")
    assert interview_problems(root, "toy") == ["no '## Tells'"]


def test_three_whole_extensions_are_asked_for(root: Path) -> None:
    page = root / "docs/extensions/toy.md"
    whole = "".join(f"**{one}.** Words.\n\n" for one in EXTENSION)
    page.write_text("# Toy\n\n" + "".join(f"## {n}\n\n{whole}" for n in "abc"))
    assert extension_problems(root, "toy") == []

    page.write_text(
        "# Toy\n\n" + "".join(f"## {n}\n\n{whole}" for n in "abc").replace("**Task.** Words.", "### Task\n")
    )
    assert extension_problems(root, "toy") == []

    page.write_text("# Toy\n\n## a\n\n**Task.** Words.\n")
    assert extension_problems(root, "toy") == [
        "1 extensions, 3 are asked for",
        "'a' has no 'Files to touch'",
        "'a' has no 'How it is judged'",
    ]


def test_marks_are_counted_but_for_those_of_the_starter(root: Path) -> None:
    folder = root / "scenarios/toy"
    (folder / "starter").mkdir(parents=True)
    (folder / "starter/code.py").write_text("# TODO: yours\n")
    assert marks_left(root, "toy") == []

    (folder / "brief.md").write_text("TODO, and TODO\n")
    assert marks_left(root, "toy") == ["scenarios/toy/brief.md: 2"]


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [([Outcome.OK], 0), ([Outcome.OK, Outcome.TODO], 1), ([Outcome.BROKEN], 1), ([Outcome.BROKEN, Outcome.ERROR], 2)],
)
def test_the_exit_code_is_that_of_the_worst_ruling(outcomes: list[Outcome], code: int) -> None:
    assert exit_code([Ruling(rule="a", outcome=one, said="") for one in outcomes]) == code


def test_a_ruling_without_problems_is_ok() -> None:
    assert ruling("a", [], "fine") == Ruling(rule="a", outcome=Outcome.OK, said="fine")
    assert ruling("a", ["x", "y"], "fine") == Ruling(rule="a", outcome=Outcome.BROKEN, said="x; y")
