"""What a leak does to one model: the score claimed offline, the exact score in production, and how much is its doing.

Production is exact: customers leave with known probabilities, so the expected AUC needs no outcomes and no wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from monitoring.leakage.learner import Fitted, fit
from monitoring.performance.metrics import Auc, auc
from pipelines.leaks.definition import Definition, values
from pipelines.leaks.ground import KEYS, Ground
from pipelines.leaks.leak import ColumnLeak, Planted, Request, RowLeak, ServingSkew
from pipelines.leaks.luck import luck
from pipelines.world.truth import expected_auc

FLAGGED = 0.1
"""Share of the test rows above the threshold that is then kept in production."""

Frames = Mapping[int, pd.DataFrame]
"""Served features by month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Production:
    """One served month: exact expected AUC, the AUC of the outcomes that luck gave, flagged share, mean score."""

    month: int
    expected: float
    realised: Auc
    flagged: float
    mean_score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One model: the AUC on the test side of its table, and its months in production."""

    offline: Auc
    production: tuple[Production, ...]

    @property
    def expected(self) -> float:
        """Exact expected AUC in production, mean over the months."""
        return float(np.mean([month.expected for month in self.production]))

    @property
    def realised(self) -> float:
        """AUC on simulated outcomes, mean over the months."""
        return float(np.mean([month.realised.value for month in self.production]))

    @property
    def gap(self) -> float:
        """Offline minus production."""
        return self.offline.value - self.expected


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """The model with the leak beside the one whose columns are the same and honest; `touched` is the leak's share.

    For a column `touched` is the share of offline cells that truncation changes, for a skew of served rows that
    differ in a damaged column, for rows the growth of the table plus the share that changed sides or place.
    """

    planted: Planted
    leaky: Reading
    honest: Reading
    touched: float

    @property
    def inflation(self) -> float:
        """How much higher the offline score is than an honest table's."""
        return self.leaky.offline.value - self.honest.offline.value

    @property
    def loss(self) -> float:
        """How much lower production is than with honest columns."""
        return self.honest.expected - self.leaky.expected

    @property
    def caused(self) -> float:
        """How much of the gap between offline and production is the leak's doing: inflation plus loss."""
        return self.leaky.gap - self.honest.gap


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model trained on a table's training side: its AUC on the test side, and the score that flags a customer."""

    learner: Fitted
    offline: Auc
    threshold: float


def gap_of(planted: Planted, ground: Ground, *, seed: int, base: Model | None = None) -> Gap:
    """What one leak does to one fixed learner on a recorded world.

    `base`, the model trained on the ground's honest table, spares a fit where a skew or a row leak is judged; a column
    is compared with the model that has its legitimate rebuild in its place.
    """
    leak = planted.leak
    if isinstance(leak, ColumnLeak):
        return _column_gap(planted, leak, ground, seed)
    honest = base or train(ground.table(), seed=seed)
    if isinstance(leak, RowLeak):
        return _row_gap(planted, leak, ground, seed=seed, base=honest)
    return _skew_gap(planted, leak, ground, seed=seed, base=honest)


def train(table: pd.DataFrame, *, seed: int) -> Model:
    """Train on the table's training side and judge on its test side; every column but the keys is a feature."""
    learning, test = (table[(table["split"] == side).to_numpy()] for side in ("train", "test"))
    learner = fit(learning.drop(columns=list(KEYS)), learning["churned"].to_numpy(np.float64), seed=seed)
    score = learner.score(test)
    return Model(
        learner=learner, offline=auc(test["churned"], score), threshold=float(np.quantile(score, 1.0 - FLAGGED))
    )


def read(model: Model, served: Frames, ground: Ground) -> Reading:
    """Judge a model on the served months."""
    months = (_month(model, frame, month, ground.truth[month].loc[frame.index]) for month, frame in served.items())
    return Reading(offline=model.offline, production=tuple(months))


def honest_frames(ground: Ground) -> Frames:
    """The honest features of the production months."""
    return {month: ground.honest(month) for month in ground.timeline.production}


def with_column(definition: Definition, ground: Ground, *, twin: str | None = None) -> pd.DataFrame:
    """The honest training table with one more column as the extract gives it, in place of its twin."""
    table = ground.table()
    return table[[name for name in table if name != twin]].join(ground.offline([definition])[[definition.name]])


