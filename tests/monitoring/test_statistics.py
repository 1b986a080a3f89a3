import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from monitoring.drift import statistics

counts = arrays(np.int64, 6, elements=st.integers(0, 500)).filter(lambda one: one.sum() > 0)
VALUES = np.array([-3.0, -1.0, 0.0, 2.0, 2.5, 7.0])


def rows_of(cells: np.ndarray) -> np.ndarray:
    return np.repeat(VALUES, cells)


@given(counts, counts)
def test_ks_is_scipys_distance(left: np.ndarray, right: np.ndarray) -> None:
    expected = stats.ks_2samp(rows_of(left), rows_of(right), method="asymp").statistic

    assert statistics.ks(left, right) == pytest.approx(expected, abs=1e-12)
    assert statistics.ks(right, left) == pytest.approx(expected, abs=1e-12)
    assert statistics.ks(left, left * 3) == pytest.approx(0.0, abs=1e-12)


@given(counts, counts)
def test_wasserstein_is_scipys_in_units_of_the_references_spread(left: np.ndarray, right: np.ndarray) -> None:
    low, high, lower, upper = np.quantile(rows_of(left), [0.0, 1.0, 0.25, 0.75], method="inverted_cdf")
    assume(upper > lower)
    inside = [np.clip(rows_of(one), low, high) for one in (left, right)]
    expected = stats.wasserstein_distance(*inside) / ((upper - lower) / 1.349)

    assert statistics.wasserstein(left, right, VALUES, tail=0.0) == pytest.approx(expected)


def test_wasserstein_of_a_table_computed_by_hand() -> None:
    # Shares .25 each against .5, 0, 0, .5: the areas are .25, 0 and .25 wide steps of 1; the spread is 2 / 1.349.
    found = statistics.wasserstein([5, 5, 5, 5], [10, 0, 0, 10], np.array([0.0, 1.0, 2.0, 3.0]))

    assert found == pytest.approx((0.25 + 0.25) / (2.0 / 1.349))


def test_wasserstein_finds_a_spread_where_half_the_rows_are_one_value() -> None:
    mostly_zero, shifted = [80, 10, 10], [40, 20, 40]

    assert statistics.wasserstein(mostly_zero, shifted, np.array([0.0, 1.0, 2.0])) > 0.5
    assert statistics.wasserstein([9, 0], [0, 9], np.array([1.0, 2.0])) == 0.0


@given(counts, counts)
def test_psi_and_jensen_shannon_are_distances_of_shares(left: np.ndarray, right: np.ndarray) -> None:
    assert statistics.psi(left, right) >= 0.0
    assert statistics.psi(left, left * 3) == pytest.approx(0.0, abs=1e-12)
    assert statistics.psi(left, right) == pytest.approx(statistics.psi(right, left))
    assert statistics.jensen_shannon(left, left * 3) == pytest.approx(0.0, abs=1e-6)
    assert 0.0 <= statistics.jensen_shannon(left, right) <= 1.0


@given(counts, counts)
def test_jensen_shannon_is_scipys(left: np.ndarray, right: np.ndarray) -> None:
    expected = jensenshannon(left, right, base=2)

    assert statistics.jensen_shannon(left, right) == pytest.approx(np.nan_to_num(expected), abs=1e-6)


def test_psi_of_a_table_computed_by_hand() -> None:
    by_hand = (0.3 - 0.5) * np.log(0.3 / 0.5) + (0.7 - 0.5) * np.log(0.7 / 0.5)

    assert statistics.psi([5, 5], [3, 7]) == pytest.approx(by_hand)


def test_g_and_chi_square_are_scipys_where_no_cell_is_sparse() -> None:
    left, right = [40, 60, 80], [55, 70, 60]
    g = stats.chi2_contingency([left, right], correction=False, lambda_="log-likelihood")
    chi = stats.chi2_contingency([left, right], correction=False)

    assert statistics.g_test(left, right) == pytest.approx((g.statistic, g.pvalue))
    assert statistics.chi_square(left, right) == pytest.approx((chi.statistic, chi.pvalue))


