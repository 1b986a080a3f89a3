"""How far somebody has come: a plain file that can be read, carried to another machine and deleted."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines import store
from pipelines.errors import LabError

FILE = "progress.yaml"

_HEAD = """\
# Written by `lab learn`. Carry it to another machine, or delete it to start afresh.
# status: open, passed or given up; tries: checks made; hints: steps of help taken.
"""


class Record(BaseModel):
    """What happened with one task. `on` is the day it was passed or given up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Literal["open", "passed", "given up"] = "open"
    tries: Annotated[int, Field(ge=0)] = 0
    hints: Annotated[int, Field(ge=0, le=3)] = 0
    on: date | None = None

    @property
    def done(self) -> bool:
        """Whether the solution may be seen and the next task begun."""
        return self.status != "open"


class Progress(BaseModel):
    """The task at hand and the record of each task by its id (``validation/steps``); tasks never begun are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    current: str = ""
    tasks: dict[str, Record] = Field(default_factory=dict)

    def of(self, task: str) -> Record:
        """The record of a task; a new one where it was never begun."""
        return self.tasks.get(task, Record())

    def at(self, task: str) -> "Progress":
        """The same with another task at hand."""
        return self.model_copy(update={"current": task})

    def noted(self, task: str, **changed: object) -> "Progress":
        """The same with a task's record changed."""
        record = self.of(task).model_copy(update=changed)
        return self.model_copy(update={"tasks": {**self.tasks, task: record}})


def read_progress(folder: Path) -> Progress:
    """The progress kept in a folder; none made where there is no file yet.

    Raises
    ------
    LabError
        Where the file cannot be read: it is not thrown away.
    """
    path = folder / FILE
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Progress.model_validate(plain if plain is not None else {})
    except FileNotFoundError:
        return Progress()
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise LabError(f"{path} cannot be read: {error}\nMend it, or move it away to start afresh.") from error


def write_progress(folder: Path, progress: Progress) -> None:
    """Keep the progress, so that half a file is never left."""
    plain = progress.model_dump(mode="json", exclude_none=True)
    store.write_text(folder / FILE, _HEAD + yaml.safe_dump(plain, sort_keys=False))


def counted(progress: Progress, tasks: Mapping[str, object]) -> tuple[int, int]:
    """How many of the tasks are passed, and how many given up."""
    found = [progress.of(task).status for task in tasks]
    return found.count("passed"), found.count("given up")
