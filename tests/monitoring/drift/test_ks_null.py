import numpy as np
import pytest
from scipy import stats

from monitoring.drift.ks_null import exact_p_value, ks_p_value, limit_p_value
from monitoring.drift.statistics import ks

SHAPES = {
    "two values": [0.8, 0.2],
    "a few values": [0.5, 0.25, 0.15, 0.1],
    "ten values": [0.1] * 10,
    "thirty uneven values": list(np.random.default_rng(4).dirichlet(np.ones(30))),
    "half zeros": [0.5, *[0.5 / 250] * 250],
    "no ties": [1 / 512] * 512,
}


def one_value_a_cell(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = np.sort(np.concatenate([left, right]))
    from_left = np.isin(values, left).astype(np.int64)
    return from_left, 1 - from_left


@pytest.mark.parametrize(("left_rows", "right_rows"), [(10, 200), (50, 70), (200, 300), (3, 3)])
def test_without_ties_a_small_samples_p_value_is_scipys_exact_one(left_rows: int, right_rows: int) -> None:
    rng = np.random.default_rng(left_rows)
    left, right = rng.normal(size=left_rows), rng.normal(0.3, size=right_rows)

    expected = stats.ks_2samp(left, right, method="exact").pvalue

    assert ks_p_value(*one_value_a_cell(left, right)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_with_ties_it_is_the_share_of_shuffles_that_go_as_far(shape: str) -> None:
    rng = np.random.default_rng(11)
    left, right = rng.multinomial(120, SHAPES[shape]), rng.multinomial(400, SHAPES[shape])
    pooled = left + right
    shuffled = rng.multivariate_hypergeometric(pooled, 120, size=4000, method="marginals")
    far = np.abs(np.cumsum(shuffled / 120, axis=1) - np.cumsum((pooled - shuffled) / 400, axis=1)).max(axis=1)

    found = ks_p_value(left, right)

    assert found == pytest.approx(np.mean(far >= ks(left, right) - 1e-9), abs=0.03)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scaled", [0.7, 1.0, 1.36, 1.8, 2.1])
def test_the_limit_for_many_rows_agrees_with_counting(shape: str, scaled: float) -> None:
    pooled = np.random.default_rng(5).multinomial(60_000, SHAPES[shape])
    pooled = pooled[pooled > 0]
    distance = scaled / np.sqrt(20_000 * 40_000 / 60_000)

    counted = exact_p_value(distance, pooled, 20_000)

    assert limit_p_value(scaled, pooled / 60_000) == pytest.approx(counted, rel=0.06, abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("left_rows", "right_rows"), [(300, 50), (10_000, 200), (3000, 5000), (100_000, 10_000)])
def test_one_null_month_in_twenty_is_called_significant_at_five_per_cent(
    shape: str, left_rows: int, right_rows: int
) -> None:
    rng = np.random.default_rng(6)

    found = [
        ks_p_value(rng.multinomial(left_rows, SHAPES[shape]), rng.multinomial(right_rows, SHAPES[shape]))
        for _ in range(250)
    ]

    assert np.mean(np.array(found) <= 0.05) <= 0.10
    assert np.mean(np.array(found) <= 0.20) >= 0.12


def test_a_single_value_or_equal_shares_are_no_evidence() -> None:
    assert ks_p_value([7, 0], [9, 0]) == 1.0
    assert ks_p_value([10, 20], [20, 40]) == 1.0


@pytest.mark.parametrize("rows", [60, 5000, 1_000_000])
def test_samples_without_overlap_are_certain(rows: int) -> None:
    assert ks_p_value([rows, 0], [0, rows]) < 1e-9