def test_sparse_cells_are_merged() -> None:
    merged = stats.chi2_contingency([[50, 50, 4], [60, 40, 4]], correction=False)

    assert statistics.chi_square([50, 50, 1, 1, 2], [60, 40, 2, 1, 1])[0] == pytest.approx(merged.statistic)
    assert statistics.g_test([3, 0], [0, 3]) == (0.0, 1.0)


def test_missing_p_value_is_the_pooled_z_test() -> None:
    chi = stats.chi2_contingency([[30, 970], [55, 945]], correction=False)

    assert statistics.missing_p_value((30, 1000), (55, 1000)) == pytest.approx(chi.pvalue)
    assert statistics.missing_p_value((0, 1000), (0, 500)) == 1.0


@given(arrays(np.float64, st.integers(0, 30), elements=st.floats(0, 1, allow_nan=False)))
def test_benjamini_hochberg_is_scipys(p_values: np.ndarray) -> None:
    expected = stats.false_discovery_control(p_values) if len(p_values) else p_values

    assert statistics.benjamini_hochberg(p_values) == pytest.approx(expected)


def rejections(p_values: list[float], level: float = 0.05) -> float:
    return float(np.mean(np.array(p_values) < level))


@pytest.mark.parametrize(("left_rows", "right_rows"), [(300, 300), (2000, 500)])
def test_p_values_keep_their_level_where_nothing_changed(left_rows: int, right_rows: int) -> None:
    rng = np.random.default_rng(7)
    psi, g, missing = [], [], []
    for _ in range(400):
        shares = rng.multinomial(left_rows, [0.1] * 10), rng.multinomial(right_rows, [0.1] * 10)
        psi.append(statistics.psi_p_value(*shares))
        g.append(statistics.g_test(*shares)[1])
        empty = rng.binomial(left_rows, 0.1), rng.binomial(right_rows, 0.1)
        missing.append(statistics.missing_p_value((empty[0], left_rows), (empty[1], right_rows)))

    for found in (psi, g, missing):
        assert 0.01 <= rejections(found) <= 0.085


@pytest.mark.parametrize(("left_rows", "right_rows"), [(1000, 1000), (300, 50), (100_000, 200)])
@pytest.mark.parametrize("levels", [3, 50])
def test_the_two_sample_test_keeps_its_level_with_few_and_many_labels(
    left_rows: int, right_rows: int, levels: int
) -> None:
    rng = np.random.default_rng(8)
    shares = rng.dirichlet(np.ones(levels))

    found = [
        statistics.chi_square(rng.multinomial(left_rows, shares), rng.multinomial(right_rows, shares))[1]
        for _ in range(800)
    ]

    assert 0.03 <= rejections(found) <= 0.07


def test_few_empty_cells_are_judged_by_fishers_test_with_mid_p() -> None:
    exact = stats.fisher_exact([[6, 94], [0, 300]]).pvalue
    chance = stats.hypergeom.pmf(6, 400, 6, 100)

    assert statistics.missing_p_value((0, 300), (6, 100)) == pytest.approx(exact - chance / 2.0)


@pytest.mark.parametrize(("left_rows", "right_rows"), [(300, 50), (50, 50), (10_000, 200)])
def test_the_p_value_of_psi_keeps_its_level_in_small_windows(left_rows: int, right_rows: int) -> None:
    rng = np.random.default_rng(10)
    found = [
        statistics.psi_p_value(rng.multinomial(left_rows, [0.1] * 10), rng.multinomial(right_rows, [0.1] * 10))
        for _ in range(300)
    ]

    assert 0.02 <= rejections(found) <= 0.08
    assert statistics.psi_p_value([9, 0], [30, 0]) == 1.0


def test_rare_labels_join_until_they_are_common_enough() -> None:
    rng = np.random.default_rng(9)
    shares = np.full(50, 0.02)

    kept = statistics.chi_square(rng.multinomial(1000, shares), rng.multinomial(50, np.repeat([0.04, 0.0], 25)))

    assert kept[1] < 0.01
