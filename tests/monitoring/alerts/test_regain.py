"""What labels say could be regained."""

from dataclasses import replace

import numpy as np
import pytest

from monitoring.errors import MonitorError
from monitoring.performance.profit import Economics, break_even
from monitoring.performance.regain import Labelled, Regain, regain

ECONOMICS = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = break_even(ECONOMICS)
ROWS = 16_000


def labelled(seed: int, *, rise: float = 0.0, group: float = 0.0, blind: bool = False) -> Labelled:
    """Scores that are right but for a rise of log-odds, for all or for half of the customers; or a noisier world."""
    rng = np.random.default_rng(seed)
    use, half = rng.normal(size=ROWS), rng.integers(0, 2, ROWS)
    log_odds = -2.6 - 1.2 * use
    moved = log_odds + rise + group * half
    truth = 1.0 / (1.0 + np.exp(-moved))
    if blind:
        truth = np.full(ROWS, truth.mean())
    return Labelled(
        features=np.column_stack([use, half]),
        scores=1.0 / (1.0 + np.exp(-log_odds)) if not blind else truth,
        churned=(rng.random(ROWS) < truth).astype(float),
        weights=np.ones(ROWS),
        customers=np.arange(ROWS),
    )


def measured(given: Labelled) -> Regain:
    return regain(given, threshold=THRESHOLD, economics=ECONOMICS, seed=3)


def test_scores_that_are_right_leave_nothing_to_regain() -> None:
    found = measured(labelled(1))

    assert found.share < 0.02
    assert found.ratio == pytest.approx(1.0, abs=0.05)


def test_scores_that_miss_a_rise_of_churn_leave_money_behind() -> None:
    found = measured(labelled(1, rise=1.2))

    assert found.share > 0.1
    assert found.ratio > 1.5


def test_a_change_in_one_group_is_regained_from_the_features() -> None:
    assert measured(labelled(1, group=1.8)).share > 0.1


def test_a_world_that_is_less_predictable_is_no_loss() -> None:
    found = measured(labelled(1, blind=True))

    assert found.share < 0.05


def test_the_loss_is_counted_from_what_is_usual() -> None:
    usual, now = measured(labelled(1)), measured(labelled(1, rise=1.2))

    assert now.beyond(usual) == pytest.approx(1.0 - (1.0 - now.share) / (1.0 - usual.share))
    assert usual.beyond(usual) == pytest.approx(0.0)


def test_weights_stand_for_the_customers_who_were_not_asked() -> None:
    whole = labelled(1, rise=1.2)
    chance = np.where(whole.scores >= THRESHOLD, 1.0, 0.4)
    asked = np.random.default_rng(4).random(ROWS) < chance
    part = Labelled(
        features=whole.features[asked],
        scores=whole.scores[asked],
        churned=whole.churned[asked],
        weights=1.0 / chance[asked],
        customers=whole.customers[asked],
    )

    assert measured(part).share == pytest.approx(measured(whole).share, abs=0.06)
    assert measured(part).ratio == pytest.approx(measured(whole).ratio, rel=0.08)


def test_the_same_labels_give_the_same_answer() -> None:
    assert measured(labelled(2)) == measured(labelled(2))


def test_few_labels_are_refused_with_the_number_needed() -> None:
    whole = labelled(1)
    few = replace(
        whole,
        features=whole.features[:100],
        scores=whole.scores[:100],
        churned=whole.churned[:100],
        weights=whole.weights[:100],
        customers=whole.customers[:100],
    )

    with pytest.raises(MonitorError, match="100 labelled customers; 500 are needed"):
        measured(few)
