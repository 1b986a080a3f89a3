"""The words of a verdict: how grading ended, what was seen, and what came of it."""

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

from scenarios.base import Level, Scorecard
from scenarios.kit.fork.identity import Mode
from scenarios.kit.utf8 import readable

Readable: TypeAlias = Annotated[str, BeforeValidator(readable)]


WITHHELD: Final = "the score is withheld"
"""Why a verdict is not authoritative that a person has to look into."""


class Ended(StrEnum):
    """How grading ended. `unusable` is the candidate's part (0 points), `error` the graders' (no score)."""

    GRADED = "graded"
    UNUSABLE = "unusable"
    ERROR = "error"


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sign(_Sheet):
    """Something an interviewer should know of: what, in which file, and what was done about it."""

    what: str
    where: Readable
    says: Readable

    @property
    def listed(self) -> tuple[str, str, str]:
        """What, where and what was done, as a row."""
        return self.what, self.where, self.says


class Verdict(_Sheet):
    """What is written to ``scorecard.json``. It holds no time and no path: the same answer, the same bytes.

    `authoritative` is false for a result that no decision may rest on, and `why_not` says why. `answer` is the digest
    of everything that was read of the answer. `card` is for interviewers: its reasons hold the truth.
    """

    version: Literal[1] = 1
    ended: Ended
    score: float | None
    authoritative: bool
    why_not: str = ""
    submission: Readable
    candidate: str = ""
    scenario: str = ""
    scenario_version: int | None = None
    level: Level | None = None
    mode: Mode | None = None
    serial: int | None = None
    control: bool | None = None
    isolation: str = ""
    answer: str = ""
    problems: tuple[Readable, ...] = ()
    signs: tuple[Sign, ...] = ()
    card: Scorecard | None = None
