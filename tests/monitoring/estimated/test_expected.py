import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.performance import metrics
from monitoring.performance.estimated.expected import (
    estimate_auc,
    expected,
    expected_auc,
    gather,
    gather_labelled,
    luck,
)
from monitoring.performance.profit import Economics, profit

SHOP = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)


def by_hand(score: np.ndarray, chance: np.ndarray) -> float:
    """Every ordered pair of two customers, by brute force."""
    wins = every = 0.0
    for one in range(len(score)):
        for other in range(len(score)):
            if one != other:
                both = chance[one] * (1.0 - chance[other])
                wins += both * (1.0 if score[one] > score[other] else 0.5 if score[one] == score[other] else 0.0)
                every += both
    return wins / every


def drawn(score: np.ndarray, seed: int, draws: int) -> np.ndarray:
    """The four figures of many drawn months."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(draws):
        churned = (rng.random(len(score)) < score).astype(float)
        area, loss = metrics.auc(churned, score).value, metrics.log_loss(churned, score)
        rows.append([area, loss, churned.mean(), profit(churned, score, 0.3, SHOP)])
    return np.array(rows)


@given(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=12))
def test_the_estimate_counts_every_pair_of_customers(scores: list[float]) -> None:
    assert estimate_auc(scores) == pytest.approx(by_hand(np.array(scores), np.array(scores)), abs=1e-9)


@given(st.integers(0, 10_000), st.integers(2, 14))
def test_ranks_come_from_the_scores_and_chances_from_elsewhere(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    score, chance = rng.permutation(rows) / rows, rng.uniform(0.05, 0.95, rows)
    gathered = gather(score, 0.5)

    assert expected_auc(gathered, chance[np.argsort(score)]) == pytest.approx(by_hand(score, chance), abs=1e-9)


def test_scores_that_are_all_alike_rank_nobody() -> None:
    assert estimate_auc([0.3, 0.3, 0.3]) == pytest.approx(0.5)
    assert estimate_auc([0.0, 0.0, 1.0]) == pytest.approx(1.0, abs=1e-6)


def test_the_figures_are_the_means_over_all_draws_of_the_labels_and_their_luck_the_spread() -> None:
    score = np.random.default_rng(3).beta(1.0, 8.0, 3000)
    months = drawn(score, 4, 400)
    gathered = gather(score, 0.3)

    figures, spread = expected(gathered, gathered.score, SHOP), np.sqrt(luck(gathered, gathered.score, SHOP))

    assert np.abs((figures - months.mean(axis=0)) / spread).max() < 4.0 / np.sqrt(400)
    assert spread == pytest.approx(months.std(axis=0), rel=0.12)


def test_gathering_many_scores_changes_nothing_that_counts() -> None:
    score = np.random.default_rng(5).beta(1.0, 8.0, 50_000)
    gathered = gather(score, 0.3)
    ordered = np.sort(score)
    below = np.cumsum(1.0 - ordered) - (1.0 - ordered)
    pairs = score.sum() * (1.0 - score).sum() - (score * (1.0 - score)).sum()

    assert len(gathered.rows) <= 2001
    assert expected(gathered, gathered.score, SHOP) == pytest.approx(
        [ordered @ below / pairs, metrics.log_loss(score, score), score.mean(), profit(score, score, 0.3, SHOP)],
        rel=2e-5,
    )


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.floats(0.0, 1.0))
def test_no_group_straddles_the_threshold_and_no_row_is_lost(scores: list[float], threshold: float) -> None:
    gathered, churned = gather_labelled(scores, np.ones(len(scores)), threshold)

    assert gathered.total == churned.sum() == len(scores)
    assert gathered.flagged.sum() == sum(one >= threshold for one in scores)
