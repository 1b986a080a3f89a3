"""The leakage story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from typing import Literal

from scenarios.kit.story import Interval, Line, Piece

Part = Literal["test", "served", "sealed"]
"""Where a month lies: before the model went live, scored in production, after the extract."""

Depth = Literal["table", "serving", "events"]
"""What the audit needs to find a column: the table alone, the scoring log too, the events and the builder too."""


class Month(Piece):
    """One month's AUC in three ways; null where there is none.

    `offline`: the deployed model on the table as the warehouse remade it. `production`: the same model on what the
    scoring job sent (realised; in sealed months exact). `honest`: the learner without anything planted.
    """

    label: str
    part: Part
    offline: Interval | None
    production: Interval
    honest: Interval


class Planted(Piece):
    """One planted fault: where it sits, what it does alone, where it stands by gain, which depth of audit finds it."""

    title: str
    kind: str
    columns: tuple[str, ...]
    mechanism: str
    damage: float
    rank: int
    gain: float
    found_by: Depth | None
    evidence: str


class Column(Piece):
    """One column of the table: what it really is, and what the audit said."""

    name: str
    truth: Literal["leak", "skew", "decoy", "honest"]
    verdict: Literal["leak", "suspect", "ok", "ignored", "skew"]
    mechanism: str
    confidence: float
    gain: float
    evidence: str


class Practice(Piece):
    """One way of working on the case: what it decides, claims and really gets, and its score."""

    name: str
    what: str
    trust: bool | None
    named: tuple[str, ...]
    claimed: float | None
    low: float | None
    high: float | None
    real: float
    score: float
    lines: tuple[Line, ...]


class Choice(Piece):
    """One repair, and the AUC that the learner retrained on it gives in the sealed months."""

    name: str
    real: float


class SplitScore(Piece):
    """The audit's own figure for one way of splitting, with every column and without those found to leak."""

    split: str
    all_columns: Interval | None
    without_leaks: Interval | None
    note: str


class Story(Piece):
    """The whole demonstration."""

    title: str
    question: str
    level: str
    control: bool
    customers: int
    trained: str
    tested: str
    served: str
    sealed: str
    claimed: Interval
    deployed: float
    honest: float
    months: tuple[Month, ...]
    planted: tuple[Planted, ...]
    columns: tuple[Column, ...]
    practices: tuple[Practice, ...]
    choices: tuple[Choice, ...]
    splits: tuple[SplitScore, ...]
    proves: tuple[str, ...]
    accused_honest: int
