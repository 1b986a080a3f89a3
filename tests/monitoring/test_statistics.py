import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from monitoring.drift import statistics

finite = st.floats(-1e6, 1e6, allow_nan=False, width=32)
samples = arrays(np.float64, st.integers(4, 60), elements=finite)
tied = arrays(np.float64, st.integers(4, 60), elements=st.integers(0, 5).map(float))
counts = arrays(np.int64, 6, elements=st.integers(0, 500)).filter(lambda one: one.sum() > 0)


@given(samples | tied, samples | tied)
def test_ks_is_scipys_distance(left: np.ndarray, right: np.ndarray) -> None:
    expected = stats.ks_2samp(left, right, method="asymp").statistic

    assert statistics.ks(np.sort(left), np.sort(right)) == pytest.approx(expected, abs=1e-12)


def test_ks_of_single_values_has_a_p_value() -> None:
    assert statistics.ks_p_value(1.0, 1, 1) == pytest.approx(0.0, abs=1.0)


def test_ks_p_value_is_scipys() -> None:
    rng = np.random.default_rng(3)
    left, right = np.sort(rng.normal(size=500)), np.sort(rng.normal(0.1, size=400))
    expected = stats.ks_2samp(left, right, method="asymp").pvalue

    assert statistics.ks_p_value(statistics.ks(left, right), 500, 400) == pytest.approx(expected, rel=1e-9)


@given(samples, samples)
def test_ks_does_not_care_for_order_of_samples_or_scale(left: np.ndarray, right: np.ndarray) -> None:
    left, right = np.sort(left), np.sort(right)
    there, back = statistics.ks(left, right), statistics.ks(right, left)

    assert there == pytest.approx(back, abs=1e-12)
    assert statistics.ks(left * 8.0, right * 8.0) == pytest.approx(there, abs=1e-12)
    assert 0.0 <= there <= 1.0
    assert statistics.ks(left, left) == 0.0


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


def test_quantile_bins_hold_equal_shares_and_keep_spikes_apart() -> None:
    ordered = np.sort(np.concatenate([np.zeros(500), np.arange(1.0, 501.0)]))
    edges = statistics.quantile_edges(ordered, bins=10)

    inside = statistics.bin_counts(ordered, edges)

    assert inside.sum() == 1000
    assert inside.tolist() == [500, 100, 100, 100, 100, 100]


@pytest.mark.parametrize("outlier", [1e4, -1e12])
def test_one_outlier_does_not_blind_the_statistics(outlier: float) -> None:
    rng = np.random.default_rng(5)
    left, right = np.sort(rng.normal(size=5000)), np.sort(rng.normal(0.5, size=5000))
    edges = statistics.quantile_edges(left)
    left_out, right_out = np.sort(np.append(left, outlier)), np.sort(np.append(right, outlier))
    plain = statistics.psi(statistics.bin_counts(left, edges), statistics.bin_counts(right, edges))

    with_it = statistics.psi(statistics.bin_counts(left_out, edges), statistics.bin_counts(right_out, edges))

    assert with_it == pytest.approx(plain, rel=0.02)
    assert statistics.ks(left_out, right_out) == pytest.approx(statistics.ks(left, right), rel=0.01)


def rejections(p_values: list[float], level: float = 0.05) -> float:
    return float(np.mean(np.array(p_values) < level))


@pytest.mark.parametrize(("left_rows", "right_rows"), [(300, 300), (2000, 500)])
def test_p_values_keep_their_level_where_nothing_changed(left_rows: int, right_rows: int) -> None:
    rng = np.random.default_rng(7)
    ks, psi, g, missing = [], [], [], []
    for _ in range(400):
        left, right = np.sort(rng.gamma(2, size=left_rows)), np.sort(rng.gamma(2, size=right_rows))
        ks.append(statistics.ks_p_value(statistics.ks(left, right), left_rows, right_rows))
        shares = rng.multinomial(left_rows, [0.1] * 10), rng.multinomial(right_rows, [0.1] * 10)
        psi.append(statistics.psi_p_value(statistics.psi(*shares), 10, left_rows, right_rows))
        g.append(statistics.g_test(*shares)[1])
        empty = rng.binomial(left_rows, 0.1), rng.binomial(right_rows, 0.1)
        missing.append(statistics.missing_p_value((empty[0], left_rows), (empty[1], right_rows)))

    for found in (ks, psi, g, missing):
        assert 0.01 <= rejections(found) <= 0.085


def test_the_two_sample_test_keeps_its_level_with_many_labels() -> None:
    rng = np.random.default_rng(8)
    shares = rng.dirichlet(np.ones(50))

    found = [statistics.g_test(rng.multinomial(1000, shares), rng.multinomial(1000, shares))[1] for _ in range(400)]

    assert 0.02 <= rejections(found) <= 0.10
