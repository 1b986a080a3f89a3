"""The lines that people fill in, from a scenario's rubric.yaml, and the questions to ask next."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import LabError
from scenarios.base import Check, Scorecard, Status

MARKS: Final = (0, 1, 2, 3, 4)
MISSED: Final = 0.75
"""Share of a check's points from which on it counts as found."""

MOST_QUESTIONS: Final = 6


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(_Sheet):
    """One line: what is asked of the answer, and what each mark from 0 to 4 looks like."""

    name: str
    asks: str
    anchors: dict[Literal[0, 1, 2, 3, 4], str]


class FollowUp(_Sheet):
    """A question, and the checks (by the beginning of their names) whose loss makes it worth asking."""

    ask: str
    after: tuple[str, ...] = ()


class Rubric(_Sheet):
    """A scenario's rubric."""

    scenario: str
    version: Annotated[int, Field(ge=1)]
    criteria: tuple[Criterion, ...]
    follow_ups: tuple[FollowUp | str, ...]

    @property
    def questions(self) -> tuple[FollowUp, ...]:
        """Every question in one form."""
        return tuple(FollowUp(ask=one) if isinstance(one, str) else one for one in self.follow_ups)


class Question(_Sheet):
    """A question to ask, and the check that was missed; empty where it is asked of everybody."""

    ask: str
    because: str = ""


def read_rubric(folder: Path) -> Rubric:
    """A scenario's rubric. Raises LabError where it cannot be used."""
    try:
        return Rubric.model_validate(yaml.safe_load((folder / "rubric.yaml").read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise LabError(f"{folder / 'rubric.yaml'} cannot be used: {error}") from error


def questions(rubric: Rubric, card: Scorecard | None) -> tuple[Question, ...]:
    """What to ask next: one question about each missed check, what lost most first; then second ones, then general."""
    lost = missed_checks(card)
    tied = [[Question(ask=follow.ask, because=one.name) for follow in _after(rubric, one.name)] for one in lost]
    in_turn = [question for turn in zip_longest(*tied) for question in turn if question is not None]
    general = [Question(ask=follow.ask) for follow in rubric.questions if not follow.after or not lost]
    chosen: dict[str, Question] = {}
    for question in (*in_turn, *general):
        chosen.setdefault(question.ask, question)
    return tuple(chosen.values())[:MOST_QUESTIONS]


def _after(rubric: Rubric, name: str) -> tuple[FollowUp, ...]:
    """The questions for who missed a check."""
    return tuple(follow for follow in rubric.questions if follow.after and name.startswith(follow.after))


def missed_checks(card: Scorecard | None) -> Sequence[Check]:
    """The checks that lost a quarter of their points or more, what cost most first."""
    if card is None:
        return ()
    missed = [one for one in card.checks if one.status is not Status.SKIPPED and one.points < MISSED * one.of]
    return sorted(missed, key=lambda one: (one.points - one.of, one.name))


def sheet_text(rubric: Rubric, *, candidate: str) -> str:
    """The sheet that two raters fill in, as YAML. A mark stays empty until somebody gives one."""
    lines = [
        f"# {rubric.scenario}, {candidate}: 0 to 4 a line and rater, before looking at the other's.",
        "# interviewer.html has the anchors. Lines of people stand beside the machine's score and are not added to it.",
        "raters: [rater one, rater two]",
        "marks:",
    ]
    for one in rubric.criteria:
        lines += [f"  - name: {one.name}", "    marks: [ , ]", '    because: ""']
    return "\n".join([*lines, 'decision: ""', ""])
