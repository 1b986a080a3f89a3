from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from monitoring.drift.comparison import Comparison, compare
from monitoring.drift.grid import CELLS, learn_grid
from monitoring.drift.reference import Scale, learn_scale, sketch_chunks
from monitoring.drift.sketch import NumberSketch, sketch_labels, sketch_numbers, total, usable
from monitoring.drift.statistics import ks, wasserstein

RNG = np.random.default_rng(2)
GRID = learn_grid(RNG.gamma(2.0, 1.0, 5000))
any_number = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-3, 3).map(float)
columns = arrays(np.float64, st.integers(0, 80), elements=any_number)
labels = st.lists(st.sampled_from(["a", "b", "new", None]), max_size=60)
cuts = st.lists(st.integers(0, 80), max_size=5)


def pieces(values: pd.Series, at: list[int], order: int) -> list[pd.Series]:
    edges = [0, *sorted(min(one, len(values)) for one in at), len(values)]
    parts = [values.iloc[start:stop] for start, stop in pairwise(edges)]
    return [parts[place] for place in np.random.default_rng(order).permutation(len(parts))]


@given(columns, cuts, st.integers(0, 99))
def test_sketches_of_number_chunks_add_up_whatever_the_cut_and_order(
    values: np.ndarray, at: list[int], order: int
) -> None:
    column = pd.Series(values)
    whole = sketch_numbers(column, GRID)
    merged = total(sketch_numbers(one, GRID) for one in pieces(column, at, order))

    assert merged.counts.tobytes() == whole.counts.tobytes()
    assert (merged.empty, merged.rows) == (whole.empty, whole.rows)
    assert whole.counts.sum() + whole.empty == whole.rows == len(values)


@given(labels, cuts, st.integers(0, 99))
def test_sketches_of_label_chunks_add_up_whatever_the_cut_and_order(
    values: list[str | None], at: list[int], order: int
) -> None:
    column = pd.Series(values, dtype=object)
    whole = sketch_labels(column, ("a", "b"))
    merged = total(sketch_labels(one, ("a", "b")) for one in pieces(column, at, order))

    assert merged.counts.tolist() == whole.counts.tolist()
    assert (merged.empty, merged.rows, usable(merged)) == (whole.empty, whole.rows, usable(whole))
    assert whole.counts[2:].max() == values.count("new")


def test_a_month_in_chunks_gives_the_same_sketches_as_the_month_at_once() -> None:
    month = pd.DataFrame({"x": RNG.normal(size=900), "k": RNG.choice(["u", "v"], 900), "spare": 1})
    scales = [learn_scale([month], "x"), learn_scale([month], "k")]

    at_once = sketch_chunks(scales, [month])
    by_chunk = sketch_chunks(scales, (month.iloc[place : place + 250] for place in (500, 250, 0, 750)))

    assert by_chunk.keys() == at_once.keys() == {"x", "k"}
    assert all(np.array_equal(by_chunk[name].counts, at_once[name].counts) for name in at_once)


@pytest.mark.parametrize(
    "values",
    [
        RNG.normal(size=20_000),
        RNG.lognormal(0.0, 2.0, 20_000),
        1e9 + RNG.normal(size=20_000),
        np.where(RNG.random(20_000) < 0.6, 0.0, RNG.gamma(2.0, 30.0, 20_000)),
    ],
    ids=["normal", "heavy tail", "far from zero", "mostly zero"],
)
def test_cells_are_fine_ordered_and_hold_what_lies_outside(values: np.ndarray) -> None:
    grid = learn_grid(values)
    counts, empty = grid.count(values)
    common = pd.Series(values).value_counts(normalize=True).iloc[0]

    assert len(grid.values) <= CELLS + 20
    assert np.all(np.diff(grid.values) >= 0)
    assert counts.max() / len(values) <= max(0.01, common + 0.005)
    assert (counts[0], counts[-1], empty) == (0, 0, 0)
    outside, empty = grid.count(np.array([values.min() - 50.0, values.max() * 2.0, np.nan, np.inf, -np.inf]))
    assert (outside[0], outside[-1], empty) == (1, 1, 3)


