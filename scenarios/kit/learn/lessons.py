"""The path through the course: every task of every scenario, in reading order, by its id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.catalogue import did_you_mean
from pipelines.errors import LabError
from scenarios.kit.learn.course import Course, Task


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A task and its place: the `number`th of its scenario, from 1."""

    course: Course
    task: Task
    number: int

    @property
    def name(self) -> str:
        """The task's id, such as ``validation/steps``."""
        return f"{self.course.scenario}/{self.task.name}"

    @property
    def file(self) -> str:
        """Where the learner works, below the workspace: ``validation/1-steps.yaml``."""
        return f"{self.course.scenario}/{self.number}-{self.task.name}{self.task.file[self.task.file.rindex('.') :]}"

    @property
    def case(self) -> str:
        """Where the case's public files lie, below the workspace."""
        return f"{self.course.scenario}/{self.task.case}"


def lessons(courses: Iterable[Course]) -> tuple[Lesson, ...]:
    """All tasks in order."""
    return tuple(
        Lesson(course=course, task=task, number=number)
        for course in courses
        for number, task in enumerate(course.tasks, start=1)
    )


def lesson_named(path: Sequence[Lesson], name: str) -> Lesson:
    """The task with an id, or the first of a scenario's.

    Raises
    ------
    LabError
        Where there is none.
    """
    found = [one for one in path if name in (one.name, one.course.scenario)]
    if not found:
        names = [one.name for one in path]
        raise LabError(f"There is no task '{name}'.{did_you_mean(name, names)} `lab learn list` shows them all.")
    return found[0]
