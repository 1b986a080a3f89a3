from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.performance.profit import Economics, break_even
from pipelines.dataset import FULL_HISTORY
from pipelines.features import CATEGORICAL, FEATURES, LOOKBACK_MONTHS, build
from pipelines.model import model_view
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.lever import PulledLever
from pipelines.world.run import run
from pipelines.world.truth import Floats, TrueCampaign, expected_campaign

Tables = Mapping[str, pd.DataFrame]

START = 14
"""The month in which levers and faults start: July, when usage swings most."""

MONTHS = 20
TRAINING = range(5, 13)
ECONOMICS = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
TREES = 100
LIGHTGBM = {
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
class World:
    """A recorded world: deliveries and truth (indexed by customer) of months 0 to MONTHS - 1."""

    company: Company
    tables: tuple[Tables, ...]
    truth: tuple[pd.DataFrame, ...]

    def features(self, month: int) -> pd.DataFrame:
        return features(self.company, self.tables, month)


def features(company: Company, deliveries: tuple[Tables, ...], month: int) -> pd.DataFrame:
    recent = range(max(0, month - LOOKBACK_MONTHS), month)
    known = {
        name: pd.concat(
            [deliveries[m][name] for m in (range(month) if name in FULL_HISTORY else recent)], ignore_index=True
        )
        for name in deliveries[0]
    }
    return build(known, pd.Timestamp(company.calendar.start(month)))


def recorded(company: Company, *, from_month: int = 0) -> Iterator[tuple[Tables, pd.DataFrame]]:
    for month in run(company, from_month=from_month):
        tables = {name: table.to_pandas() for name, table in month.tables.items()}
        yield tables, month.truth.to_pandas().set_index("customer_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Laboratory:
    """A base world, a model trained on its past, and the means to pull something and look again."""

    base: World
    model: Any
    prognosis: Any

    def pulled(self, lever: PulledLever) -> World:
        company = replace(self.base.company, levers=(lever,))
        after = tuple(recorded(company, from_month=START))
        return World(
            company=company,
            tables=(*self.base.tables[:START], *(tables for tables, _ in after)),
            truth=(*self.base.truth[:START], *(truth for _, truth in after)),
        )

    def damaged(self, fault: PulledFault) -> tuple[Tables, ...]:
        calendar, delivered = self.base.company.calendar, list(self.base.tables[:START])
        for month in range(START, MONTHS):
            delivered.append(
                fault.deliver(
                    self.base.tables[month],
                    month=month,
                    month_start=pd.Timestamp(calendar.start(month)),
                    streams=self.base.company.streams,
                    previous=delivered[-1],
                )
            )
        return tuple(delivered)

    def campaign(self, features: pd.DataFrame, truth: pd.DataFrame) -> TrueCampaign:
        """What the deployed model's campaign is expected to bring; those who have left already never churn again."""
        score = np.asarray(self.model.predict(model_view(features), num_threads=1))
        p = truth["bayes"].reindex(features.index).fillna(0.0).to_numpy(np.float64)
        return expected_campaign(score, p, threshold=break_even(ECONOMICS), economics=ECONOMICS)

    def best(self, truth: pd.DataFrame) -> TrueCampaign:
        """What the exact probabilities as scores would bring."""
        p = truth["bayes"].to_numpy(np.float64)
        return expected_campaign(p, p, threshold=break_even(ECONOMICS), economics=ECONOMICS)


def boosted(x: Floats, y: Floats, objective: str) -> Any:
    import lightgbm

    categories = [name for name in FEATURES if name in CATEGORICAL]
    data = lightgbm.Dataset(x, y, feature_name=list(FEATURES), categorical_feature=categories)
    return lightgbm.train({**LIGHTGBM, "objective": objective}, data, num_boost_round=TREES)


@pytest.fixture(scope="session")
def make_company() -> Callable[..., Company]:
    def make(
        *, seed: int = 11, customers: int = 600, burn_in: int = 3, months: int = 6, levers: tuple[PulledLever, ...] = ()
    ) -> Company:
        calendar = Calendar(first_month="2023-05", burn_in=burn_in, history=months - 2, production=2)
        return Company(seed=seed, customers=customers, calendar=calendar, levers=levers)

    return make


@pytest.fixture(scope="session")
def laboratory(make_company: Callable[..., Company]) -> Laboratory:
    company = make_company(customers=8000, burn_in=12, months=MONTHS)
    months = tuple(recorded(company))
    base = World(company=company, tables=tuple(t for t, _ in months), truth=tuple(t for _, t in months))
    seen = [_labelled(base, month) for month in TRAINING]
    x = np.concatenate([view for view, _, _ in seen])
    model = boosted(x, np.concatenate([churned for _, churned, _ in seen]), "binary")
    prognosis = boosted(x, np.concatenate([p for _, _, p in seen]), "cross_entropy")
    return Laboratory(base=base, model=model, prognosis=prognosis)


def _labelled(world: World, month: int) -> tuple[Floats, Floats, Floats]:
    table = world.features(month)
    truth = world.truth[month].reindex(table.index)
    known = truth["bayes"].notna().to_numpy()
    churned = (truth["reason"].to_numpy()[known] >= 0).astype(np.float64)
    return model_view(table)[known], churned, truth["bayes"].to_numpy(np.float64)[known]


@pytest.fixture(scope="session")
def base_features(laboratory: Laboratory) -> Callable[[int], pd.DataFrame]:
    """Features of the undisturbed world by cutoff, built once."""
    return cache(laboratory.base.features)