def test_whole_numbers_near_the_median_each_have_a_cell_of_their_own() -> None:
    values = RNG.poisson(6.0, 5000)
    grid = learn_grid(values.astype(np.float64))
    known, counts = np.unique(values, return_counts=True)

    assert np.array_equal(grid.values, [known[0], *known, known[-1]])
    assert grid.count(values)[0][1:-1].tolist() == counts.tolist()


def test_distances_on_the_grid_are_those_of_the_rows() -> None:
    left, right = RNG.normal(size=20_000), RNG.normal(0.3, 1.2, size=8000)
    grid = learn_grid(left)
    before, now = grid.count(left)[0], grid.count(right)[0]

    assert ks(before, now) == pytest.approx(stats.ks_2samp(left, right).statistic, abs=0.004)
    expected = stats.wasserstein_distance(*(np.clip(one, *np.quantile(left, [0.005, 0.995])) for one in (left, right)))
    assert wasserstein(before, now, grid.values) == pytest.approx(expected, rel=0.04)


def test_quantile_bins_hold_equal_shares_and_keep_spikes_apart() -> None:
    values = np.concatenate([np.zeros(500), np.arange(1.0, 501.0)])
    grid = learn_grid(values)
    inside = grid.binned(grid.count(values)[0])

    assert inside.sum() == 1000
    assert inside[0] == 500
    assert inside[1:] == pytest.approx([100] * 5, abs=5)


def figures(left: np.ndarray, right: np.ndarray) -> Comparison:
    scale = learn_scale([pd.DataFrame({"x": left})], "x")
    before, now = (scale.sketch(pd.DataFrame({"x": one})) for one in (left, right))
    return compare(before, now, scale.grid)


@pytest.mark.parametrize("outlier", [1e4, -1e12, 1e30])
def test_one_outlier_on_both_sides_blinds_no_statistic(outlier: float) -> None:
    left, right = RNG.normal(size=20_000), RNG.normal(0.5, 1.0, 20_000)

    plain = figures(left, right)
    with_it = figures(np.append(left, outlier), np.append(right, outlier))

    assert with_it.effect == pytest.approx(plain.effect, rel=0.02)
    assert with_it.p_value < 1e-9
    for name, value in plain.details:
        assert value < 1e-9 if name == "psi_p_value" else value > 0.1
        assert dict(with_it.details)[name] == pytest.approx(value, rel=0.05, abs=1e-9)


def test_a_column_without_numbers_still_has_a_grid() -> None:
    scale = learn_scale([pd.DataFrame({"x": [np.nan, np.inf]})], "x")
    found = scale.sketch(pd.DataFrame({"x": [1.0, np.nan]}))

    assert isinstance(found, NumberSketch)
    assert usable(found) == 1


def test_memory_does_not_grow_with_the_rows() -> None:
    scale = learn_scale([pd.DataFrame({"x": RNG.normal(size=1000)})], "x")

    small, large = (scale.sketch(pd.DataFrame({"x": RNG.normal(size=rows)})) for rows in (100, 100_000))

    assert isinstance(scale, Scale)
    assert small.counts.nbytes == large.counts.nbytes < 5000


def test_rare_labels_that_a_small_reference_lacks_are_no_change() -> None:
    shares = 1.0 / np.arange(1.0, 51.0)
    names = np.array([f"level {code}" for code in range(50)])
    rng = np.random.default_rng(4)

    def p_value() -> float:
        before, now = (pd.DataFrame({"x": rng.choice(names, rows, p=shares / shares.sum())}) for rows in (300, 1000))
        scale = learn_scale([before], "x")
        return compare(scale.sketch(before), scale.sketch(now)).p_value

    assert np.mean([p_value() <= 0.05 for _ in range(150)]) <= 0.11
