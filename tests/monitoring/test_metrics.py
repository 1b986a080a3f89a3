import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from monitoring.performance import metrics


def draw(rows: int = 2000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.beta(1.0, 12.0, rows)
    return (rng.random(rows) < scores).astype(float), scores


@given(st.integers(0, 10_000))
def test_auc_log_loss_and_brier_are_scikit_learns(seed: int) -> None:
    churned, scores = draw(300, seed)
    churned[:2] = [0.0, 1.0]
    tied = scores.round(1)

    assert metrics.auc(churned, tied).value == pytest.approx(sk.roc_auc_score(churned, tied))
    assert metrics.log_loss(churned, scores) == pytest.approx(sk.log_loss(churned, scores))
    assert metrics.brier(churned, scores) == pytest.approx(sk.brier_score_loss(churned, scores))


def test_delongs_variance_is_the_one_of_the_paper() -> None:
    """Computed by hand from the placements of DeLong et al. 1988, equations 4 and 5."""
    churned, scores = [1, 1, 1, 0, 0], [0.9, 0.4, 0.6, 0.5, 0.2]
    v10, v01 = [1.0, 0.5, 1.0], [2 / 3, 1.0]

    found = metrics.auc(churned, scores)

    assert found.value == pytest.approx(np.mean(v10))
    assert found.error**2 == pytest.approx(np.var(v10, ddof=1) / 3 + np.var(v01, ddof=1) / 2)


def test_delongs_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    truth = 0.7602499389065233  # of two normals one sd apart: Phi(1 / sqrt 2)
    hits = 0
    for _ in range(300):
        churned = np.repeat([1.0, 0.0], [80, 400])
        found = metrics.auc(churned, rng.normal(churned))
        hits += found.low <= truth <= found.high

    assert 0.91 <= hits / 300 <= 0.985


def test_with_one_class_there_is_no_auc() -> None:
    assert np.isnan(metrics.auc([0, 0], [0.1, 0.2]).value)
    assert np.isnan(metrics.auc([], []).value)


def test_the_calibration_error_of_a_table_computed_by_hand() -> None:
    churned, scores = [0, 0, 1, 1], [0.1, 0.3, 0.5, 0.9]

    assert metrics.calibration_error(churned, scores, bins=2) == pytest.approx((0.4 + 0.6) / 4)


def test_calibrated_scores_have_a_small_error_and_doubled_ones_do_not() -> None:
    churned, scores = draw(40_000)

    assert metrics.calibration_error(churned, scores) < 0.01
    assert metrics.calibration_error(churned, np.minimum(2 * scores, 1)) > 0.05
    assert metrics.calibration_ratio(churned, scores) == pytest.approx(1.0, abs=0.05)
    assert metrics.calibration_ratio(churned, 0.5 * scores) == pytest.approx(2.0, abs=0.1)


def test_lift_of_a_table_computed_by_hand() -> None:
    churned = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    ranked = np.linspace(1.0, 0.1, 10)

    assert metrics.lift(churned, ranked) == pytest.approx(1.0 / 0.2)
    assert metrics.lift(churned, np.zeros(10)) == pytest.approx(1.0)
    assert np.isnan(metrics.lift([0, 0], [0.5, 0.6]))


def test_without_rows_there_is_nothing_to_say() -> None:
    for figure in (metrics.log_loss, metrics.brier, metrics.calibration_error, metrics.calibration_ratio, metrics.lift):
        assert np.isnan(figure([], []))


def test_certain_and_wrong_is_bad_but_finite() -> None:
    assert np.isfinite(metrics.log_loss([1.0], [0.0]))
