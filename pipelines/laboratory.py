"""What a lever or a fault does to a deployed model: a base world, a model trained on its past, and the exact harm.

Harm is the relative change of profit, of recall and of the customers flagged, each as a share of what the best possible
score reaches in the same world. So a lever that makes more customers leave, and that the model follows, does the model
no harm, whatever it costs the company.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from monitoring.performance.profit import Economics, break_even
from pipelines.features import CATEGORICAL, FEATURES
from pipelines.model import model_view
from pipelines.recorded import World, branch, record
from pipelines.world.company import Company
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.lever import PulledLever, Shape
from pipelines.world.truth import Floats, TrueCampaign, expected_campaign

ECONOMICS: Final = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
"""The EMPC defaults (Verbraken et al. 2013)."""

WARM_UP: Final = 5
"""Months of history the features need before the first training cutoff."""

LABEL_GAP: Final = 2
"""Months before the start whose labels are not mature yet."""

_ROUNDS: Final = 100
_LIGHTGBM: Final = {
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
class Harm:
    """Relative changes against the undisturbed world: -0.1 means a tenth less."""

    profit: float
    recall: float
    flagged: float

    @property
    def worst(self) -> float:
        """The largest of the three in size."""
        return max(abs(self.profit), abs(self.recall), abs(self.flagged))


@dataclass(frozen=True, kw_only=True, slots=True)
class Laboratory:
    """A base world, a model trained on the months before `start`, and a `prognosis` fitted on exact probabilities.

    `features(month)` are those of the base world, built once.
    """

    base: World
    start: int
    model: Any
    prognosis: Any
    features: Callable[[int], pd.DataFrame]

    def with_lever(self, lever: PulledLever) -> World:
        """The base world with a lever pulled, which must not start before `start`."""
        return branch(self.base, replace(self.base.company, levers=(lever,)))

    def with_fault(self, fault: PulledFault, *, until: int) -> World:
        """The base world with its deliveries damaged, up to and without month `until`."""
        delivered = list(self.base.deliveries[: fault.start])
        for month in range(fault.start, until):
            delivered.append(
                fault.deliver(
                    self.base.deliveries[month],
                    month=month,
                    month_start=pd.Timestamp(self.base.company.calendar.start(month)),
                    streams=self.base.company.streams,
                    previous=delivered[-1] if delivered else {},
                )
            )
        return replace(self.base, deliveries=delivered)

    def harm(self, world: World, cutoffs: Sequence[int]) -> Harm:
        """The model's harm in a disturbed world, summed over the cutoffs."""
        now = self._reached(world.truth, {month: world.features(month) for month in cutoffs})
        before = self._reached(self.base.truth, {month: self.features(month) for month in cutoffs})
        profit, recall, flagged = (float(change) for change in now / before - 1.0)
        return Harm(profit=profit, recall=recall, flagged=flagged)

    def _reached(self, truth: Sequence[pd.DataFrame], features: Mapping[int, pd.DataFrame]) -> Floats:
        """Profit, recall and flagged customers as shares of those of the best score, shape (3,)."""
        model = [self._campaign(table, truth[month]) for month, table in features.items()]
        best = [_campaign(p, p) for p in (truth[month]["bayes"].to_numpy(np.float64) for month in features)]
        return _total(model) / _total(best)

    def _campaign(self, features: pd.DataFrame, truth: pd.DataFrame) -> TrueCampaign:
        """The deployed model's campaign; customers who have left already, or never were real, do not leave."""
        score = np.asarray(self.model.predict(model_view(features), num_threads=1))
        return _campaign(score, truth["bayes"].reindex(features.index).fillna(0.0).to_numpy(np.float64))


def laboratory(company: Company, *, start: int) -> Laboratory:
    """Run `company` (without levers) and train on the months whose labels are mature at `start`."""
    base = record(company.without_levers(), branch_at=start)
    seen = [_labelled(base, month) for month in range(WARM_UP, start - LABEL_GAP + 1)]
    view, churned, p = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    return Laboratory(
        base=base,
        start=start,
        model=_boosted(view, churned, "binary"),
        prognosis=_boosted(view, p, "cross_entropy"),
        features=cache(base.features),
    )


def cutoffs(lever: PulledLever) -> tuple[int, int]:
    """The two cutoffs at which a lever is judged: at once where it passes, else two and four months after its start."""
    return (lever.start + 1, lever.start + 2) if lever.shape == Shape.BLIP else (lever.start + 2, lever.start + 4)


def _labelled(world: World, month: int) -> tuple[Floats, Floats, Floats]:
    table = world.features(month)
    truth = world.truth[month].reindex(table.index)
    known = truth["bayes"].notna().to_numpy()
    churned = (truth["reason"].to_numpy()[known] >= 0).astype(np.float64)
    return model_view(table)[known], churned, truth["bayes"].to_numpy(np.float64)[known]


def _boosted(view: Floats, target: Floats, objective: str) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    categories = [name for name in FEATURES if name in CATEGORICAL]
    data = lightgbm.Dataset(view, target, feature_name=list(FEATURES), categorical_feature=categories)
    return lightgbm.train({**_LIGHTGBM, "objective": objective}, data, num_boost_round=_ROUNDS)


def _campaign(score: Floats, p: Floats) -> TrueCampaign:
    return expected_campaign(score, p, threshold=break_even(ECONOMICS), economics=ECONOMICS)


def _total(campaigns: Sequence[TrueCampaign]) -> Floats:
    return np.asarray(np.array([[c.profit, c.expected_recall, c.flagged] for c in campaigns]).sum(axis=0))
