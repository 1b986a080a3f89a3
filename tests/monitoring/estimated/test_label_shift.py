import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.performance.estimated.expected import gather
from monitoring.performance.estimated.label_shift import bbse, bbse_rate, confusion_at, em, with_rate
from monitoring.performance.estimated.recalibration import probability

BEFORE = 0.25


def calibrated(rate: float, rows: int = 10_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities calibrated at a churn rate of .25, of a month with another rate, and who churned."""
    rng = np.random.default_rng([seed, int(1000 * rate)])
    churned = rng.random(rows) < rate
    feature = rng.normal(1.5 * churned, 1.0)
    return probability(np.log(BEFORE / (1.0 - BEFORE)) - 1.5**2 / 2.0 + 1.5 * feature), churned.astype(float)


@pytest.mark.parametrize(("rate", "close"), [(0.12, 0.01), (0.25, 0.01), (0.37, 0.01), (0.51, 0.02)])
def test_em_finds_the_churn_rate_of_a_label_shift(rate: float, close: float) -> None:
    chance, churned = calibrated(rate)
    gathered = gather(chance, 0.5)

    found = em(gathered.score, gathered.rows, BEFORE)

    assert found.rate == pytest.approx(churned.mean(), abs=close)
    assert abs(chance.mean() - churned.mean()) > (0.03 if rate != BEFORE else -1.0)


def test_ems_error_is_the_spread_over_months() -> None:
    rates = [em(chance := calibrated(0.37, 2000, seed)[0], np.ones(len(chance)), BEFORE) for seed in range(60)]

    assert np.std([one.log_odds for one in rates]) == pytest.approx(np.mean([one.error for one in rates]), rel=0.25)


def test_em_cannot_tell_from_scores_that_are_all_alike() -> None:
    assert em(np.full(5, BEFORE), np.full(5, 100.0), BEFORE).error == float("inf")


def test_bbse_solves_a_table_worked_by_hand() -> None:
    # 80 % stay, of whom 10 % are flagged (.08 / .8); 20 % churn, of whom 80 % are flagged (.16 / .2).
    # 38 % flagged now = 10 % of 60 % stayers + 80 % of 40 % churners.
    joint = np.array([[0.72, 0.04], [0.08, 0.16]])

    assert bbse(joint, [0.62, 0.38]) == pytest.approx([0.6 / 0.8, 0.4 / 0.2])
    assert bbse_rate(joint, 0.38, 10_000.0).rate == pytest.approx(0.4)


def test_bbse_recovers_the_rate_whatever_the_scores_are_scaled_by() -> None:
    before, churned = calibrated(0.25)
    after, left = calibrated(0.4)
    stretched = np.log(before) * 3.0
    confusion, cut = confusion_at(stretched, np.ones(len(before)), churned)

    found = bbse_rate(confusion, float((np.log(after) * 3.0 >= cut).mean()), float(len(after)))

    assert found.rate == pytest.approx(left.mean(), abs=0.02)


@pytest.mark.parametrize(
    "joint",
    [[[0.4, 0.1], [0.4, 0.1]], [[0.41, 0.1], [0.39, 0.1]], [[1.0, 0.0], [0.0, 0.0]]],
    ids=["unrelated", "hardly related", "one class"],
)
def test_bbse_refuses_a_matrix_that_cannot_be_inverted(joint: list[list[float]]) -> None:
    assert bbse(joint, [0.5, 0.5]) is None


@given(st.floats(0.001, 0.999), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_another_rate_and_back_is_no_change(chance: float, before: float, after: float) -> None:
    there = with_rate(np.array([chance]), before, after)

    assert with_rate(there, after, before)[0] == pytest.approx(chance, rel=1e-6)
    assert (there[0] - chance) * (after - before) >= -1e-12
