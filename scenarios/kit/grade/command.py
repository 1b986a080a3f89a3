"""The command ``lab grade``: one submission or a folder of them, with the record and the pages of each."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.console import Console

from pipelines import store
from pipelines.errors import LabError
from scenarios.kit.exercise import Bank
from scenarios.kit.fork.secret import read_secret, secret_file
from scenarios.kit.format import Parts
from scenarios.kit.grade.fault import said
from scenarios.kit.grade.found import MADE_HERE, submissions_in
from scenarios.kit.grade.grading import Graded, graded, stopped
from scenarios.kit.grade.many import graded_all
from scenarios.kit.grade.pages import candidate_page, interviewer_page
from scenarios.kit.grade.ranking import ranking
from scenarios.kit.grade.ranking_page import EACH, ranking_page
from scenarios.kit.grade.rubric import read_rubric, sheet_text
from scenarios.kit.grade.submission import name_of, read_submission
from scenarios.kit.grade.terminal import show, show_ranking
from scenarios.kit.grade.words import Ended
from scenarios.kit.places import refuse_no_folder, writing

EXIT: Final = {Ended.GRADED: 0, Ended.ERROR: 1, Ended.UNUSABLE: 2}
"""Exit codes: graded; no score, and the graders' side has to act; not gradable as handed in."""

_SHEET: Final = "rubric_sheet.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What `lab grade` was asked for. `out` is by default beside what is graded."""

    submission: Path
    many: bool
    out: Path | None
    secret: Path | None
    practice: bool


def grade(request: Request, bank: Bank, console: Console, *, say: Callable[[str], None]) -> int:
    """Grade, write and show; the exit code.

    Raises
    ------
    LabError
        Where there is nothing to grade, no secret to grade with, or no sandbox for code.
    """
    secret = read_secret(secret_file(request.secret))
    out = _out(request)
    if request.many:
        return _many(request, bank, secret, out, console=console, say=say)
    found = graded(read_submission(request.submission, bank), secret, practice=request.practice)
    with writing(out, "--out"):
        found = _written(out, found)
    show(found, console)
    say(f"Written to {out}: scorecard.json, interviewer.html (with the truth), candidate.html (without), {_SHEET}")
    return EXIT[found.verdict.ended]


def write_result(folder: Path, found: Graded) -> None:
    """Write a verdict's files. A rubric sheet that is there already is left as it is: people have filled it in."""
    store.write_json(folder / "scorecard.json", found.verdict.model_dump(mode="json"))
    store.write_text(folder / "interviewer.html", interviewer_page(found))
    store.write_text(folder / "candidate.html", candidate_page(found))
    exercise = found.submission.exercise
    if exercise is not None and not (folder / _SHEET).exists():
        rubric = read_rubric(exercise.folder)
        store.write_text(folder / _SHEET, sheet_text(rubric, candidate=found.verdict.candidate))


def _many(
    request: Request, bank: Bank, secret: bytes, out: Path, *, console: Console, say: Callable[[str], None]
) -> int:
    paths, left_out = submissions_in(request.submission)
    for name, why in left_out.items():
        say(f"Left out: {name} ({why})")
    graded_ones = graded_all(paths, bank, secret, practice=request.practice, say=say)
    with writing(out, "--out"):
        found = [_written(out / EACH / one.verdict.submission, one) for one in graded_ones]
        groups = ranking([one.verdict for one in found])
        store.write_json(out / "ranking.json", [json.loads(group.model_dump_json()) for group in groups])
        store.write_text(out / "index.html", ranking_page(groups))
    show_ranking(groups, console)
    say(f"Written to {out}: index.html, ranking.json, and {EACH}/ with a folder for every submission")
    return 0 if all(one.verdict.ended is Ended.GRADED for one in found) else 1


def _written(folder: Path, found: Graded) -> Graded:
    """A verdict as it was written: one whose pages cannot be made has no score, and stops no other."""
    try:
        write_result(folder, found)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, the others are graded all the same
        bare = replace(found.submission, parts=Parts(), problems=(said(error),))
        found = stopped(bare, error)
        write_result(folder, found)
    return found


def _out(request: Request) -> Path:
    """Where results go. Never into what was handed in: it stays as it came."""
    given = request.submission
    beside = given.resolve().parent / f"{name_of(given)}{MADE_HERE}"
    out = request.out if request.out is not None else beside
    if given.is_dir() and not request.many and out.resolve().is_relative_to(given.resolve()):
        raise LabError(f"Results may not be written into {given}, which stays as it came back. Name another --out.")
    refuse_no_folder(out, "--out")
    return out
