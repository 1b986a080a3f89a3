"""A task of code: what is said of a file that cannot be read, and of code that does not run."""

from typing import Any

import pandas as pd
import pytest

from pipelines.errors import LabError
from scenarios.base import Answer, AnswerSheet
from scenarios.features.exam.building import RUN
from scenarios.features.exam.grade import _trouble
from scenarios.kit.learn.course import Course
from scenarios.kit.learn.desk import Desk

RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def course(course: Course) -> Course:
    """The toy's course with a task of code at its beginning."""
    written: dict[str, Any] = course.model_dump(mode="json")
    demand = {"code": {"least": 1.0, "short": "A column changes when the tables are cut."}}
    written["tasks"][0] |= {"name": "code", "file": "code.py", "gives": ["code"], "start": None, "checks": demand}
    return Course.model_validate(written)


@pytest.fixture
def desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The toy has no starter."""
    monkeypatch.setattr("scenarios.kit.learn.workspace.original", lambda _lesson: RIGHT)
    desk.look()
    return desk


def test_code_that_runs_is_graded(desk: Desk) -> None:
    assert desk.check().good

    desk.file.write_text("def double(x):\n    return x\n")
    assert "A column changes" in desk.check().text


def test_of_code_that_stops_the_reason_is_told_and_not_what_a_check_would_say(desk: Desk) -> None:
    desk.file.write_text("def double(x):\n    raise ValueError('no idea')\n")

    reply = desk.check()

    assert not reply.good
    assert "did not run to its end" in reply.text
    assert r"code.py: ValueError: \[no] idea (line 2 of code.py)" in reply.text
    assert "A column changes" not in reply.text
    assert "0%" not in reply.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"def double(x):\n    return 2 *\n", r"1-code\.py: line 2: invalid syntax"),
        ("x = 'caf\xe9'\n".encode("latin-1"), r"1-code\.py: line 1: not UTF-8 text"),
        (b"x = '\0'", r"1-code\.py: line 1"),
        (b"", r"1-code\.py: line 1: the file is empty"),
        (b"#" * (1 << 21), r"1-code\.py: 2,097,152 bytes"),
    ],
    ids=["syntax", "Latin-1", "null", "empty", "long"],
)
def test_a_file_that_cannot_be_read_as_code_is_refused_with_its_line(desk: Desk, content: bytes, says: str) -> None:
    desk.file.write_bytes(content)

    with pytest.raises(LabError, match=says):
        desk.check()
    assert desk.progress.tasks == {}


def test_a_folder_in_place_of_the_file_is_refused_and_reset_moves_it_away(desk: Desk) -> None:
    desk.file.unlink()
    desk.file.mkdir()

    with pytest.raises(LabError, match=r"1-code\.py is no file"):
        desk.check()
    assert "1-code.backup-1.py" in desk.reset().text
    assert desk.check().good


def test_the_scenario_with_a_task_of_code_says_why_it_stopped_after_the_files_name() -> None:
    run = pd.DataFrame({"session": ["live"], "seconds": [0.0], "trouble": ["no answer within 60 seconds"]})
    answer = Answer(sheet=AnswerSheet(scenario="features"), code={"features.py": RIGHT}, tables={RUN: run})

    assert _trouble(answer) == "features.py: no answer within 60 seconds"
