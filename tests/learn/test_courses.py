"""The courses as they are written, and what is refused of one."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import LabError
from scenarios.base import Answer, AnswerSheet, Scenario
from scenarios.catalogue import GRADED
from scenarios.kit.answers import read_sheet
from scenarios.kit.learn.cases import Prepared
from scenarios.kit.learn.checking import graded
from scenarios.kit.learn.course import Course, Task, read_course, read_courses
from scenarios.kit.learn.lessons import Lesson, lessons
from scenarios.kit.learn.workspace import original

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CONCRETE = re.compile(r"`|\w\.(py|yaml|md|csv|json|parquet)|[a-z]+_[a-z]+|\d")
LESSONS = lessons(read_courses(SCENARIOS, GRADED))


@pytest.mark.parametrize("lesson", LESSONS, ids=[one.name for one in LESSONS])
def test_every_hint_says_something_of_this_task_and_each_step_says_more(lesson: Lesson) -> None:
    hints = lesson.task.hints

    assert len({hints.nudge, hints.look, hints.step}) == 3
    assert CONCRETE.search(hints.look), "where to look names a file, a column or a step"
    assert len(hints.step) > len(hints.nudge)


@pytest.mark.parametrize("lesson", LESSONS, ids=[one.name for one in LESSONS])
def test_a_task_as_handed_out_can_be_read_and_is_not_filled_in(lesson: Lesson, tmp_path: Path) -> None:
    text = original(lesson)
    if lesson.task.code:
        compile(text, lesson.task.file, "exec")
        return
    (tmp_path / "start.yaml").write_text(text)

    sheet = read_sheet(tmp_path / "start.yaml")

    assert sheet.scenario == lesson.course.scenario
    assert (sheet.trust, sheet.findings, sheet.estimates) == (None, (), {})


@pytest.fixture
def plain(course: Course) -> dict[str, Any]:
    written: dict[str, Any] = course.model_dump(mode="json")
    return written


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["tasks"][0]["hints"].update(look="look"), "figure > hints > look"),
        (lambda c: c["tasks"][0].update(gives=["wish"]), "wish is not one of trust, findings"),
        (lambda c: c["tasks"][1].update(name="figure"), "two tasks have the same name"),
        (lambda c: c["tasks"][0].update(case="other"), "no such case: other"),
        (lambda c: c["tasks"][0].update(file="x.py"), "a task that gives code works in a .py file"),
        (lambda c: c["tasks"][0].update(oops=1), "oops"),
    ],
)
def test_a_course_that_cannot_work_is_refused_with_the_place(
    plain: dict[str, Any], tmp_path: Path, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    change(plain)
    (tmp_path / "learn.yaml").write_text(yaml.safe_dump(plain))

    with pytest.raises(LabError, match=says):
        read_course(tmp_path)


def code_task(course: Course) -> Task:
    first = course.tasks[0].model_dump()
    demand = {"code": {"least": 1.0, "short": "It does not double."}}
    return Task.model_validate({**first, "file": "code.py", "gives": ("code",), "start": None, "checks": demand})


def test_code_of_a_learner_is_run_as_a_strangers_and_the_references_is_trusted(
    course: Course, scenario: Scenario[float]
) -> None:
    ready = Prepared(truth=7, reference=Answer(sheet=AnswerSheet(scenario="toy")))
    own = Answer(sheet=AnswerSheet(scenario="toy"), code={"code.py": "import os\ndef double(x):\n    return 2 * x\n"})

    stranger = graded(scenario, code_task(course), ready, own)
    trusted = graded(scenario, code_task(course), ready, own, trusted=True)

    assert (stranger.passed, trusted.passed) == (False, True)


def test_a_check_that_the_scorecard_does_not_have_is_refused_with_those_it_has(
    course: Course, scenario: Scenario[float]
) -> None:
    demand = {"no such check": {"least": 1.0, "short": "It is not there."}}
    task = Task.model_validate({**course.tasks[0].model_dump(), "checks": demand})
    sheet = AnswerSheet.model_validate({"scenario": "toy", "estimates": {"x": {"value": 7, "low": 7, "high": 7}}})
    ready = Prepared(truth=7, reference=Answer(sheet=AnswerSheet(scenario="toy")))

    with pytest.raises(LabError, match="toy has: figure, named, code"):
        graded(scenario, task, ready, Answer(sheet=sheet))
