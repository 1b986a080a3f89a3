import numpy as np
import pandas as pd
import pytest

from monitoring.performance.estimated import CAVEAT, build_estimate, estimate_auc, measure_estimate
from monitoring.performance.metrics import auc
from monitoring.performance.profit import Economics
from monitoring.vocabulary import Verdict

SHOP = Economics(clv=200.0, offer_cost=20.0, contact_cost=1.0, acceptance_rate=0.3)


def scores(seed: int, rows: int = 6000, shape: float = 12.0) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).beta(1.0, shape, rows))


def churn(score: pd.Series, seed: int) -> np.ndarray:
    return (np.random.default_rng([99, seed]).random(len(score)) < score).astype(float)


@pytest.fixture(scope="module")
def good() -> dict[str, pd.DataFrame]:
    return {
        f"2024-{month:02d}": pd.DataFrame({"score": scores(month), "churned": churn(scores(month), month)})
        for month in range(1, 13)
    }


def test_the_estimate_is_the_mean_auc_over_all_draws_of_the_labels() -> None:
    score = scores(1, rows=400)
    drawn = [auc(churn(score, seed), score).value for seed in range(300)]

    assert estimate_auc(score) == pytest.approx(np.mean(drawn), abs=0.01)


def test_the_estimate_handles_ties() -> None:
    assert estimate_auc([0.3, 0.3, 0.3]) == pytest.approx(0.5)
    assert estimate_auc([0.0, 0.0, 1.0]) == pytest.approx(1.0, abs=1e-6)


def test_under_covariate_shift_the_interval_holds_the_realised_auc(good: dict[str, pd.DataFrame]) -> None:
    reference = build_estimate(good, threshold=0.2, economics=SHOP)
    hits = 0
    for seed in range(40):
        shifted = scores(1000 + seed, shape=8.0)
        said = measure_estimate(reference, shifted, "2025-05")[0]
        hits += said.detail("low") <= auc(churn(shifted, seed), shifted).value <= said.detail("high")

    assert hits >= 34


def test_scores_that_no_longer_differ_are_estimated_to_be_worse(good: dict[str, pd.DataFrame]) -> None:
    reference = build_estimate(good, threshold=0.2, economics=SHOP)
    flat = 0.5 * scores(1) + 0.5 * scores(1).mean()

    usual, worse = (measure_estimate(reference, one, "2025-05")[0] for one in (scores(77), flat))

    assert (usual.verdict, worse.verdict) == (Verdict.OK, Verdict.ALARM)


def test_every_estimate_says_what_it_cannot_see(good: dict[str, pd.DataFrame]) -> None:
    reference = build_estimate(good, threshold=0.2, economics=SHOP)

    assert all(CAVEAT in one.note for one in measure_estimate(reference, scores(77), "2025-05"))


def test_without_scores_it_cannot_tell(good: dict[str, pd.DataFrame]) -> None:
    reference = build_estimate(good, threshold=0.2, economics=SHOP)

    assert measure_estimate(reference, pd.Series([None, "x"]), "2025-05")[0].verdict is Verdict.CANNOT_TELL
