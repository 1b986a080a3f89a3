import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring.leakage.compare.alike import Form, alike, same_keys
from monitoring.leakage.compare.pairs import pair_of


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        pytest.param([1.0, 2.0], [1.0 + 1e-9, 2.1], [False, True], id="float noise"),
        pytest.param([0.123456, 5.0, 9.0], [0.12, 5.0, 9.0], [False] * 3, id="rounded on one side"),
        pytest.param([0.1, 0.2, 0.9], [0.0, 0.0, 1.0], [True] * 3, id="rounded away"),
        pytest.param([1, 2, None], ["1", "2.0", "NULL"], [False] * 3, id="numbers as text"),
        pytest.param([True, False], ["yes", "no"], [False] * 2, id="flags as words"),
        pytest.param([None, 1.0], [0.0, 1.0], [True, False], id="missing on one side"),
        pytest.param(["a ", None, "c"], ["a", "", "C"], [False, False, True], id="text"),
        pytest.param([[1], [2]], [[1], [3]], [False, True], id="lists"),
        pytest.param([np.inf, 1.0], [None, 1.0], [False, False], id="infinite is missing"),
        pytest.param([None, None], [None, None], [False, False], id="nothing at all"),
    ],
)
def test_cells_are_compared_by_what_they_say(left: list[object], right: list[object], differs: list[bool]) -> None:
    assert pair_of(pd.Series(left), pd.Series(right)).differs.tolist() == differs


def test_times_are_compared_to_the_second_or_to_the_day() -> None:
    times = pd.Series(pd.to_datetime(["2024-01-01 10:00", "2024-01-02 11:00"]))

    assert not pair_of(times, times.astype("str")).differs.any()
    assert not pair_of(times, times.dt.strftime("%Y-%m-%d")).differs.any()
    assert not pair_of(times, times.dt.tz_localize("UTC")).differs.any()
    assert pair_of(times, times + pd.Timedelta(minutes=5)).differs.all()
    assert pair_of(times, times).form is Form.TIME


def test_categories_compare_as_text() -> None:
    left = pd.Series(["a", "b", None], dtype="category")

    assert pair_of(left, left.astype("str").where(left.notna())).share == 0.0


def test_columns_of_other_lengths_are_no_pair() -> None:
    with pytest.raises(ValueError, match="2 and 1 rows have no pairs"):
        pair_of(pd.Series([1, 2]), pd.Series([1]))


def test_keys_of_other_types_are_the_same_where_the_cells_are() -> None:
    ours, theirs = same_keys(pd.Series([7, 8, 9]), pd.Series(["9", "7.0", None]))

    assert ours.tolist()[0] == theirs.tolist()[1]
    assert ours.tolist()[2] == theirs.tolist()[0]
    assert theirs.tolist()[2] == -1


CELLS = st.one_of(
    *(st.none(), st.floats(), st.text(max_size=3), st.integers(-5, 5), st.booleans(), st.datetimes()),
    *(st.integers(), st.sampled_from([1.7e308, -1.7e308, 5e-324, 2.0**53, "1e999", "NULL", "12,5", "2024-02-30"])),
)
"""Whatever people keep in a column of a table."""


@given(st.lists(CELLS, max_size=12))
@example([1.797693134862316e307, 0.5])
@example([1e308, -1e308, 0.25])
def test_a_column_never_differs_from_itself(cells: list[object]) -> None:
    column = pd.Series(cells, dtype=object)

    assert not pair_of(column, column).differs.any()


@given(st.lists(st.tuples(CELLS, CELLS), max_size=12))
@example([(1.7e308, -1.7e308), (0.25, 0.25)])
@example([(1.7e308, 1.0), (1.7e308, 2.0), (-1.7e308, 0.5), (-1.7e308, 3.0), (-1.7e308, 4.0)])
def test_no_side_of_a_pair_is_the_measure_of_the_other(cells: list[tuple[object, object]]) -> None:
    left, right = (pd.Series([pair[side] for pair in cells], dtype=object) for side in (0, 1))

    assert pair_of(left, right).differs.tolist() == pair_of(right, left).differs.tolist()


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1), st.lists(st.sampled_from(["a", "b", "c"]), min_size=1))
def test_text_keeps_its_levels(left: list[str], right: list[str]) -> None:
    read = alike(pd.Series(left), pd.Series(right))

    assert [read.levels[int(place)] for place in read.left] == left
    assert [read.levels[int(place)] for place in read.right] == right
