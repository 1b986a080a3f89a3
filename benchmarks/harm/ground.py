"""A company, its deployed model, what that is held against, and its exact harm: everything the worlds of a seed share.

The model learns from one half of the customers over thirteen months; the other half gives the good cohorts. Nothing
of the months from `START` on is known to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.harm.archetypes import Archetype, Kind
from benchmarks.harm.leak import LEAK, with_leak
from monitoring.performance.profit import break_even
from monitoring.performance.regain import Labelled, Regain, regain
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from pipelines.features import CATEGORICAL, FEATURES
from pipelines.laboratory import ECONOMICS, WARM_UP
from pipelines.model import Calibration, Floats, fit_calibration, model_view
from pipelines.recorded import World, branch, record
from pipelines.watch import KEYS, TABLES_WATCHED, used_by, watched_month
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.fault import PulledFault
from pipelines.world.truth import expected_auc, expected_campaign

START: Final = 19
"""The month in which things happen: the first whose thirteen months of history have known labels."""

RUNS: Final = tuple(range(START + 1, START + 7))
"""The monthly runs from the first that can see anything; at the last one the last judged cohort's labels land."""

COHORTS: Final = RUNS[:4]
"""The cohorts that are judged."""

GOOD: Final = tuple(range(WARM_UP, START - 1))
"""Months of the reference: one of each name and one more."""

THRESHOLD: Final = break_even(ECONOMICS)
AUDITED: Final = 0.2
"""Share of a cohort whose labels are asked for."""

