"""Models of a stage, made when first asked for: a retraining of a month is the same for every policy that orders it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from monitoring.performance import metrics
from pipelines.dataset import Cohort
from pipelines.model import Calibration, ChurnModel, Floats, fit_calibration, model_view
from pipelines.replay.past import FIRST_MODEL
from pipelines.replay.stage import PER_CUSTOMERS, Rows, Stage, Supply
from pipelines.replay.worth import RECALIBRATION_MONTHS
from pipelines.train import CHALLENGER_MONTHS, LABEL_GAP_MONTHS, train_challenger
from pipelines.world.truth import expected_campaign


@dataclass(frozen=True, kw_only=True, slots=True)
class Trees:
    """Trees by the month in which they were grown (None: the first champion's), and whether on mended inputs."""

    born: int | None = None
    mended: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A deployed model: its trees, and the recalibration put on them (month, whether on mended inputs), if any."""

    trees: Trees = field(default_factory=Trees)
    refit: tuple[int, bool] | None = None

    @property
    def version(self) -> str:
        """Its name in logs."""
        name = FIRST_MODEL if self.trees.born is None else f"challenger-{self.trees.born}"
        return name if self.refit is None else f"{name}-recalibrated-{self.refit[0]}"


@dataclass(frozen=True, slots=True)
class _Grown:
    booster: Any
    calibration: Calibration
    rounds: int


class Workshop:
    """Trains, recalibrates and scores on a stage, and never does the same work twice.

    Months are month indices. `mended` says that the feed has been repaired, which also brings repaired records of the
    months before.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._first = _grown_of(stage.past.champion)
        self._grown = cache(self._grow)
        self._base_margin = cache(self._predict_first)
        self._raw = cache(self._predict)
        self._history = {c.month: c for c in stage.history}
        self._past_rows = cache(self._rows_of_history)
        self._calibration = cache(self._calibrate)
        self.missed = cache(self._missed)

    def retrained(self, month: int, *, mended: bool) -> Model:
        """The model trained at the start of a month on every cohort labelled by then."""
        return Model(trees=Trees(born=month, mended=mended))

    def recalibrated(self, model: Model, month: int, *, mended: bool) -> Model:
        """The model's trees with calibration fitted on the newest labelled cohorts that they were not grown on."""
        return Model(trees=model.trees, refit=(month, mended)) if self._unseen(model.trees, month) else model

    def beats(self, model: Model, month: int, *, mended: bool) -> bool:
        """Whether a challenger has less log loss than the model on the newest labelled cohort, which it has not seen.

        That challenger is what a retraining of the month before gives.
        """
        newest = month - LABEL_GAP_MONTHS
        challenger = self.retrained(month - 1, mended=mended)
        rows = self._rows(newest, mended=mended)
        known = rows.labelled()
        old, new = (self._scored(m, newest, rows)[known] for m in (model, challenger))
        return metrics.log_loss(rows.churned[known], new) < metrics.log_loss(rows.churned[known], old)

    def score(self, model: Model, month: int, supply: Supply) -> Floats:
        """The model's scores of a production month, shape (n,)."""
        return self._calibration(model)(self._raw(model.trees, month, supply))

    def _missed(self, model: Model, month: int, supply: Supply) -> float:
        """Profit per 1,000 customers that the model's campaign misses against the best possible score."""
        scene, past = self.stage.scene(month), self.stage.past
        rows = scene.supplies[supply]
        score = self.score(model, month, supply)
        threshold = past.champion.threshold
        made = expected_campaign(score, rows.chance, threshold=threshold, economics=past.economics)
        return scene.best - made.profit / scene.customers * PER_CUSTOMERS

    def _grow(self, trees: Trees) -> _Grown:
        if trees.born is None:
            return self._first
        fresh = self._fresh(trees.born, mended=trees.mended)
        if not fresh:
            return self._first
        past = self.stage.past
        key = tuple((c.month, c.churned.to_numpy().tobytes(), id(c.features)) for c in fresh)
        if key not in past.challengers:
            model, _ = train_challenger(fresh, past.champion, past.parameters, past.economics, version=FIRST_MODEL)
            past.challengers[key] = (fresh, _grown_of(model))
        grown: _Grown = past.challengers[key][1]
        return grown

    def _fresh(self, month: int, *, mended: bool) -> list[Cohort]:
        """What a challenger of a month learns from: the newest cohorts with labels that the champion has not seen."""
        seen = self.stage.past.champion.trained_on
        cohorts = [c for c in self._labelled(month, mended=mended) if c.label not in seen and c.labelled().any()]
        return cohorts[-CHALLENGER_MONTHS:]

    def _labelled(self, month: int, *, mended: bool) -> list[Cohort]:
        """Every cohort whose labels are mature at the start of a month, oldest first."""
        newest = month - LABEL_GAP_MONTHS
        old = [c for c in self.stage.history if c.month <= newest]
        supply = Supply.MENDED if mended else Supply.DELIVERED
        new = [scene for scene in self.stage.scenes if scene.month <= newest]
        return [*old, *(_cohort(scene.month, scene.label, scene.supplies[supply]) for scene in new)]

    def _unseen(self, trees: Trees, month: int) -> list[int]:
        """The newest labelled cohorts at the start of a month that the trees were not grown on."""
        first = self.stage.scenes[0].month if trees.born is None else trees.born
        newest = month - LABEL_GAP_MONTHS
        return list(range(max(first - 1, newest - RECALIBRATION_MONTHS + 1), newest + 1))

    def _calibrate(self, model: Model) -> Calibration:
        if model.refit is None:
            return self._grown(model.trees).calibration
        month, mended = model.refit
        cohorts = [(at, self._rows(at, mended=mended)) for at in self._unseen(model.trees, month)]
        raw = np.concatenate([self._raw_of(model.trees, at, rows)[rows.labelled()] for at, rows in cohorts])
        return fit_calibration(raw, np.concatenate([rows.churned[rows.labelled()] for _, rows in cohorts]))

    def _rows(self, month: int, *, mended: bool) -> Rows:
        if month in self._history:
            return self._past_rows(month)
        return self.stage.scene(month).supplies[Supply.MENDED if mended else Supply.DELIVERED]

    def _rows_of_history(self, month: int) -> Rows:
        one = self._history[month]
        return Rows(
            features=one.features,
            view=model_view(one.features),
            chance=np.full(len(one.features), np.nan),
            churned=one.churned.to_numpy(np.float64),
        )

    def _scored(self, model: Model, month: int, rows: Rows) -> Floats:
        return self._calibration(model)(self._raw_of(model.trees, month, rows))

    def _raw_of(self, trees: Trees, month: int, rows: Rows) -> Floats:
        supplies = {} if month in self._history else self.stage.scene(month).supplies
        known = [supply for supply, mine in supplies.items() if mine is rows]
        return self._raw(trees, month, known[0] if known else Supply.DELIVERED)

    def _predict(self, trees: Trees, month: int, supply: Supply) -> Floats:
        """Raw scores; what the first champion's trees say is asked once, since every challenger stands on them."""
        grown = self._grown(trees)
        margin = self._base_margin(month, supply)
        if trees.born is not None and grown.booster is not self._first.booster:
            more = grown.booster.predict(
                self._view(month, supply), raw_score=True, num_threads=1, start_iteration=self._first.rounds
            )
            margin = margin + np.asarray(more)
        return np.asarray(1.0 / (1.0 + np.exp(-margin)))

    def _predict_first(self, month: int, supply: Supply) -> Floats:
        return np.asarray(self._first.booster.predict(self._view(month, supply), raw_score=True, num_threads=1))

    def _view(self, month: int, supply: Supply) -> Floats:
        rows = self._past_rows(month) if month in self._history else self.stage.scene(month).supplies[supply]
        return rows.view


def _grown_of(model: ChurnModel) -> _Grown:
    import lightgbm

    booster = lightgbm.Booster(model_str=model.trees)
    return _Grown(booster, model.calibration, booster.current_iteration())


def _cohort(month: int, label: str, rows: Rows) -> Cohort:
    churned = pd.Series(rows.churned, index=rows.features.index, name="churned")
    return Cohort(month=month, label=label, features=rows.features, churned=churned)
