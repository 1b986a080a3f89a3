"""A scenario's part of the course: its cases, tasks and hints, read from the ``learn.yaml`` beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import LabError

FILE = "learn.yaml"

MOST_MINUTES = 90
"""A task that takes longer is two tasks."""

LEAST_HINT = 40
"""Characters below which a hint cannot teach anything."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Line = Annotated[str, Field(min_length=5, max_length=100)]
Text = Annotated[str, Field(min_length=LEAST_HINT, max_length=4000), AfterValidator(str.strip)]


class CaseDraw(_Part):
    """The fixed case that tasks work on; `control` is the same surface with nothing wrong in it."""

    seed: Annotated[int, Field(ge=0, lt=2**63)]
    level: Literal["junior", "mid", "senior"] = "junior"
    control: bool = False


class Hints(_Part):
    """Three steps of help: a nudge, where to look, a worked step that stops short of the answer."""

    nudge: Text
    look: Text
    step: Text

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each, in order."""
        return (("A nudge", self.nudge), ("Where to look", self.look), ("A worked step", self.step))


class Demand(_Part):
    """What a check of the scorecard must give: `least` of its points; `short` says what it means when it does not."""

    least: Annotated[float, Field(gt=0, le=1)]
    short: Line | Text


class Task(_Part):
    """One small task.

    `gives` is what the learner fills in: ``trust``, ``findings``, ``estimates.<name>`` or ``code``; the rest of the
    answer is lent from the reference, so that each task stands alone. `start` is the file's first content; code starts
    from the scenario's starter. `checks` maps lines of the scenario's scorecard to what is asked of them.
    """

    name: Name
    title: Line
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.(yaml|py)$")]
    gives: Annotated[tuple[str, ...], Field(min_length=1)]
    checks: Annotated[dict[str, Demand], Field(min_length=1)]
    asks: Text
    hints: Hints
    solution: Text
    start: str | None = None
    case: Name = "case"

    @property
    def code(self) -> bool:
        """Whether the learner writes code."""
        return self.gives == ("code",)

    @model_validator(mode="after")
    def _fits(self) -> "Task":
        odd = [one for one in self.gives if one not in ("trust", "findings", "code") and one[:10] != "estimates."]
        if odd:
            raise ValueError(f"gives: {', '.join(odd)} is not one of trust, findings, estimates.<name>, code")
        if self.code is not self.file.endswith(".py"):
            raise ValueError("a task that gives code works in a .py file, any other in a .yaml file")
        if self.code is not (self.start is None):
            raise ValueError("code starts from the scenario's starter; any other task needs a start")
        return self


class Course(_Part):
    """What one scenario teaches, in tasks."""

    version: Literal[1] = 1
    scenario: Name
    why: Text
    cases: Annotated[dict[Name, CaseDraw], Field(min_length=1)]
    tasks: Annotated[tuple[Task, ...], Field(min_length=2)]

    @property
    def minutes(self) -> int:
        """Of all tasks."""
        return sum(one.minutes for one in self.tasks)

    @model_validator(mode="after")
    def _whole(self) -> "Course":
        names = [one.name for one in self.tasks]
        if len(set(names)) < len(names):
            raise ValueError("two tasks have the same name")
        if lost := sorted({one.case for one in self.tasks} - set(self.cases)):
            raise ValueError(f"no such case: {', '.join(lost)}; cases: {', '.join(self.cases)}")
        return self


def read_course(folder: Path) -> Course:
    """The course in a scenario's folder.

    Raises
    ------
    LabError
        Where the file is missing, no YAML, or has a field that is missing, unknown or of a wrong kind.
    """
    path = folder / FILE
    try:
        with path.open(encoding="utf-8") as file:
            plain = yaml.safe_load(file)
        return Course.model_validate(plain)
    except FileNotFoundError as error:
        raise LabError(f"There is no {path}: the scenario has no tasks yet.") from error
    except yaml.YAMLError as error:
        raise LabError(f"{path} is not YAML: {error}") from error
    except ValidationError as error:
        raise LabError(f"{path} cannot be read as a course:\n  " + "\n  ".join(_problems(error, plain))) from error


def read_courses(scenarios: Path, names: Sequence[str]) -> tuple[Course, ...]:
    """The courses of the scenarios in a folder, in the order of their names; one without tasks is passed over.

    Raises
    ------
    LabError
        Where none has tasks, or a file cannot be read.
    """
    taught = [name for name in names if (scenarios / name / FILE).is_file()]
    if not taught:
        raise LabError(f"No scenario has a {FILE} yet.")
    return tuple(read_course(scenarios / name) for name in taught)


def _problems(error: ValidationError, plain: Any) -> list[str]:  # noqa: ANN401 - any YAML value
    """One line a problem, with the task's name where there is one."""
    return [f"{_place(one['loc'], plain)}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()]


def _place(loc: tuple[int | str, ...], plain: Any) -> str:  # noqa: ANN401 - any YAML value
    """Where a problem lies, tasks by their names."""
    steps, node = [], plain
    for step in loc:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        named = node.get("name") if isinstance(step, int) and isinstance(node, Mapping) else None
        steps.append(str(named or step))
    return " > ".join(steps) or "the file"
