"""What a learner can do: look, check, take a hint, go on, reset, see the solution. Each returns what is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scenarios.base import Answer, Scenario
from scenarios.kit.learn import telling
from scenarios.kit.learn.cases import Prepared, prepared
from scenarios.kit.learn.checking import Verdict, graded, own_part, verdict
from scenarios.kit.learn.course import Course
from scenarios.kit.learn.lessons import Lesson, lesson_named, lessons
from scenarios.kit.learn.progress import Progress, read_progress, write_progress
from scenarios.kit.learn.workspace import lay_out, put_back

HINTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What is shown, and whether it is good news: the exit code of a plain command."""

    text: str
    good: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A learner's place of work: `folder` holds the files and the progress, `kept` what grades them.

    `scenarios` loads a scenario by its name, when it is needed; `say` tells what takes long.
    """

    folder: Path
    kept: Path
    courses: tuple[Course, ...]
    scenarios: Mapping[str, Callable[[], Scenario[Any]]]
    say: Callable[[str], None]

    @property
    def path(self) -> tuple[Lesson, ...]:
        """Every task in order."""
        return lessons(self.courses)

    @property
    def progress(self) -> Progress:
        """As the file has it now."""
        return read_progress(self.folder)

    @property
    def lesson(self) -> Lesson:
        """The task at hand: the one noted, or else the first that is not done, or the last."""
        progress = self.progress
        named = [one for one in self.path if one.name == progress.current]
        return named[0] if named else _first_open(self.path, progress) or self.path[-1]

    @property
    def file(self) -> Path:
        """The file of the task at hand."""
        return self.folder / self.lesson.file

    def look(self) -> Reply:
        """Lay out the task at hand and say what is asked."""
        lesson = self.lesson
        self._prepared(lesson)
        lay_out(self.folder, lesson)
        self._note(self.progress.at(lesson.name))
        return Reply(text=telling.task(lesson, self.folder))

    def check(self) -> Reply:
        """Grade the file of the task at hand, and note the verdict."""
        lesson = self.lesson
        found = self._verdict(lesson)
        before = self.progress.of(lesson.name)
        self._note_verdict(lesson, found)
        text = telling.verdict(lesson, found, before)
        if found.passed and before.status == "passed":
            return Reply(text=text)
        more = f"\n{telling.standing(self.path, self.progress)}\n{self._onward()}" if found.passed else ""
        return Reply(text=text + more, good=found.passed)

    def check_all(self) -> Reply:
        """Grade every task that was passed once more; what no longer passes is open again."""
        passed = [one for one in self.path if self.progress.of(one.name).status == "passed"]
        broken = []
        for one in passed:
            found = self._verdict(one)
            self._note_verdict(one, found)
            broken += [] if found.passed else [one.name]
        names = f"\nOpen again: {', '.join(broken)}" if broken else ""
        text = f"{len(passed)} checked again, {len(passed) - len(broken)} pass.{names}"
        return Reply(text=f"{text}\n{telling.standing(self.path, self.progress)}", good=not broken)

    def hint(self) -> Reply:
        """The next step of help; the last one again when all are taken. It is noted, and costs nothing."""
        lesson, progress = self.lesson, self.progress
        step = min(progress.of(lesson.name).hints + 1, HINTS)
        self._note(progress.at(lesson.name).noted(lesson.name, hints=step))
        return Reply(text=telling.hint(lesson.task.hints, step))

    def next(self) -> Reply:
        """Go on to the first task after this one that is not done."""
        lesson, progress = self.lesson, self.progress
        if not progress.of(lesson.name).done:
            said = "is not passed yet. A hint helps on; `solution` gives it up; `go TASK` leaves it for later."
            return Reply(text=f"{lesson.name} {said}", good=False)
        here = self.path.index(lesson)
        onward = _first_open((*self.path[here + 1 :], *self.path[:here]), progress)
        if onward is None:
            return Reply(text=f"Every task is done.\n{telling.standing(self.path, progress)}")
        self._note(progress.at(onward.name))
        return self.look()

    def go(self, name: str) -> Reply:
        """Take up any task, in any order."""
        self._note(self.progress.at(lesson_named(self.path, name).name))
        return self.look()

    def reset(self) -> Reply:
        """Put the original file back; the learner's own is kept beside it. What was passed stays passed."""
        kept = put_back(self.folder, self.lesson)
        saved = f" Yours is kept as {kept.name}." if kept is not None else ""
        return Reply(text=f"{self.lesson.file} is as it was handed out.{saved}")

    def solution(self, *, give_up: bool = False) -> Reply:
        """The reference's answer, once the task is passed, or given up with this."""
        lesson, progress = self.lesson, self.progress
        if not progress.of(lesson.name).done:
            if not give_up:
                return Reply(text="Pass the task first, or give it up: `lab learn solution --give-up`.", good=False)
            self._note(progress.at(lesson.name).noted(lesson.name, status="given up", on=_today()))
        text = _reference(lesson, self._prepared(lesson))[0]
        return Reply(text=telling.solution(lesson, text, self.solved(lesson).lines))

    def solved(self, lesson: Lesson) -> Verdict:
        """The verdict on the reference's part of a task."""
        ready = self._prepared(lesson)
        own = _reference(lesson, ready)[1]
        return graded(self._scenario(lesson), lesson.task, ready, own, trusted=True)

    def starts_open(self, lesson: Lesson) -> bool:
        """Whether a task as handed out is not passed yet."""
        return not self._verdict(lesson).passed

    def list(self) -> Reply:
        """Every task with its status."""
        return Reply(text=telling.listing(self.path, self.progress.at(self.lesson.name), self.folder))

    def standing(self) -> Reply:
        """How far the learner is, by scenario."""
        return Reply(text=telling.by_scenario(self.courses, self.path, self.progress))

    def _onward(self) -> str:
        rest = _first_open(self.path, self.progress)
        return (
            "n goes on; s shows the reference's answer." if rest is not None else "That was the last one. c checks all."
        )

    def _verdict(self, lesson: Lesson) -> Verdict:
        ready = self._prepared(lesson)
        return verdict(self._scenario(lesson), lesson.task, ready, lay_out(self.folder, lesson))

    def _note_verdict(self, lesson: Lesson, found: Verdict) -> None:
        if found.untouched:
            return
        progress, record = self.progress, self.progress.of(lesson.name)
        status = "passed" if found.passed else "open" if record.status == "passed" else record.status
        on = (record.on if record.status == status else _today()) if status != "open" else None
        self._note(progress.noted(lesson.name, status=status, tries=record.tries + 1, on=on))

    def _note(self, progress: Progress) -> None:
        write_progress(self.folder, progress)

    def _scenario(self, lesson: Lesson) -> Scenario[Any]:
        return self.scenarios[lesson.course.scenario]()

    def _prepared(self, lesson: Lesson) -> Prepared:
        draw = lesson.course.cases[lesson.task.case]
        return prepared(self._scenario(lesson), draw, self.folder / lesson.case, self.kept, say=self.say)


def _first_open(path: Sequence[Lesson], progress: Progress) -> Lesson | None:
    return next((one for one in path if not progress.of(one.name).done), None)


def _reference(lesson: Lesson, ready: Prepared) -> tuple[str, Answer]:
    """The reference's part as the learner would have written it, and as an answer."""
    if lesson.task.code:
        code = {lesson.task.file: ready.reference.code[lesson.task.file]}
        return code[lesson.task.file], Answer(sheet=ready.reference.sheet, code=code)
    sheet = own_part(lesson.task, ready.reference)
    plain = _rounded(sheet.model_dump(mode="json", exclude_defaults=True))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100), Answer(sheet=sheet)


def _rounded(plain: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The same with figures a person would write."""
    if isinstance(plain, dict):
        return {name: _rounded(one) for name, one in plain.items()}
    if isinstance(plain, list):
        return [_rounded(one) for one in plain]
    return float(f"{plain:.4g}") if isinstance(plain, float) else plain


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day on the learner's own wall