_ROUNDS: Final = 100
_LIGHTGBM: Final = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.06,
    "min_child_samples": 100,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "seed": 7,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """A model in service: trees on `names`, calibration, share of use by feature."""

    booster: Any
    calibration: Calibration
    names: tuple[str, ...]

    def score(self, features: pd.DataFrame) -> Floats:
        """Probabilities of churn, shape (n,)."""
        return self.calibration(np.asarray(self.booster.predict(matrix(features), num_threads=1)))

    @property
    def weights(self) -> dict[str, float]:
        """Share of the split gain by feature."""
        gain = self.booster.feature_importance("gain")
        return {name: float(part) for name, part in zip(self.names, gain / gain.sum(), strict=True)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """A cohort as the model scored it, customers in rows; `churned` and `p` are NaN for those who had left before."""

    features: pd.DataFrame
    score: Floats
    churned: Floats
    p: Floats

    @property
    def known(self) -> "Scored":
        """The customers who were still there."""
        rows = ~np.isnan(self.p)
        return Scored(features=self.features[rows], score=self.score[rows], churned=self.churned[rows], p=self.p[rows])

    def table(self) -> pd.DataFrame:
        """Scores, labels and features, for the monitor."""
        return self.features.reset_index().assign(score=self.score, churned=self.churned)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A model, its reference, and what could usually be regained in good months; `leaky` if it reads the leak."""

    model: Deployed
    reference: Reference
    usual: Regain
    leaky: bool


@dataclass(kw_only=True)
class Ground:
    """The undisturbed world of a seed, with the honest and the leaky stage; features are built once."""

    base: World
    seed: int

    @cached_property
    def features(self) -> dict[int, pd.DataFrame]:
        """Features of the undisturbed world by month."""
        return {month: self.base.features(month) for month in (*GOOD, *RUNS)}

    @cached_property
    def honest(self) -> Stage:
        """The model that learnt from what was known in time."""
        return self._stage(leaky=False)

    @cached_property
    def leaky(self) -> Stage:
        """The model that also learnt from a column written after customers had left."""
        return self._stage(leaky=True)

    @cached_property
    def undisturbed(self) -> tuple[float, float]:
        """In the undisturbed world: the share of the best score's profit that the honest model reaches, and its AUC."""
        cohorts = [self.scored(self.base, month, self.honest.model, self.features[month]) for month in COHORTS]
        return reached(cohorts, self.base), auc_of(cohorts)

    @cached_property
    def real(self) -> pd.Index:
        """Everybody who was ever a customer of the undisturbed world."""
        return pd.Index(np.unique(np.concatenate([table.index.to_numpy() for table in self.base.truth])))

    def stage(self, archetype: Archetype) -> Stage:
        """The stage on which an archetype plays."""
        return self.leaky if archetype.kind is Kind.LEAK else self.honest

    def world(self, archetype: Archetype) -> World:
        """The world of an archetype."""
        if archetype.kind is Kind.LEVER:
            return branch(self.base, replace(self.base.company, levers=(archetype.lever(START),)))
        return self._damaged(archetype.fault(START)) if archetype.kind is Kind.FAULT else self.base

    def view(self, world: World, month: int, archetype: Archetype) -> pd.DataFrame:
        """What the model reads at the start of `month`."""
        features = self.features[month] if world is self.base else world.features(month)
        if archetype.kind is not Kind.LEAK:
            return features
        return with_leak(features, world.truth[month], month=month, how=archetype.of, seed=self.seed)

    def scored(self, world: World, month: int, model: Deployed, table: pd.DataFrame) -> Scored:
        """The cohort of a month with its outcome, and the exact chance of it; who was never real does not leave."""
        truth = world.truth[month].reindex(table.index)
        there = truth["bayes"].notna().to_numpy()
        real = table.index.isin(self.real) if world.truth is self.base.truth else np.ones(len(table), dtype=bool)
        outcome = np.where(there, truth["reason"].to_numpy(np.float64) >= 0, 0.0)
        return Scored(
            features=table,
            score=model.score(table),
            churned=np.where(there | ~real, outcome, np.nan),
            p=np.where(there | ~real, truth["bayes"].fillna(0.0).to_numpy(np.float64), np.nan),
        )

    def _damaged(self, fault: PulledFault) -> World:
        delivered = list(self.base.deliveries[:START])
        for month in range(START, RUNS[-1]):
            delivered.append(
                fault.deliver(
                    self.base.deliveries[month],
                    month=month,
                    month_start=pd.Timestamp(self.base.company.calendar.start(month)),
                    streams=self.base.company.streams,
                    previous=delivered[-1],
                )
            )
        return replace(self.base, deliveries=delivered)

    def _stage(self, *, leaky: bool) -> Stage:
        views = {month: self._good_view(month, leaky=leaky) for month in GOOD}
        model = _trained(self.base, views)
        held = {month: self._held_out(month, model, view) for month, view in views.items()}
        reference = self._reference(views, held, model, leaky=leaky)
        return Stage(model=model, reference=reference, usual=self._usual(held), leaky=leaky)

    def _good_view(self, month: int, *, leaky: bool) -> pd.DataFrame:
        if not leaky:
            return self.features[month]
        return with_leak(self.features[month], self.base.truth[month], month=month, how="alive", seed=self.seed)

    def _held_out(self, month: int, model: Deployed, view: pd.DataFrame) -> Scored:
        """The half of the customers that the model has not seen."""
        return self.scored(self.base, month, model, view[view.index.to_numpy() % 2 == 1]).known

    def _reference(
        self, views: dict[int, pd.DataFrame], held: dict[int, Scored], model: Deployed, *, leaky: bool
    ) -> Reference:
        """What the model is held against; what the raw tables promise is the same for both stages, and learnt once."""
        label, used = self.base.company.calendar.label, used_by({name: model.weights[name] for name in FEATURES})
        good = GoodMonths(
            views={label(month): view.reset_index() for month, view in views.items()},
            cohorts={label(month): one.table() for month, one in held.items()},
            tables={} if leaky else self._good_tables(),
            keys=KEYS,
            used=used,
            cutoffs={label(month): self.base.cutoff(month) for month in GOOD},
        )
        found = build_reference(good, Policy(threshold=THRESHOLD, economics=ECONOMICS, weights=model.weights))
        shared = self.honest.reference.gate.weighted(used, model.weights) if leaky else found.gate
        return replace(found, gate=replace(shared, view=found.gate.view))

    def _good_tables(self) -> dict[str, dict[str, pd.DataFrame]]:
        """The raw tables by name and month."""
        label, feed = self.base.company.calendar.label, self.base.feed(START)
        tables = {month: watched_month(feed, month - 1, self.base.cutoff(month)) for month in GOOD}
        return {name: {label(month): tables[month][name] for month in GOOD} for name in TABLES_WATCHED}

    def _usual(self, held: dict[int, Scored]) -> Regain:
        """What could be regained in good months; of half the customers, so of twice as many months."""
        newest = [held[month] for month in GOOD[-2 * len(COHORTS) :]]
        return regained(newest, seed=self.seed)


def ground(seed: int, customers: int) -> Ground:
    """The undisturbed world of a seed; its seasons start in another month with every seed."""
    calendar = Calendar(
        first_month=f"2023-{1 + seed % 12:02d}", burn_in=18, history=START, production=RUNS[-1] - START + 1
    )
    return Ground(base=record(Company(seed=seed, customers=customers, calendar=calendar), branch_at=START), seed=seed)


def matrix(features: pd.DataFrame) -> Floats:
    """The features as the model reads them, with the leak as last column where there is one."""
    view = model_view(features)
    return np.column_stack([view, features[LEAK].to_numpy(np.float64)]) if LEAK in features else view


def reached(cohorts: Sequence[Scored], world: World) -> float:
    """Profit of the model's campaigns as a share of the best score's, both exact, over the judged cohorts."""
    model = sum(_profit(one.known.score, one.known.p) for one in cohorts)
    best = sum(_profit(p, p) for p in (world.truth[month]["bayes"].to_numpy(np.float64) for month in COHORTS))
    return model / best


def auc_of(cohorts: Sequence[Scored]) -> float:
    """Mean exact AUC of the cohorts."""
    return float(np.mean([expected_auc(one.known.score, one.known.p) for one in cohorts]))


def regained(cohorts: Sequence[Scored], *, seed: int) -> Regain:
    """What an audit of a fifth of the customers says could be regained."""
    rng = np.random.default_rng(seed)
    return regain(
        _stacked([_audited(one.known, rng) for one in cohorts]), threshold=THRESHOLD, economics=ECONOMICS, seed=seed
    )


def _audited(cohort: Scored, rng: np.random.Generator) -> Labelled:
    """A fifth of a cohort: everybody whom the campaign would reach, and of the others more where the score is high."""
    chance = _chances(cohort.score)
    asked = rng.random(len(chance)) < chance
    return Labelled(
        features=matrix(cohort.features)[asked],
        scores=cohort.score[asked],
        churned=cohort.churned[asked],
        weights=1.0 / chance[asked],
        customers=cohort.features.index.to_numpy(np.int64)[asked],
    )


def _chances(score: Floats) -> Floats:
    """Each customer's chance to be asked, shape (n,), on average `AUDITED`."""
    flagged = score >= THRESHOLD
    within = min(1.0, 0.9 * AUDITED * len(score) / max(int(flagged.sum()), 1))
    size = np.sqrt(np.maximum(score, 1e-4)) * ~flagged
    budget = AUDITED * len(score) - within * flagged.sum()
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if np.minimum(middle * size, 1.0).sum() < budget else (low, middle)
    return np.where(flagged, within, np.minimum(low * size, 1.0))


def _stacked(parts: Sequence[Labelled]) -> Labelled:
    return Labelled(
        features=np.concatenate([one.features for one in parts]),
        scores=np.concatenate([one.scores for one in parts]),
        churned=np.concatenate([one.churned for one in parts]),
        weights=np.concatenate([one.weights for one in parts]),
        customers=np.concatenate([one.customers for one in parts]),
    )


def _trained(base: World, views: dict[int, pd.DataFrame]) -> Deployed:
    import lightgbm

    seen, other = ([_labelled(base, month, view, half) for month, view in views.items()] for half in (0, 1))
    names = (*FEATURES, *(name for name in (LEAK,) if name in next(iter(views.values()))))
    table, churned = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    data = lightgbm.Dataset(
        table,
        churned,
        feature_name=list(names),
        categorical_feature=[name for name in FEATURES if name in CATEGORICAL],
    )
    booster = lightgbm.train(_LIGHTGBM, data, num_boost_round=_ROUNDS)
    table, churned = (np.concatenate(parts) for parts in zip(*other, strict=True))
    raw = np.asarray(booster.predict(table, num_threads=1))
    return Deployed(booster=booster, calibration=fit_calibration(raw, churned), names=names)


def _labelled(base: World, month: int, view: pd.DataFrame, half: int) -> tuple[Floats, Floats]:
    truth = base.truth[month].reindex(view.index)
    rows = truth["bayes"].notna().to_numpy() & (view.index.to_numpy() % 2 == half)
    return matrix(view)[rows], (truth["reason"].to_numpy()[rows] >= 0).astype(np.float64)


def _profit(score: Floats, p: Floats) -> float:
    return expected_campaign(score, p, threshold=THRESHOLD, economics=ECONOMICS).profit
