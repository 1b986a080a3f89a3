"""What the learner reads in the terminal: task, verdict, hints, list, progress. Console markup, escaped."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.markup import escape

from scenarios.kit.learn.checking import Line, Verdict
from scenarios.kit.learn.course import Course, Hints
from scenarios.kit.learn.lessons import Lesson
from scenarios.kit.learn.progress import Progress, Record, counted
from scenarios.page.location import from_here

WIDTH: Final = 96
"""Columns that prose is folded to."""

BAR: Final = 30
"""Cells of the progress bar."""

_SIGN: Final = {"passed": "x", "given up": "-", "open": " "}


def task(lesson: Lesson, folder: Path) -> str:
    """The task at hand: what is asked, and in which file."""
    one, course = lesson.task, lesson.course
    head = f"[bold]{lesson.name}  {escape(one.title)}[/]"
    about = f"{lesson.number} of {len(course.tasks)} in {course.scenario}, about {one.minutes} minutes"
    lines = [head, about, ""]
    if lesson.number == 1:
        lines += [prose(course.why), ""]
    lines += [prose(one.asks), "", f"Work in     {escape(from_here(folder / lesson.file))}"]
    return "\n".join([*lines, f"The case    {escape(from_here(folder / lesson.case))}/ (begin with BRIEF.md)"])


def verdict(lesson: Lesson, found: Verdict, record: Record) -> str:
    """What the checks gave. What is true is told only of a task that is done."""
    if found.untouched:
        return "[yellow]Nothing is filled in yet.[/] Save the file when you have an answer; h gives a hint."
    lines = [_line(one, told=found.passed) for one in found.lines] if not found.stopped else _not_run(found.stopped)
    if found.passed:
        return "\n".join([*lines, f"[bold green]Passed: {lesson.name}[/]"])
    left = len(lesson.task.hints.steps) - record.hints
    helped = f"{left} of 3 hints left" if left else "all hints taken; `solution` shows the answer and gives the task up"
    return "\n".join([*lines, f"[bold red]Not yet.[/] ({helped})"])


def _not_run(why: str) -> list[str]:
    """Of code that stopped, only why: what a failed check would say of it is not true of it."""
    return ["[red]The code did not run to its end, so there is nothing to check yet:[/]", prose(why, indent=4)]


def _line(line: Line, *, told: bool) -> str:
    sign = "[green]ok  [/]" if line.passed else "[red]no  [/]"
    asked = "" if line.passed else f", {line.least:.0%} is asked"
    said = f"  {sign}{line.name}: {line.share:.0%} of its points{asked}"
    more = line.reason if told else "" if line.passed else line.short
    return f"{said}\n{prose(more, indent=8)}" if more else said


def hint(hints: Hints, step: int) -> str:
    """One step of help, from 1 to 3."""
    name, text = hints.steps[step - 1]
    return f"[bold]{name}[/] (hint {step} of 3)\n{prose(text)}"


def solution(lesson: Lesson, answer: str, lines: Sequence[Line]) -> str:
    """The reference's part, why it is right, and what was true."""
    true = [f"  {line.name}: {escape(line.reason)}" for line in lines]
    shown = escape(textwrap.indent(answer.rstrip(), "    "))
    parts = [f"[bold]Solution of {lesson.name}[/]", prose(lesson.task.solution), "", "The reference hands in:", shown]
    return "\n".join([*parts, *(["", "What the grader says of it:", *true] if true else [])])


def listing(path: Sequence[Lesson], progress: Progress, folder: Path) -> str:
    """Every task with its status; the one at hand is marked."""
    lines: list[str] = []
    for one in path:
        if one.number == 1:
            lines.append(f"[bold]{one.course.scenario}[/] ({one.course.minutes} minutes)")
        record = progress.of(one.name)
        here = ">" if one.name == progress.current else " "
        notes = f"  {record.status}" if record.done else ""
        sign = escape(f"[{_SIGN[record.status]}]")
        lines.append(f"{here} {sign} {one.name:<28} {escape(one.task.title)}{notes}")
    return "\n".join([*lines, "", standing(path, progress), f"Your files: {escape(from_here(folder))}"])


def standing(path: Sequence[Lesson], progress: Progress) -> str:
    """The bar: how much is passed."""
    passed, given_up = counted(progress, {one.name: one for one in path})
    full = round(BAR * passed / len(path))
    also = f", {given_up} given up" if given_up else ""
    return f"Progress: [green]{'#' * full}[/]{'-' * (BAR - full)} {passed} of {len(path)} passed{also}"


def by_scenario(courses: Sequence[Course], path: Sequence[Lesson], progress: Progress) -> str:
    """The bar, and a line a scenario with the minutes that are left."""
    lines = [standing(path, progress), ""]
    for course in courses:
        mine = [one for one in path if one.course is course]
        passed, given_up = counted(progress, {one.name: one for one in mine})
        left = sum(one.task.minutes for one in mine if not progress.of(one.name).done)
        hints = sum(progress.of(one.name).hints for one in mine)
        tries = sum(progress.of(one.name).tries for one in mine)
        done = f"{passed} of {len(mine)} passed" + (f", {given_up} given up" if given_up else "")
        lines.append(f"  {course.scenario:<16} {done:<24} {tries} tries, {hints} hints, about {left} minutes left")
    return "\n".join(lines)


def prose(text: str, *, indent: int = 0) -> str:
    """Text folded to the terminal, paragraph by paragraph; indented lines are kept as they are. Escaped."""
    return escape("\n".join(_folded(text.strip("\n"), indent)))


def _folded(text: str, indent: int) -> list[str]:
    margin, lines, paragraph = " " * indent, [], list[str]()
    for line in [*text.split("\n"), ""]:
        kept = line.startswith(("  ", "- ", "* ")) or not line.strip()
        if kept and paragraph:
            lines += textwrap.wrap(
                " ".join(paragraph), WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
            )
            paragraph = []
        if kept:
            lines.append(f"{margin}{line}".rstrip())
        else:
            paragraph.append(line.strip())
    return lines[:-1]
