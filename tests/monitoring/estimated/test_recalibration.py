import numpy as np
import pytest

from monitoring.performance.estimated.recalibration import (
    MILD,
    Counted,
    fit_recalibration,
    log_odds_of,
    probability,
    shift_of,
    stray,
)


def counted(seed: int, rows: int = 8000, level: float = 0.0, slope: float = 1.0) -> Counted:
    """Rows whose churn follows level + slope x log-odds."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-2.0, 1.0, rows)
    churned = rng.random(rows) < probability(level - 2.0 + slope * (log_odds + 2.0))
    return Counted(log_odds=log_odds, rows=np.ones(rows), churned=churned.astype(float))


def test_the_map_finds_back_a_bent_relation() -> None:
    rng = np.random.default_rng(1)
    log_odds = rng.normal(-2.0, 1.5, 60_000)
    true = np.where(log_odds > -1.0, -1.0 + 0.5 * (log_odds + 1.0), log_odds)
    churned = (rng.random(60_000) < probability(true)).astype(float)

    found = fit_recalibration([Counted(log_odds=log_odds, rows=np.ones(60_000), churned=churned)])

    inside = np.array([-4.0, -2.5, -1.0, 0.0, 1.0])
    expected = np.where(inside > -1.0, -1.0 + 0.5 * (inside + 1.0), inside)
    assert found(inside) == pytest.approx(expected, abs=0.15)


def test_few_churners_leave_the_scores_as_they_are() -> None:
    few = Counted(log_odds=np.array([-3.0, -2.0, -1.0]), rows=np.array([5.0, 5.0, 5.0]), churned=np.array([0.0, 1, 2]))

    assert np.abs(fit_recalibration([few])(few.log_odds) - few.log_odds).max() < 1.0


def test_intercept_and_slope_agree_with_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    rows = counted(2, level=0.3, slope=0.7)
    moved, cover = shift_of(rows, -2.0)
    fitted = LogisticRegression(C=1e6, tol=1e-8).fit((rows.log_odds + 2.0)[:, None], rows.churned)

    assert moved[1] + 1.0 == pytest.approx(fitted.coef_[0, 0], abs=0.01)
    assert moved[0] - 2.0 == pytest.approx(fitted.intercept_[0], abs=0.01)
    assert 0.02 < np.sqrt(cover[0, 0]) < 0.06


def test_steady_cohorts_are_still_allowed_a_mild_drift() -> None:
    found = stray([counted(seed) for seed in range(8)])

    assert np.sqrt(np.diag(found.concept)) == pytest.approx(MILD)


def test_cohorts_whose_behaviour_moved_widen_what_is_allowed() -> None:
    rng = np.random.default_rng(9)
    moving = [counted(seed, level=0.4 * rng.normal(), slope=1.0 + 0.3 * rng.normal()) for seed in range(12)]

    level, slope = np.sqrt(np.diag(stray(moving).concept))

    assert 0.2 < level < 0.6
    assert 0.15 < slope < 0.5


def test_log_odds_and_probability_undo_each_other() -> None:
    chance = np.array([0.01, 0.3, 0.99])

    assert probability(log_odds_of(chance)) == pytest.approx(chance)
    assert 0.0 < probability(np.array([-1e9]))[0] < 1e-9