def _month(model: Model, frame: pd.DataFrame, month: int, truth: pd.DataFrame) -> Production:
    score = model.learner.score(frame)
    return Production(
        month=month,
        expected=expected_auc(score, truth["bayes"].to_numpy(np.float64)),
        realised=auc((truth["reason"] >= 0).to_numpy(), score),
        flagged=float((score >= model.threshold).mean()),
        mean_score=float(score.mean()),
    )


def _column_gap(planted: Planted, leak: ColumnLeak, ground: Ground, seed: int) -> Gap:
    leaky, honest = leak.leaky(planted.name, planted.dose), leak.honest(planted.name)
    readings = [_reading(definition, leak.twin, ground, seed) for definition in (leaky, honest)]
    return Gap(planted=planted, leaky=readings[0], honest=readings[1], touched=truncation_share(leaky, ground))


def _reading(definition: Definition, twin: str | None, ground: Ground, seed: int) -> Reading:
    model = train(with_column(definition, ground, twin=twin), seed=seed)
    frames = {
        month: frame[[name for name in frame if name != twin]].join(ground.served([definition], month))
        for month, frame in honest_frames(ground).items()
    }
    return read(model, frames, ground)


def truncation_share(definition: Definition, ground: Ground) -> float:
    """Share of the offline cells that change when the tables are cut at each row's cutoff."""
    changed = [_changed(definition, ground, month) for month in ground.timeline.offline]
    return float(np.concatenate(changed).mean())


def _changed(definition: Definition, ground: Ground, month: int) -> Floats:
    cutoff, customers = ground.start(month), ground.customers(month)
    now, then = (
        values([definition], t, cutoff, customers)[definition.name] for t in (ground.stored, ground.known(month))
    )
    return differs(now, then).astype(np.float64)


def differs(one: pd.Series, other: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Where two columns hold different values, shape (n,); missing equals missing."""
    same = (one == other) | (one.isna() & other.isna())
    return np.asarray(~same.to_numpy(dtype=np.bool_))


def _row_gap(planted: Planted, leak: RowLeak, ground: Ground, *, seed: int, base: Model) -> Gap:
    spread = leak.contaminate(ground.table(), luck(seed), planted.dose)
    frames = honest_frames(ground)
    return Gap(
        planted=planted,
        leaky=read(train(spread, seed=seed), frames, ground),
        honest=read(base, frames, ground),
        touched=_rows_touched(ground.table(), spread),
    )


def _rows_touched(table: pd.DataFrame, spread: pd.DataFrame) -> float:
    added = len(spread) / len(table) - 1.0
    if added > 0.0:
        return added
    moved = (table["split"].to_numpy() != spread["split"].to_numpy()) | (
        table["customer_id"].to_numpy() != spread["customer_id"].to_numpy()
    )
    return float(moved.mean())


def _skew_gap(planted: Planted, leak: ServingSkew, ground: Ground, *, seed: int, base: Model) -> Gap:
    frames = honest_frames(ground)
    sent = {month: leak.online(frame, request(planted, ground, month, seed=seed)) for month, frame in frames.items()}
    return Gap(
        planted=planted,
        leaky=read(base, sent, ground),
        honest=read(base, frames, ground),
        touched=float(np.mean([_rows_sent_wrong(frames[month], sent[month], leak.columns) for month in frames])),
    )


def _rows_sent_wrong(honest: pd.DataFrame, sent: pd.DataFrame, columns: Sequence[str]) -> float:
    return float(np.any([differs(honest[name], sent[name]) for name in columns], axis=0).mean())


def request(planted: Planted, ground: Ground, month: int, *, seed: int) -> Request:
    """The scoring job's run at a month's start, for a skew that hits the ground's own honest columns."""
    leak = planted.leak
    return Request(
        cutoff=ground.start(month),
        tables=ground.known(month),
        deployed=ground.start(ground.timeline.deployed),
        luck=luck(seed),
        dose=planted.dose,
        columns=leak.columns if isinstance(leak, ServingSkew) else (),
        build=partial(_built, ground.definitions, ground.customers(month)),
    )


def _built(
    definitions: Sequence[Definition], customers: pd.Index, tables: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp
) -> pd.DataFrame:
    return values(definitions, tables, cutoff, customers)
