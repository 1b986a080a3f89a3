"""The scenario contract: what is drawn, handed out, answered and graded, in the same words for all six scenarios."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Generic, Literal, Protocol, TypeAlias, TypeVar

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Truth = TypeVar("Truth")
"""What a grader knows and a candidate does not; each scenario has a type of its own, made anew from the draw."""

Truth_contra = TypeVar("Truth_contra", contravariant=True)

Signal: TypeAlias = Literal[
    "validation discipline",
    "data-leakage literacy",
    "feature engineering",
    "drift and monitoring",
    "reproducibility",
    "production scar tissue",
]
"""What a scenario is meant to show about an engineer."""

Public: TypeAlias = Mapping[str, "pd.DataFrame | str | bytes"]
"""Everything a candidate gets: relative path -> a table (written as Parquet or CSV, by its ending), a text or bytes."""


class Level(StrEnum):
    """How hard a draw is."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """One case among many: the same draw gives the same bytes. `seed` is secret, from 0 to 2**63 - 1."""

    seed: int
    level: Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Case(Generic[Truth]):
    """What a draw became: files for the candidate, and the truth for the grader."""

    public: Public
    truth: Truth


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(given: object) -> object:
    """Text without blanks around it, and with single ones inside."""
    return " ".join(given.split()) if isinstance(given, str) else given


def _word(given: object) -> object:
    """A word of a list: how somebody writes it must not decide."""
    return _one_line(given.casefold()) if isinstance(given, str) else given


class Finding(_Sheet):
    """One thing said to be wrong.

    `where` is a column, a step, a table, a file or a segment, as the brief names them; `mechanism` and `action` are
    words from the brief's lists, in capitals or not. `probability` is how sure the candidate is, 0 to 1. `since` is a
    month (``2025-03``).
    """

    where: Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=200)]
    mechanism: Annotated[str, BeforeValidator(_word), Field(max_length=80)] = ""
    action: Annotated[str, BeforeValidator(_word), Field(max_length=80)] = ""
    since: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    probability: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    evidence: Annotated[str, Field(max_length=4000)] = ""


class Estimate(_Sheet):
    """A figure with the interval it is claimed to lie in, 80 % of the time."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    low: Annotated[float, Field(allow_inf_nan=False)]
    high: Annotated[float, Field(allow_inf_nan=False)]

    @model_validator(mode="after")
    def _in_order(self) -> "Estimate":
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"an estimate needs low <= value <= high; given low {self.low:g}, value {self.value:g}, "
                f"high {self.high:g}"
            )
        return self


class AnswerSheet(_Sheet):
    """What a candidate hands in as ``answer.yaml``. A field left out is not answered, and earns nothing.

    `trust` is whether the score handed out may be believed. `estimates` maps the names the brief asks for to figures.
    """

    version: Literal[1] = 1
    scenario: str
    trust: bool | None = None
    findings: Annotated[tuple[Finding, ...], Field(max_length=500)] = ()
    estimates: Annotated[dict[str, Estimate], Field(max_length=50)] = Field(default_factory=dict)
    rationale: Annotated[str, Field(max_length=20_000)] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer as the grader gets it: the sheet, tables by file name, and the text of code by file name.

    Where a brief asks for code, `scenarios.kit.marking` has it run in a sandbox on hidden inputs first; what came of it
    stands in `tables` like everything else. `grade` never runs, loads or reads `code`. The files of a repository stand
    in `code` by their path, the repository's own folder first: ``repository/train.py``.
    """

    sheet: AnswerSheet
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


class Status(StrEnum):
    """How a check ended. `skipped` is for what was not asked or not reached, `error` for a fault of the grader's."""

    PASS = "pass"  # noqa: S105 - a grade, no password
    PARTIAL = "partial"
    FAIL = "fail"
    SKIPPED = "skipped"
    ERROR = "error"


class Check(_Sheet):
    """One line of a scorecard: points earned, points possible, and why. `reason` is for the interviewer."""

    name: str
    status: Status
    points: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    of: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    reason: str


