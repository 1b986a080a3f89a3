"""From a submission to its verdict: the case is made anew, code is run in the sandbox, and the scenario grades data."""

from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.errors import LabError
from scenarios.base import Answer, Case, Scorecard, Status
from scenarios.kit.exercise import Exercise
from scenarios.kit.fork.case import AlteredError, PackError, remade
from scenarios.kit.fork.identity import Identity, is_control
from scenarios.kit.grade.fault import in_full, said
from scenarios.kit.grade.submission import Submission
from scenarios.kit.grade.words import WITHHELD, Ended, Sign, Verdict
from scenarios.kit.marking import marked
from scenarios.kit.sandbox.errors import NoIsolationError
from scenarios.kit.sandbox.isolation import isolation

PRACTICE: Final = "practice: the code ran on this machine without a sandbox"


@dataclass(frozen=True, kw_only=True, slots=True)
class Graded:
    """A verdict, with what the pages need: the answer, the case made anew, and a fault of the grader's in full."""

    verdict: Verdict
    submission: Submission
    case: Case[Any] | None = None
    fault: str = ""

    @classmethod
    def of(cls, submission: Submission) -> "Graded":
        """A submission that has not been graded."""
        return _ended(submission, Ended.ERROR, ())

    @property
    def answer(self) -> Answer | None:
        """The answer as it was read."""
        return self.submission.answer


def withheld(one: Graded, why: str) -> Graded:
    """The same without a score, for a reason that a person has to look into."""
    verdict = one.verdict.model_copy(
        update={
            "ended": Ended.ERROR,
            "score": None,
            "card": None,
            "authoritative": False,
            "why_not": WITHHELD,
            "problems": (*one.verdict.problems, why),
        }
    )
    return replace(one, verdict=verdict)


def graded(submission: Submission, secret: bytes, *, practice: bool = False) -> Graded:
    """Grade a submission. The same one gets the same verdict, always; a fault of ours is a verdict without a score.

    Raises
    ------
    NoIsolationError
        Where it holds code, this machine has no sandbox, and `practice` was not asked for.
    """
    if submission.fault:
        return _ended(submission, Ended.ERROR, submission.problems, fault=submission.fault)
    try:
        return _graded(submission, secret, practice=practice)
    except NoIsolationError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, it is no score
        return stopped(submission, error)


def stopped(submission: Submission, error: Exception) -> Graded:
    """A submission that has no score, since the graders' side failed."""
    return _ended(submission, Ended.ERROR, (said(error),), fault=in_full(error))


def _graded(submission: Submission, secret: bytes, *, practice: bool) -> Graded:
    identity, exercise = submission.identity, submission.exercise
    if identity is None or exercise is None:
        return _ended(submission, Ended.UNUSABLE, submission.problems)
    try:
        case = remade(exercise.scenario, secret, identity)
    except AlteredError as error:
        altered = Sign(what="altered identity", where="pack.json", says="the pack was not graded")
        return _ended(submission, Ended.UNUSABLE, (str(error),), signs=(altered,))
    except PackError as error:
        return _ended(submission, Ended.ERROR, (str(error),))
    control = is_control(secret, identity)
    answer = submission.answer
    if answer is None:
        return _ended(submission, Ended.UNUSABLE, submission.problems, case=case, control=control)
    return _marked(submission, answer, (exercise, identity), case, control=control, practice=practice)


def _marked(
    submission: Submission,
    answer: Answer,
    posed: tuple[Exercise, Identity],
    case: Case[Any],
    *,
    control: bool,
    practice: bool,
) -> Graded:
    exercise, _ = posed
    unwalled = bool(answer.code) and isolation() is None
    if unwalled and not practice:
        raise NoIsolationError(
            "This machine cannot isolate a candidate's code: neither bubblewrap nor user namespaces work here. Install "
            "bubblewrap (apt install bubblewrap), or grade with --practice, whose result is not authoritative."
        )
    try:
        card = marked(exercise.scenario, answer, case.truth, trusted=practice)
    except LabError as error:
        return _ended(submission, Ended.ERROR, (str(error),), case=case, control=control)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is no score
        return _ended(submission, Ended.ERROR, (said(error),), case=case, control=control, fault=in_full(error))
    return _with_card(submission, answer, case, card, control=control, unwalled=unwalled)


def _with_card(
    submission: Submission, answer: Answer, case: Case[Any], card: Scorecard, *, control: bool, unwalled: bool
) -> Graded:
    broken = tuple(f"{one.name}: {one.reason}" for one in card.checks if one.status is Status.ERROR)
    verdict = Verdict(
        ended=Ended.ERROR if broken else Ended.GRADED,
        score=card.score,
        authoritative=not (unwalled or broken),
        why_not=PRACTICE if unwalled else "the grader failed" if broken else "",
        isolation=_isolation(answer, unwalled=unwalled),
        problems=broken,
        card=card,
        **_about(submission, control=control),
        signs=submission.signs,
    )
    return Graded(verdict=verdict, submission=submission, case=case)


def _isolation(answer: Answer, *, unwalled: bool) -> str:
    if not answer.code:
        return "no code to run"
    kind = isolation()
    return "none" if unwalled or kind is None else str(kind)


def _ended(
    submission: Submission,
    how: Ended,
    problems: tuple[str, ...],
    *,
    case: Case[Any] | None = None,
    control: bool | None = None,
    signs: tuple[Sign, ...] = (),
    fault: str = "",
) -> Graded:
    verdict = Verdict(
        ended=how,
        score=0.0 if how is Ended.UNUSABLE else None,
        authoritative=how is Ended.UNUSABLE,
        why_not="" if how is Ended.UNUSABLE else "there is no score",
        problems=problems,
        signs=(*submission.signs, *signs),
        **_about(submission, control=control),
    )
    return Graded(verdict=verdict, submission=submission, case=case, fault=fault)


def _about(submission: Submission, *, control: bool | None) -> dict[str, Any]:
    """Who and what a verdict is about, as far as it is known."""
    own: dict[str, Any] = {"submission": submission.name, "answer": submission.digest}
    if (identity := submission.identity) is None:
        return own
    return own | {
        "candidate": identity.candidate,
        "scenario": identity.scenario,
        "scenario_version": identity.version,
        "level": identity.level,
        "mode": identity.mode,
        "serial": identity.serial,
        "control": control,
    }
