from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from monitoring.months import index_of, name_of
from monitoring.performance.estimated.reference import EstimateReference, build_estimate
from monitoring.performance.profit import Economics

SHOP = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 0.2
WEIGHTS = {"usage": 0.45, "tickets": 0.35, "plan": 0.15, "age": 0.05}


Month: TypeAlias = tuple[pd.DataFrame, pd.DataFrame]


def chance_of(view: pd.DataFrame, strength: float = 1.0) -> np.ndarray:
    log_odds = -2.7 - strength * view["usage"] + strength * 0.6 * view["tickets"] + 0.5 * (view["plan"] == "basic")
    return (1.0 / (1.0 + np.exp(-log_odds))).to_numpy()


def month_of(seed: int, rows: int = 6000, usage: float = 0.0, strength: float = 1.0) -> Month:
    rng = np.random.default_rng([seed, 1])
    view = pd.DataFrame(
        {
            "customer_id": np.arange(rows) + 10 * seed,
            "usage": rng.normal(usage, 1.0, rows),
            "tickets": rng.poisson(0.7, rows).astype(float),
            "plan": rng.choice(["basic", "plus", "pro"], rows, p=[0.5, 0.3, 0.2]),
            "age": rng.gamma(3.0, 8.0, rows),
        }
    )
    chance = chance_of(view)
    score = 1.0 / (1.0 + np.exp(-(0.2 + 1.15 * np.log(chance / (1.0 - chance)))))
    churned = (np.random.default_rng([seed, 2]).random(rows) < chance_of(view, strength)).astype(float)
    return view, pd.DataFrame({"score": score, "churned": churned})


@pytest.fixture(scope="session")
def draw() -> Callable[..., Month]:
    """A month's view and the cohort it becomes: `draw(seed, rows=, usage=, strength=)`.

    Customers leave by a known rule, whose `strength` can change; scores know the rule and overdo it.
    """
    return month_of


@pytest.fixture(scope="session")
def redraw() -> Callable[..., Month]:
    """A month of another churn rate, churners and stayers as before: `redraw(seed, rate, rows=)`."""

    def month_of_rate(seed: int, rate: float, rows: int = 6000) -> Month:
        view, cohort = month_of(seed, rows=12 * rows)
        rng = np.random.default_rng([seed, 3])
        left, stayed = (np.flatnonzero(cohort["churned"] == one) for one in (1.0, 0.0))
        many = int(rate * rows)
        kept = rng.permutation(np.concatenate([rng.choice(left, many), rng.choice(stayed, rows - many)]))
        return view.iloc[kept].reset_index(drop=True), cohort.iloc[kept].reset_index(drop=True)

    return month_of_rate


@pytest.fixture(scope="session")
def good() -> dict[str, Month]:
    """Twelve good months: view and cohort, row by row."""
    first = index_of("2024-01")
    return {name_of(first + at): month_of(100 + at) for at in range(12)}


@pytest.fixture(scope="session")
def learn(good: dict[str, Month]) -> Callable[..., EstimateReference | None]:
    """Learn a reference from the good months, with changes."""

    def build(**changes: object) -> EstimateReference | None:
        settings = {
            "cohorts": {month: cohort for month, (_, cohort) in good.items()},
            "threshold": THRESHOLD,
            "economics": SHOP,
            "views": {month: view for month, (view, _) in good.items()},
            "weights": WEIGHTS,
        }
        return build_estimate(**settings | changes)

    return build


@pytest.fixture(scope="session")
def reference(learn: Callable[..., EstimateReference | None]) -> EstimateReference:
    """What the good months teach."""
    found = learn()
    assert found is not None
    return found
