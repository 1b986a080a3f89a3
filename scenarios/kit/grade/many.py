"""A folder of submissions: each graded on its own, copies found, and a ranking within scenario and level."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scenarios.base import Answer
from scenarios.kit.exercise import Bank
from scenarios.kit.grade.alike import Pair, pairs, twice
from scenarios.kit.grade.found import names_for
from scenarios.kit.grade.grading import Graded, graded, withheld
from scenarios.kit.grade.submission import Submission, read_submission
from scenarios.kit.grade.words import Sign
from scenarios.kit.sandbox.errors import NoIsolationError
from scenarios.kit.utf8 import readable

FITS_BETTER: Final = 15.0
"""Points by which an answer fits the other's case better than its own, from which on it was written for that one."""


def graded_all(
    paths: Sequence[Path], bank: Bank, secret: bytes, *, practice: bool, say: Callable[[str], None]
) -> list[Graded]:
    """Every submission graded, in the order given; none of them can stop the others."""
    found = []
    for at, (path, name) in enumerate(zip(paths, names_for(paths), strict=True), 1):
        say(f"{at} of {len(paths)}: {readable(path.name)}")
        found.append(_graded(replace(read_submission(path, bank), name=name), secret, practice=practice))
    return _without_copies(found)


def _graded(submission: Submission, secret: bytes, *, practice: bool) -> Graded:
    try:
        return graded(submission, secret, practice=practice)
    except NoIsolationError as error:
        return withheld(Graded.of(submission), str(error))


def _without_copies(found: list[Graded]) -> list[Graded]:
    """The same verdicts, with copies named and their scores withheld."""
    result = list(found)
    for places in twice(found).values():
        for at in places:
            others = ", ".join(found[other].verdict.submission for other in places if other != at)
            says = f"the same pack came back as {others} too; neither is scored until you know whose it is"
            result[at] = withheld(_signed(result[at], "same pack twice", says), says)
    for pair in pairs(found):
        for at, other in ((pair.one, pair.other), (pair.other, pair.one)):
            result[at] = _compared(result[at], found[at], found[other], pair)
    return result


def _compared(so_far: Graded, own: Graded, other: Graded, pair: Pair) -> Graded:
    """A verdict beside one that is too much alike: withheld where the answer was written for the other's case."""
    says = f"{pair.share:.0%} of the text is {other.verdict.submission}'s"
    elsewhere = _fit(own.answer, other)
    here = _fit(own.answer, own)
    if elsewhere is not None and here is not None and elsewhere - here >= FITS_BETTER:
        says += f"; it fits that case ({elsewhere:.0f} points) better than its own ({here:.0f})"
        return withheld(_signed(so_far, "copied answer", says), f"copied answer: {says}")
    return _signed(so_far, "answers alike", f"{says}; ask both how they worked")


def _fit(answer: Answer | None, posed: Graded) -> float | None:
    """What the data of an answer would earn on a case; its code is not run for that."""
    exercise = posed.submission.exercise
    if answer is None or posed.case is None or exercise is None:
        return None
    try:
        return exercise.scenario.grade(Answer(sheet=answer.sheet), posed.case.truth).score
    except Exception:  # noqa: BLE001 - an answer that cannot be held against another's case fits it no better
        return None


def _signed(one: Graded, what: str, says: str) -> Graded:
    sign = Sign(what=what, where="answer.yaml", says=says)
    return replace(one, verdict=one.verdict.model_copy(update={"signs": (*one.verdict.signs, sign)}))
