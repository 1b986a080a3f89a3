"""The lesson's own lines run, and it tells of every cause."""

import doctest
from pathlib import Path

import scenarios.reproducibility as package
from scenarios.reproducibility.causes.catalogue import CAUSES

FOLDER = Path(package.__file__).parent


def test_the_lines_of_the_lesson_give_what_it_says() -> None:
    found = doctest.testfile(str(FOLDER / "README.md"), module_relative=False)

    assert found.attempted >= 4
    assert found.failed == 0


def test_the_lesson_says_what_every_cause_moves() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert [one.code for one in CAUSES if f"`{one.code}`" not in text] == []
