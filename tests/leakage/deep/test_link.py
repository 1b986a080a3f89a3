import numpy as np
import pytest
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_auc_score

from monitoring.leakage.compare.link import FOLDS, added, auc_spread, cross_fitted, link


def draws(seed: int, rows: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, 6, rows)
    labels = (rng.random(rows) < 0.05 + 0.05 * strata).astype(float)
    codes = rng.integers(0, 5, rows)
    return codes, strata, labels, rng.integers(0, FOLDS, rows)


def test_the_rank_statistic_is_mann_whitney_s() -> None:
    rng = np.random.default_rng(1)
    score, labels = rng.integers(0, 9, 500).astype(float), (rng.random(500) < 0.3).astype(float)

    found = link(score, labels)
    theirs = mannwhitneyu(
        score[labels == 1], score[labels == 0], alternative="greater", use_continuity=False, method="asymptotic"
    )

    assert found.auc == pytest.approx(roc_auc_score(labels, score))
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-6)


def test_the_spread_is_delong_s() -> None:
    labels, score = np.array([0, 0, 1, 1, 1.0]), np.array([1.0, 3.0, 2.0, 4.0, 5.0])

    auc, error = auc_spread(score, labels)

    # By hand: each leaver is above 1/2, 1, 1 of the stayers; each stayer is below 1, 2/3 of the leavers.
    assert auc == pytest.approx(5 / 6)
    assert error == pytest.approx(np.sqrt(np.var([0.5, 1, 1], ddof=1) / 3 + np.var([1, 2 / 3], ddof=1) / 2))


def test_codes_that_say_nothing_add_nothing() -> None:
    p_values = [added(*draws(seed)).p_value for seed in range(200)]

    assert np.mean(np.array(p_values) < 0.05) <= 0.1
    assert min(p_values) > 1e-4


def test_what_the_strata_say_already_adds_nothing() -> None:
    _, strata, labels, folds = draws(3)

    assert added(strata, strata, labels, folds).p_value > 0.01


def test_codes_that_know_the_label_add_much() -> None:
    codes, strata, labels, folds = draws(4)

    found = added(np.where(labels == 1.0, 4, codes), strata, labels, folds)

    assert found.p_value < 1e-12
    assert found.gain > 0.1
    assert found.without == pytest.approx(roc_auc_score(labels, strata), abs=0.02)


def test_a_rate_is_learned_on_the_other_folds_only() -> None:
    labels = np.array([1.0, 0.0, 0.0, 0.0])

    rates = cross_fitted(np.zeros(4, dtype=np.int64), labels, np.array([0, 1, 2, 3]))

    assert rates[0] == 0.0
    assert rates[1] == pytest.approx(1 / 3)


def test_with_one_label_only_there_is_no_link() -> None:
    assert link(np.arange(4.0), np.ones(4)).p_value == 1.0
    assert np.isnan(auc_spread(np.arange(3.0), np.ones(3))[0])
