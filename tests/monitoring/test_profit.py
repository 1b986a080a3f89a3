import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.errors import MonitorError
from monitoring.performance.profit import Economics, best_threshold, break_even, gap, profit

SHOP = Economics(clv=200.0, offer_cost=20.0, contact_cost=1.0, acceptance_rate=0.3)


def test_profit_of_a_table_computed_by_hand() -> None:
    churned, scores = [1, 1, 0, 0], [0.9, 0.2, 0.8, 0.1]
    one_saved, one_wasted = 0.3 * 180.0 - 1.0, 20.0 + 1.0

    assert profit(churned, scores, 0.5, SHOP) == pytest.approx((one_saved - one_wasted) / 4 * 1000)
    assert profit(churned, scores, 0.95, SHOP) == 0.0
    assert profit([], [], 0.5, SHOP) == 0.0


def test_at_break_even_a_contact_earns_nothing() -> None:
    even = break_even(SHOP)

    assert profit([even], [even], even, SHOP) == pytest.approx(0.0, abs=1e-9)
    assert profit([even + 0.1], [even], even, SHOP) > 0.0


def test_with_true_probabilities_the_best_threshold_is_break_even() -> None:
    scores = np.random.default_rng(1).beta(1, 4, 5000)

    assert best_threshold(scores, scores, SHOP) == pytest.approx(break_even(SHOP), abs=0.002)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=30))
def test_no_threshold_earns_more_than_the_best_one(rows: list[tuple[bool, int]]) -> None:
    churned = np.array([float(churn) for churn, _ in rows])
    scores = np.array([score / 8 for _, score in rows])
    best = profit(churned, scores, best_threshold(churned, scores, SHOP), SHOP)

    assert best >= 0.0
    assert all(profit(churned, scores, at, SHOP) <= best + 1e-9 for at in (*scores, 0.0, 1.1))


def test_where_no_contact_pays_nobody_is_contacted() -> None:
    dear = Economics(clv=100.0, offer_cost=20.0, contact_cost=90.0, acceptance_rate=0.3)

    assert break_even(dear) > 1.0
    assert best_threshold([1.0, 1.0], [0.9, 0.8], dear) > 0.9


def test_extra_churn_and_wasted_offers_are_both_harm() -> None:
    scores = np.full(1000, 0.3)
    kept = np.arange(1000) < 300

    as_promised = gap(kept.astype(float), scores, 0.2, SHOP)
    more_leave = gap((np.arange(1000) < 450).astype(float), scores, 0.5, SHOP)
    fewer_leave = gap((np.arange(1000) < 100).astype(float), scores, 0.2, SHOP)

    assert as_promised.harm == pytest.approx(0.0, abs=1e-6)
    assert more_leave.harm == pytest.approx(150 * 200.0)
    assert fewer_leave.harm == pytest.approx(200 * (0.3 * 180.0 - 1.0 + 21.0))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"acceptance_rate": 0.0}, "acceptance_rate is 0.0"),
        ({"acceptance_rate": 1.5}, "acceptance_rate is 1.5"),
        ({"contact_cost": -1.0}, "costs are 0 or more"),
        ({"clv": 10.0}, "worth more than the offer"),
    ],
)
def test_impossible_economics_are_refused_by_name(wrong: dict[str, float], words: str) -> None:
    right = {"clv": 200.0, "offer_cost": 20.0, "contact_cost": 1.0, "acceptance_rate": 0.3}

    with pytest.raises(MonitorError, match=words):
        Economics(**(right | wrong))


def test_a_threshold_without_customers_is_refused() -> None:
    with pytest.raises(MonitorError, match="No customers given"):
        best_threshold([], [], SHOP)