class Scorecard(_Sheet):
    """The verdict on one answer: automatic checks only. Lines that people fill in stand in the rubric."""

    version: Literal[1] = 1
    scenario: str
    scenario_version: int
    level: Level
    checks: tuple[Check, ...]

    @property
    def score(self) -> float | None:
        """Points earned out of 100 over the checks that apply; None when a check ended in `error`."""
        if any(check.status is Status.ERROR for check in self.checks):
            return None
        counted = [check for check in self.checks if check.status is not Status.SKIPPED]
        possible = sum(check.of for check in counted)
        return round(100.0 * sum(check.points for check in counted) / possible, 2) if possible else 0.0


def check(name: str, share: float, of: float, reason: str) -> Check:
    """A check from the share of its points that was earned, clipped to 0..1; NaN and -0.0 earn nothing.

    >>> check("trust", 0.5, 10, "half right").points
    5.0
    """
    earned = abs(min(max(share, 0.0), 1.0)) if share == share else 0.0  # noqa: PLR0124 - NaN is unequal to itself
    status = Status.PASS if earned == 1.0 else Status.PARTIAL if earned > 0.0 else Status.FAIL
    return Check(name=name, status=status, points=round(earned * of, 4), of=of, reason=reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliverable:
    """One file of an answer: the sheet, a table, code that the kit runs on hidden months, or a repository.

    A repository is a folder of text files, named by `file`; the kit runs it as a whole (`scenarios.kit.repository`).
    `columns` are those that a table must have; a `probability` is a number from 0 to 1, and numbers are finite. A table
    that `may_be_empty` says something without a row: that there is nothing to list.
    """

    file: str
    kind: Literal["sheet", "table", "code", "repository"]
    what: str
    columns: Mapping[str, Literal["text", "number", "probability"]] = field(default_factory=dict)
    may_be_empty: bool = False

    def covers(self, name: str) -> bool:
        """Whether code of that name was asked for by this deliverable."""
        if self.kind == "repository":
            return name.startswith(f"{self.file}/")
        return self.kind == "code" and name == self.file


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What a candidate is asked. `minutes` is the time meant for each level."""

    question: str
    deliverables: tuple[Deliverable, ...]
    minutes: Mapping[Level, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Scores from `low` to `high`, both included, out of 100."""

    low: float
    high: float

    def __contains__(self, score: object) -> bool:
        return isinstance(score, int | float) and self.low <= score <= self.high


STRONG, MIDDLING, WEAK = Band(low=85, high=100), Band(low=45, high=75), Band(low=0, high=35)
ANYTHING_GOES, GAMING, NOTHING = Band(low=0, high=75), Band(low=0, high=25), Band(low=0, high=0)
"""Where sample answers must score: sound work, half of it, none, all suspicion, everything flagged, an empty sheet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleAnswer:
    """An answer of known worth, worked out from the public files in a folder alone.

    `band` is where it must score on a planted case, `control_band` on a control (None: nothing is promised there).
    """

    name: str
    what: str
    answer: Callable[[Path], Answer]
    band: Band
    control_band: Band | None


class RunCode(Protocol[Truth_contra]):
    """Runs an answer's code. `trusted` is for the lab's own samples, on machines that cannot isolate."""

    def __call__(self, code: Mapping[str, str], truth: Truth_contra, *, trusted: bool) -> Mapping[str, pd.DataFrame]:
        """Tables by name, of what came of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario(Generic[Truth]):
    """One scenario: its cases, its story and its grading. `version` rises with every change that moves a score.

    `run_code(code, truth, trusted=...)` runs an answer's code on hidden inputs, in a sandbox, and returns tables for
    `grade`; None where the brief asks for no code. `told` are fields of the truth whose figures are handed out too.
    """

    name: str
    signal: Signal
    version: int
    brief: Brief
    plant: Callable[[Draw], Case[Truth]]
    control: Callable[[Draw], Case[Truth]]
    demonstrate: Callable[[Case[Truth]], BaseModel]
    grade: Callable[[Answer, Truth], Scorecard]
    sample_answers: tuple[SampleAnswer, ...]
    run_code: RunCode[Truth] | None = None
    told: tuple[str, ...] = ()
