"""What an incident is: where it sits in the running system, how it is injected there, and what would have caught it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.model import ChurnModel
from pipelines.world.faults.fault import Damage, Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Now:
    """A step of a run as an injection sees it.

    `damage` holds dose, month and luck. `live` is the model that should serve and `canary` the one that was tried and
    taken back. `snapshots` and `logs` are the feature snapshots and score logs of earlier runs as they were written,
    oldest first; `tables` what had been delivered before this run; `started` counts runs since the incident began.
    """

    damage: Damage
    started: int
    live: ChurnModel
    canary: ChurnModel
    snapshots: Sequence[pd.DataFrame]
    logs: Sequence[pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]


Step = Callable[[pd.DataFrame, Now], pd.DataFrame]
"""What a step would have written, and the run, to what it writes instead; the input is left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Injection:
    """Where an incident takes hold; None leaves a step as it is.

    `delivery` damages raw tables on their way in, `snapshot` the features, `score` the scores made of a snapshot (a
    frame with the column `score`), `offers` who is offered something (a frame with `score` and the boolean `offered`),
    `labels` a landed cohort (`churned` by customer_id).
    """

    delivery: Fault | None = None
    snapshot: Step | None = None
    score: Step | None = None
    offers: Step | None = None
    labels: Step | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One way in which the system fails in silence.

    `place` is where it is mended, `also` further places that are right to name, `mechanism` a word of the brief.
    `doses` is from the weakest to the strongest that is drawn, in `unit`. `lead` is its entry in the change log, by the
    team `team`. `action` is what to do now, `guard` what would have caught it. `level` is the least a candidate should
    be: 0 junior, 1 mid, 2 senior. `learns` marks an incident that hurts only once the model is recalibrated, `lost` one
    that destroys what was true, so that what it cost can only be estimated.
    """

    name: str
    title: str
    story: str
    place: str
    also: tuple[str, ...] = ()
    mechanism: str
    action: str
    injection: Injection
    unit: str
    doses: tuple[float, float]
    team: str
    lead: str
    guard: str
    level: int
    learns: bool = False
    lost: bool = False


FAN_OUT: Final = "join fan-out"
STALE: Final = "stale data"
DEFAULT: Final = "silent default"
DUPLICATES: Final = "duplicate rows"
RENAMED: Final = "renamed category"
WRONG_KEY: Final = "wrong join key"
WRONG_VERSION: Final = "wrong model version"
SETTING: Final = "changed setting"
WRONG_MONTH: Final = "wrong month"
CACHE: Final = "cache never expires"
TIME_ZONE: Final = "month boundary by time zone"
RETRY: Final = "retry without idempotency"
OWN_LABELS: Final = "labels from own decisions"
LABEL_RULE: Final = "changed label rule"
COLUMN_ORDER: Final = "column order"
TRUNCATED: Final = "truncated batch"
DRIFT: Final = "drift of the world"

MECHANISMS: Final = {
    FAN_OUT: "a join multiplies rows, and sums and counts with them",
    STALE: "old data are served again as if they were new",
    DEFAULT: "where something is unknown, a value is written that looks real",
    DUPLICATES: "the same rows are written more than once",
    RENAMED: "another word for the same thing, which nothing downstream knows",
    WRONG_KEY: "rows are joined to somebody else's",
    WRONG_VERSION: "another model serves than the registry says",
    SETTING: "a number in a configuration was changed",
    WRONG_MONTH: "a whole month's output is that of another month",
    CACHE: "values are kept after the first request and never renewed",
    TIME_ZONE: "a part of the customers is taken at another month's start",
    RETRY: "a repeated request does its work twice",
    OWN_LABELS: "the model is fitted on outcomes that its own offers wrote",
    LABEL_RULE: "what counts as an outcome was changed",
    COLUMN_ORDER: "values arrive under another column's name",
    TRUNCATED: "only a part of a batch is done, and the rest keeps an earlier result",
    DRIFT: "customers changed, and every step did what it should",
}
"""Every mechanism of the brief, in plain words; the last never fits."""

REPAIR_FEED: Final = "repair feed"
ROLL_BACK: Final = "roll back"
RESTORE: Final = "restore setting"
REFIT: Final = "refit"
REFUND: Final = "refund"
RETRAIN: Final = "retrain"
KEEP: Final = "keep"

ACTIONS: Final = {
    REPAIR_FEED: "have the raw table mended and sent again, then score anew",
    ROLL_BACK: "take the job back to the version before, then score anew",
    RESTORE: "put the configuration back",
    REFIT: "mend the labels, then calibrate anew",
    REFUND: "pay back, and make the job idempotent",
    RETRAIN: "train a new model",
    KEEP: "nothing",
}
"""Every action of the brief, in plain words; `retrain` never fits."""

RAW: Final = ("customers", "attribute_history", "subscriptions", "usage", "invoices", "payments", "tickets", "contacts")
FEATURE_JOB: Final = "feature job"
SCORING_JOB: Final = "scoring job"
SCORE_LOG: Final = "score log"
CAMPAIGN: Final = "campaign"
LABEL_JOB: Final = "label job"

PLACES: Final = (*RAW, FEATURE_JOB, SCORING_JOB, SCORE_LOG, CAMPAIGN, LABEL_JOB)
"""Every place an answer may name."""
