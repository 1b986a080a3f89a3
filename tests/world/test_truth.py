"""Exact expected performance against enumeration, scikit-learn and simulation."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from monitoring.performance.profit import Economics, profit
from pipelines.world.truth import (
    Floats,
    expected_auc,
    expected_brier,
    expected_campaign,
    expected_log_loss,
    month_truth,
    true_performance,
)

ECONOMICS = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
SCORE = np.array([0.9, 0.35, 0.35, 0.6, 0.05, 0.2])
P = np.array([0.7, 0.5, 0.1, 0.4, 0.0, 0.3])

scores_and_p = st.lists(
    st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.floats(0.0, 1.0)), min_size=2, max_size=30
).map(lambda rows: (np.array([score for score, _ in rows]), np.array([p for _, p in rows])))


@given(scores_and_p)
def test_expected_auc_is_the_sum_over_all_pairs(case: tuple[Floats, Floats]) -> None:
    score, p = case
    won = pairs = 0.0
    for i, j in product(range(len(score)), repeat=2):
        if i != j:
            weight = p[i] * (1.0 - p[j])
            pairs += weight
            won += weight * (float(score[i] > score[j]) + 0.5 * float(score[i] == score[j]))

    exact = expected_auc(score, p)

    # Subtracting every customer's pair with itself costs digits where hardly any other pair is left.
    if pairs > 1e-9:
        assert exact == pytest.approx(won / pairs, abs=1e-6)


def test_expected_auc_of_certain_outcomes_is_the_ordinary_auc() -> None:
    rng = np.random.default_rng(0)
    churned = rng.random(300) < 0.2
    score = np.round(rng.random(300) * 0.5 + churned * 0.2, 2)

    assert expected_auc(score, churned.astype(float)) == pytest.approx(roc_auc_score(churned, score), abs=1e-12)


def test_expected_auc_is_what_simulated_outcomes_average_to() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(0.7, 12.0, 4000)
    score = np.clip(p + rng.normal(0.0, 0.02, 4000), 0.0, 1.0)

    simulated = [roc_auc_score(rng.random(4000) < p, score) for _ in range(120)]

    error = np.std(simulated) / np.sqrt(len(simulated))
    assert expected_auc(score, p) == pytest.approx(np.mean(simulated), abs=4.0 * error)


def test_expected_auc_without_a_possible_leaver_or_stayer_is_not_a_number() -> None:
    assert np.isnan(expected_auc(np.array([0.1, 0.2]), np.zeros(2)))
    assert np.isnan(expected_auc(np.array([0.1, 0.2]), np.ones(2)))


def test_no_score_beats_the_exact_probabilities() -> None:
    rng = np.random.default_rng(2)
    p = rng.beta(0.7, 12.0, 2000)

    for noise in (0.0, 0.01, 0.1):
        other = np.clip(p + rng.normal(0.0, noise, 2000), 1e-6, 1.0 - 1e-6)
        assert expected_auc(other, p) <= expected_auc(p, p) + 1e-12
        assert expected_log_loss(other, p) >= expected_log_loss(p, p) - 1e-12
        assert expected_brier(other, p) >= expected_brier(p, p) - 1e-12


def test_expected_losses_are_means_over_every_possible_outcome() -> None:
    chances, log_losses, briers, profits, caught = [], [], [], [], []
    for outcome in product((0, 1), repeat=len(P)):
        churned = np.array(outcome)
        chances.append(np.where(churned == 1, P, 1.0 - P).prod())
        log_losses.append(log_loss(churned, SCORE, labels=[0, 1]))
        briers.append(brier_score_loss(churned, SCORE, labels=[0, 1]))
        profits.append(profit(churned, SCORE, 0.35, ECONOMICS) * len(P) / 1000.0)
        caught.append(churned[SCORE >= 0.35].sum())

    campaign = expected_campaign(SCORE, P, threshold=0.35, economics=ECONOMICS)

    assert expected_log_loss(SCORE, P) == pytest.approx(np.dot(chances, log_losses))
    assert expected_brier(SCORE, P) == pytest.approx(np.dot(chances, briers))
    assert campaign.profit == pytest.approx(np.dot(chances, profits))
    assert campaign.flagged == 4
    assert campaign.expected_recall == pytest.approx(np.dot(chances, caught) / P.sum())
    assert campaign.expected_precision == pytest.approx(np.dot(chances, caught) / 4)


def test_the_loss_of_the_exact_probabilities_is_their_mean_entropy() -> None:
    assert expected_log_loss(np.array([0.5, 1.0]), np.array([0.5, 1.0])) == pytest.approx(np.log(2.0) / 2.0)


def test_true_performance_holds_the_four_figures() -> None:
    performance = true_performance(SCORE, P)

    assert performance.auc == expected_auc(SCORE, P)
    assert performance.log_loss == expected_log_loss(SCORE, P)
    assert performance.brier == expected_brier(SCORE, P)
    assert performance.calibration_ratio == pytest.approx(2.45 / 2.0)


def test_a_campaign_that_contacts_nobody_earns_nothing() -> None:
    campaign = expected_campaign(SCORE, P, threshold=1.1, economics=ECONOMICS)

    assert (campaign.profit, campaign.flagged, campaign.expected_recall) == (0.0, 0, 0.0)
    assert np.isnan(campaign.expected_precision)


def test_a_months_truth_sums_up_its_table() -> None:
    truth = pd.DataFrame(
        {
            "bayes": [0.2, 0.1, 0.4],
            "untreated": [0.3, 0.1, 0.4],
            "treated": [0.2, 0.15, 0.3],
            "involuntary": [0.05, 0.0, 0.1],
            "contacted": [1, 1, 0],
            "reason": [-1, 0, 1],
        }
    )

    month = month_truth(7, truth)

    assert (month.month, month.customers, month.churners, month.contacted) == (7, 3, 2, 2)
    assert month.expected_churners == pytest.approx(0.7)
    assert month.expected_involuntary == pytest.approx(0.05 * 0.8 / 0.95 + 0.1 * 0.6 / 0.9)
    assert month.untreated == pytest.approx(0.8 / 3)
    assert month.treated == pytest.approx(0.65 / 3)
    assert month.prevented == pytest.approx(0.1 - 0.05)
    assert month.bayes_auc == expected_auc(truth["bayes"].to_numpy(), truth["bayes"].to_numpy())
    assert month.bayes_log_loss == expected_log_loss(truth["bayes"].to_numpy(), truth["bayes"].to_numpy())
