"""The lesson's own lines run, and its rubric and brief say what they must."""

import doctest
from pathlib import Path

import yaml

import scenarios.validation as package

FOLDER = Path(package.__file__).parent


def test_the_lines_of_the_lesson_give_what_it_says() -> None:
    found = doctest.testfile(str(FOLDER / "README.md"), module_relative=False)
    assert found.attempted >= 5
    assert found.failed == 0


def test_every_line_of_the_rubric_has_an_anchor_for_every_grade() -> None:
    rubric = yaml.safe_load((FOLDER / "rubric.yaml").read_text(encoding="utf-8"))
    assert [sorted(one["anchors"]) for one in rubric["criteria"]] == [[0, 1, 2, 3, 4]] * len(rubric["criteria"])
    assert len(rubric["follow_ups"]) >= 5


def test_the_starter_is_a_sheet_that_answers_nothing() -> None:
    sheet = yaml.safe_load((FOLDER / "starter" / "answer.yaml").read_text(encoding="utf-8"))
    assert sheet["scenario"] == "validation"
    assert not sheet.get("findings")
    assert sheet.get("trust") is None
