"""The pages of a verdict: one for the interviewer, with truth and answer side by side, and one for the candidate."""

from pathlib import Path
from typing import Any, Final

from scenarios.base import Brief, Case, Level, Status
from scenarios.kit.exercise import Exercise
from scenarios.kit.fork.identity import Asked, Mode
from scenarios.kit.grade.grading import Graded
from scenarios.kit.grade.rubric import MARKS, missed_checks, questions, read_rubric
from scenarios.kit.grade.truth_sheet import truth_sheet
from scenarios.kit.grade.words import WITHHELD, Ended
from scenarios.page.figures import number
from scenarios.page.template import render_page

_HERE: Final = Path(__file__).parent
_BADGES: Final = {
    Status.PASS: "ok",
    Status.PARTIAL: "warning",
    Status.FAIL: "critical",
    Status.SKIPPED: "none",
    Status.ERROR: "unknown",
}

_HEADLINES: Final = {
    Ended.GRADED: "{score} of 100",
    Ended.UNUSABLE: "Not gradable as handed in: 0 points",
    Ended.ERROR: "No score: the graders' side failed",
}


def interviewer_page(found: Graded) -> str:
    """The page with the key. It holds no time and no path."""
    exercise, verdict = found.submission.exercise, found.verdict
    rubric = read_rubric(exercise.folder) if exercise is not None else None
    return render_page(
        _HERE / "interviewer.html.j2",
        verdict=verdict,
        headline=headline(found),
        checks=verdict.card.checks if verdict.card is not None else (),
        badges=_BADGES,
        answer=found.answer,
        truth=truth_sheet(found.case.truth) if found.case is not None else None,
        rubric=rubric,
        marks=MARKS,
        questions=questions(rubric, verdict.card) if rubric is not None else (),
        fault=found.fault,
        brief=exercise.scenario.brief if exercise is not None else None,
    )


def panel_page(exercise: Exercise, asked: Asked, case: Case[Any], *, control: bool) -> str:
    """The interviewer's page before anything came back: the truth, the timeline, the questions, the rubric."""
    rubric = read_rubric(exercise.folder)
    return render_page(
        _HERE / "panel.html.j2",
        asked=asked,
        control=control,
        brief=exercise.scenario.brief,
        timeline=timeline(exercise.scenario.brief, asked.level),
        truth=truth_sheet(case.truth),
        rubric=rubric,
        marks=MARKS,
        questions=questions(rubric, None),
    )


def candidate_page(found: Graded) -> str:
    """The page without the key: what was asked and what each part earned. Only who learns is told why.

    Where a score is withheld the page says that and no more: what has to be looked into may be about somebody else.
    """
    verdict = found.verdict
    withheld = verdict.why_not == WITHHELD
    checks = verdict.card.checks if verdict.card is not None else ()
    return render_page(
        _HERE / "candidate.html.j2",
        verdict=verdict,
        headline="No score yet" if withheld else headline(found),
        problems=() if withheld else verdict.problems,
        why_not=f"{WITHHELD} until somebody has looked at it" if withheld else verdict.why_not,
        checks=checks,
        badges=_BADGES,
        why=verdict.mode is Mode.LEARN,
        next_time=[one.name for one in missed_checks(verdict.card)],
        brief=found.submission.exercise.scenario.brief if found.submission.exercise is not None else None,
    )


def headline(found: Graded) -> str:
    """A verdict in a few words."""
    return _HEADLINES[found.verdict.ended].format(score=number(found.verdict.score, 1))


def timeline(brief: Brief, level: Level) -> tuple[tuple[str, str], ...]:
    """How a live hour goes: what happens, and until which minute."""
    minutes = min(brief.minutes[level], _LIVE_MINUTES)
    return tuple((f"to minute {round(share * minutes)}", what) for share, what in _HOUR)


_LIVE_MINUTES: Final = 60
"""A live session is no longer than this, whatever the take-home is meant for."""

_HOUR: Final = (
    (0.1, "They read the brief and say what they would look at first. Answer what is unclear."),
    (0.35, "First findings. Ask for the test that would have failed if they were wrong."),
    (0.7, "The rest, and the figures with intervals. At half-time, name a part nobody has looked at, if need be."),
    (0.85, "They fill in answer.yaml; make check says whether it can be read."),
    (1.0, "Follow-up questions; then theirs."),
)
"""Shares of the time, and what is done until then."""
