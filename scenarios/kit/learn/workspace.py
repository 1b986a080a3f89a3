"""The learner's folder: a file for each task, its original to go back to, and backups of what is replaced."""

from pathlib import Path

from pipelines import store
from pipelines.errors import LabError
from scenarios.kit.learn.lessons import Lesson

_SCENARIOS = Path(__file__).parents[2]


def original(lesson: Lesson) -> str:
    """A task's file as it was handed out.

    Raises
    ------
    LabError
        Where a task of code has no starter in its scenario.
    """
    if lesson.task.start is not None:
        return f"# {lesson.name}: {lesson.task.title}\n{lesson.task.start}"
    starter = _SCENARIOS / lesson.course.scenario / "starter" / lesson.task.file
    try:
        return starter.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LabError(f"The task '{lesson.name}' starts from {starter.name}, which the starter lacks.") from error


def lay_out(folder: Path, lesson: Lesson) -> Path:
    """The task's file, written where it is not there yet; what a learner wrote is never touched."""
    path = folder / lesson.file
    if not path.exists():
        store.write_text(path, original(lesson))
    return path


def put_back(folder: Path, lesson: Lesson) -> Path | None:
    """Write the original again; the learner's file is kept beside it, and its new name comes back.

    None where there was nothing to keep: no file, or an untouched one. A folder in its place is kept as well.
    """
    path, first = folder / lesson.file, original(lesson)
    if not path.exists() or (path.is_file() and path.read_bytes() == first.encode()):
        store.write_text(path, first)
        return None
    kept = _free_name(path)
    path.rename(kept)
    store.write_text(path, first)
    return kept


def _free_name(path: Path) -> Path:
    """``1-steps.backup-1.yaml``, or the first such name that is not taken."""
    number = 1
    while (name := path.with_name(f"{path.stem}.backup-{number}{path.suffix}")).exists():
        number += 1
    return name
