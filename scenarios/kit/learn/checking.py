"""One task's verdict: the learner's part joined to the reference's, and graded by the scenario's own checks."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.errors import LabError
from scenarios.base import Answer, AnswerSheet, Deliverable, Scenario, Scorecard
from scenarios.kit.answers import sheet_from
from scenarios.kit.format import MOST_SHEET_BYTES, bytes_of, read_parts
from scenarios.kit.learn.cases import Prepared
from scenarios.kit.learn.course import Task
from scenarios.kit.marking import marked


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One check of a verdict: the share of its points that was earned, and what was asked. `reason` tells the truth."""

    name: str
    share: float
    least: float
    short: str
    reason: str

    @property
    def passed(self) -> bool:
        """Whether enough was earned."""
        return self.share >= self.least - 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The checks of one task. An `untouched` file is not graded; `stopped` says why code gave nothing to grade."""

    lines: tuple[Line, ...]
    untouched: bool = False
    stopped: str = ""

    @property
    def passed(self) -> bool:
        """Whether every check gives what was asked."""
        return not self.untouched and not self.stopped and all(line.passed for line in self.lines)


def verdict(scenario: Scenario[Any], task: Task, prepared: Prepared, file: Path, *, trusted: bool = False) -> Verdict:
    """The verdict on a task's file. `trusted` is for the lab's own reference only.

    Raises
    ------
    LabError
        Where the file is missing or cannot be read, and where code cannot be isolated on this machine.
    """
    return graded(scenario, task, prepared, own_answer(scenario, task, file), trusted=trusted)


def own_answer(scenario: Scenario[Any], task: Task, file: Path) -> Answer:
    """What a learner's file says."""
    if not file.exists():
        raise LabError(f"There is no {file}. `lab learn reset` writes it anew.")
    if not file.is_file():
        raise LabError(f"{file} is no file. `lab learn reset` moves it aside and writes the task's file anew.")
    if not task.code:
        return Answer(sheet=sheet_from(bytes_of(file.parent, file.name, most=MOST_SHEET_BYTES), str(file)))
    asked = Deliverable(file=file.name, kind="code", what=task.title)
    read = read_parts(file.parent, scenario.name, [asked])
    if wrong := (*read.problems, *read.to_do):
        raise LabError(f"{file.parent}/{wrong[0]}")
    return Answer(sheet=AnswerSheet(scenario=scenario.name), code={task.file: read.code[file.name]})


def graded(scenario: Scenario[Any], task: Task, prepared: Prepared, own: Answer, *, trusted: bool = False) -> Verdict:
    """The verdict on an answer to a task."""
    if not task.code and not _filled(task, own.sheet):
        return Verdict(lines=(), untouched=True)
    card = marked(scenario, joined(task, own, prepared.reference), prepared.truth, trusted=trusted)
    return Verdict(lines=tuple(_line(name, task, card) for name in task.checks), stopped=_stopped(task, card))


def joined(task: Task, own: Answer, reference: Answer) -> Answer:
    """The reference's answer with the learner's part in its place; code counts only where the task asks for it."""
    if task.code:
        return replace(own, sheet=reference.sheet, tables=reference.tables)
    asked = [one.removeprefix("estimates.") for one in task.gives if one.startswith("estimates.")]
    lent = {name: one for name, one in reference.sheet.estimates.items() if name not in asked}
    own_figures = {name: one for name, one in own.sheet.estimates.items() if name in asked}
    parts: dict[str, Any] = {name: getattr(own.sheet, name) for name in ("trust", "findings") if name in task.gives}
    sheet = reference.sheet.model_copy(update={**parts, "estimates": {**lent, **own_figures}})
    return Answer(sheet=sheet, tables=reference.tables)


def own_part(task: Task, reference: Answer) -> AnswerSheet:
    """The part of the reference's sheet that a task asks for: its solution."""
    asked = [one.removeprefix("estimates.") for one in task.gives]
    sheet = reference.sheet
    return AnswerSheet(
        scenario=sheet.scenario,
        trust=sheet.trust if "trust" in task.gives else None,
        findings=sheet.findings if "findings" in task.gives else (),
        estimates={name: one for name, one in sheet.estimates.items() if name in asked},
    )


def _filled(task: Task, sheet: AnswerSheet) -> bool:
    """Whether anything that the task asks for was filled in."""
    asked = [one.removeprefix("estimates.") for one in task.gives]
    figures = any(name in asked for name in sheet.estimates)
    return figures or ("trust" in asked and sheet.trust is not None) or ("findings" in asked and bool(sheet.findings))


def _stopped(task: Task, card: Scorecard) -> str:
    """Why a learner's code did not run to its end: a check that earned nothing says so, after the file's name."""
    if not task.code:
        return ""
    nothing = (one.reason for one in card.checks if one.name in task.checks and not one.points)
    return next((reason for reason in nothing if reason.startswith(f"{task.file}: ")), "")


def _line(name: str, task: Task, card: Scorecard) -> Line:
    found = next((one for one in card.checks if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in card.checks)
        raise LabError(f"The task '{task.name}' asks for the check '{name}'; {card.scenario} has: {known}.")
    if found.status == "error":
        raise LabError(f"The check '{name}' could not be made: {found.reason}")
    demand = task.checks[name]
    return Line(name=name, share=found.points / found.of, least=demand.least, short=demand.short, reason=found.reason)
