"""The rule about learn tasks: what is handed out must fail, and the reference must pass, each of them."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scenarios.base import Scenario
from scenarios.kit.dev.verdict import Ruling, ruling
from scenarios.kit.learn.course import read_course
from scenarios.kit.learn.desk import Desk
from scenarios.kit.learn.lessons import Lesson


def task_rulings(folder: Path, kept: Path, scenario: Scenario[Any], *, say: Callable[[str], None]) -> list[Ruling]:
    """Whether every task of the scenario can be failed, and passed."""
    course = read_course(folder)
    with TemporaryDirectory(prefix="dev-") as work:
        desk = Desk(
            folder=Path(work), kept=kept, courses=(course,), scenarios={scenario.name: lambda: scenario}, say=say
        )
        starts = [(one.name, desk.starts_open(one)) for one in desk.path]
        solved = [(one.name, _short_of(desk, one)) for one in desk.path]
    fine = f"{len(course.tasks)} tasks, {course.minutes} minutes"
    return [
        ruling("tasks start open", [f"{name} passes as handed out" for name, is_open in starts if not is_open], fine),
        ruling("tasks can be passed", [f"{name}: {said}" for name, said in solved if said], "by the reference"),
    ]


def _short_of(desk: Desk, lesson: Lesson) -> str:
    """What the reference falls short of; empty where it passes."""
    lines = desk.solved(lesson).lines
    return ", ".join(f"{one.name} {one.share:.0%}, {one.least:.0%} is asked" for one in lines if not one.passed)
