"""The nouns of the audit: what is asked, the clues its checks give, and what is concluded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import pandas as pd

Tables: TypeAlias = Mapping[str, pd.DataFrame]
"""Event tables by name. Every one has `available_at`, the time at which a row could first be read."""

Builder: TypeAlias = Callable[[Tables, pd.Timestamp], pd.DataFrame]
"""The feature builder under audit: event tables and a cutoff to one row an entity, with the entity as index."""


class Depth(StrEnum):
    """How much the audit was given, and so how much it can prove."""

    TABLE = "table"
    SERVING = "serving"
    EVENTS = "events"


class ColumnVerdict(StrEnum):
    """What is concluded about a column. `ignored` columns were not judged (target, time, ids, constants)."""

    LEAK = "leak"
    SUSPECT = "suspect"
    OK = "ok"
    IGNORED = "ignored"


class Mechanism(StrEnum):
    """How the answer got into a column."""

    NONE = ""
    TARGET_COPY = "target copy"
    FUTURE_WINDOW = "window past the cutoff"
    OVERWRITTEN = "overwritten later"
    LATE_ROWS = "rows that arrived later"
    TIME_STAMP = "time stamp that tells the outcome"
    MISSINGNESS = "missing where the outcome is known"
    IDENTIFIER = "identifier or row order"
    TARGET_ENCODING = "encoding of the target"
    STORED_SCORE = "score made after the outcome"
    LEAVERS_SHIFT = "differs between training and serving among leavers"
    TARGET_PART = "moves with the label when rebuilt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A table to audit, and what is known about it.

    `target` names a column that is 1 or 0, NaN where unknown. `time` names the cutoff of each row, `entity` the
    customer, `split` a column whose first-seen part is trained on. `serving` is a scoring log with the same feature
    columns, `entity` and `time`, and if known the target. `events` and `builder` remake the table.
    """

    table: pd.DataFrame
    target: str
    time: str | None = None
    entity: str | None = None
    split: str | None = None
    serving: pd.DataFrame | None = None
    events: Tables | None = None
    builder: Builder | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Columns that a model would be trained on, in table order."""
        others = {self.target, self.time, self.entity, self.split}
        return tuple(str(name) for name in self.table.columns if name not in others)

    @property
    def depth(self) -> Depth:
        """The deepest checks that can be made."""
        if self.events is not None and self.builder is not None:
            return Depth.EVENTS
        return Depth.TABLE if self.serving is None else Depth.SERVING


@dataclass(frozen=True, kw_only=True, slots=True)
class Clue:
    """What one check says about one column.

    `confidence`, 0 to 1, is how sure the clue alone makes; 1 is proof. `value` was held against `limit`.
    """

    column: str
    check: str
    mechanism: Mechanism
    verdict: ColumnVerdict
    confidence: float
    says: str
    value: float | None = None
    limit: float | None = None


Check: TypeAlias = Callable[[Question], list[Clue]]
"""One check. It returns no clue where it finds nothing or lacks what it needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnFinding:
    """The conclusion about a column; `evidence` holds the clues behind it, strongest first."""

    name: str
    verdict: ColumnVerdict
    mechanism: Mechanism
    confidence: float
    evidence: tuple[Clue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """An AUC with its 95 % interval; NaN where it cannot be had."""

    auc: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreBy:
    """The same learner judged by one way of splitting, with every column and without those found to leak."""

    split: str
    all_columns: Score
    without_leaks: Score
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFindings:
    """Rows that stand more than once, and entities on both sides of the split; shares are of all rows.

    `*_across` count rows of the later part whose like stands in the first. None: cannot be told without a split.
    """

    duplicates: int
    duplicate_share: float
    duplicates_across: int | None
    shared_entities: int | None
    shared_entity_share: float | None
    repeated_keys: int | None
    says: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RatePoint:
    """The target rate of one period: its label, rows, rate, and 95 % interval (Wilson)."""

    period: str
    rows: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelFindings:
    """Labels over time. `immature` lists periods whose rate falls short as if outcomes were still to come."""

    rows: int
    unknown: int
    rate: float
    over_time: tuple[RatePoint, ...] = ()
    immature: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ServingFinding:
    """A column whose served values differ from the offline ones; `share` is of compared rows (or a distance)."""

    name: str
    share: float
    says: str
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ServingFindings:
    """Training-serving skew. `compared` rows stand in both tables with the same entity and time."""

    compared: int
    skewed: tuple[ServingFinding, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """The whole verdict.

    `proves` and `cannot_prove` say in sentences what this depth is good for. `invalid_split` says why the given split
    does not measure what it claims, empty where it does. `sampled` is the number of rows looked at, of `rows_given`.
    """

    depth: Depth
    columns: tuple[ColumnFinding, ...]
    scores: tuple[ScoreBy, ...]
    rows: RowFindings
    labels: LabelFindings
    serving: ServingFindings
    proves: tuple[str, ...]
    cannot_prove: tuple[str, ...]
    invalid_split: tuple[str, ...]
    rows_given: int
    sampled: int

    @property
    def leaks(self) -> tuple[str, ...]:
        """Names of the columns found to leak."""
        return tuple(c.name for c in self.columns if c.verdict is ColumnVerdict.LEAK)

    @property
    def clean(self) -> bool:
        """Whether no leak and no invalid split was found."""
        return not self.leaks and not self.invalid_split
