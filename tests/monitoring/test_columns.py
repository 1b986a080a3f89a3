import numpy as np
import pandas as pd
import pytest

from monitoring.columns import Kind, as_labels, as_numbers, as_times, first_of, kind_of

SPARSE = pd.Series(5_000_000 + np.random.default_rng(0).permutation(1_000_000)[:200])
"""Whole numbers that are all distinct, in no order and far apart: money in cents, or identifiers, by their name."""


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pd.Series([1.5, 2.5]), Kind.NUMBER),
        (pd.Series([1, 2, 2], dtype="Int64"), Kind.NUMBER),
        (pd.Series([True, False]), Kind.FLAG),
        (pd.Series(pd.to_datetime(["2024-01-01"])), Kind.TIME),
        (pd.Series(["a", "b", "a"]), Kind.CATEGORY),
        (pd.Series(["a", "b"], dtype="category"), Kind.CATEGORY),
        (pd.Series(np.arange(100)), Kind.IDENTIFIER),
        (pd.Series([3, 3, 4], name="plan_id"), Kind.IDENTIFIER),
        (pd.Series(7_000 + np.random.default_rng(0).permutation(150)[:100]), Kind.IDENTIFIER),
        (pd.Series(np.arange(100) ** 3), Kind.IDENTIFIER),
        (SPARSE.rename("customerID"), Kind.IDENTIFIER),
        (SPARSE.rename("order no"), Kind.IDENTIFIER),
        (SPARSE.rename("income_cents"), Kind.NUMBER),
        (SPARSE.rename("paid"), Kind.NUMBER),
        (pd.Series([f"c{i}" for i in range(100)]), Kind.IDENTIFIER),
    ],
)
def test_a_column_is_known_by_its_type_and_values(column: pd.Series, kind: Kind) -> None:
    assert kind_of(column) is kind


@pytest.mark.parametrize(
    ("column", "usable", "text", "infinite"),
    [
        (pd.Series([1.0, np.nan, np.inf, -np.inf]), [1.0], 0, 2),
        (pd.Series([1, None, 3], dtype="Int64"), [1.0, 3.0], 0, 0),
        (pd.Series([1.0, "x", "2", None], dtype=object), [1.0, 2.0], 2, 0),
        (pd.Series(["1.5", "2.5"]), [1.5, 2.5], 2, 0),
        (pd.Series([True, False]), [1.0, 0.0], 0, 0),
        (pd.Series([[1], {"a": 1}, 2.0], dtype=object), [2.0], 2, 0),
        (pd.Series([None, None], dtype=object), [], 0, 0),
        (pd.Series([], dtype=float), [], 0, 0),
        (pd.Series(["1", "2"], dtype="category"), [1.0, 2.0], 2, 0),
    ],
)
def test_any_column_can_be_read_as_numbers(column: pd.Series, usable: list[float], text: int, infinite: int) -> None:
    read = as_numbers(column)

    assert read.usable.tolist() == usable
    assert (read.text, read.infinite, len(read.cells)) == (text, infinite, len(column))


def test_reading_does_not_change_the_column() -> None:
    column = pd.Series([1.0, np.inf, None])
    before = column.copy()

    as_numbers(column)

    pd.testing.assert_series_equal(column, before)


def test_labels_are_counted_as_text_and_empty_cells_apart() -> None:
    assert as_labels(pd.Series(["b", None, "a", "b"])) == ({"a": 1, "b": 2}, 1)
    assert as_labels(pd.Series([[1], [1], None], dtype=object)) == ({"[1]": 2}, 1)
    assert as_labels(pd.Series(["a"], dtype=pd.CategoricalDtype(["a", "unused"]))) == ({"a": 1}, 0)


def test_times_of_any_form_become_times_without_zone() -> None:
    times = as_times(pd.Series(["2024-01-01T01:00:00+01:00", "rubbish", None], dtype=object))

    assert times[0] == pd.Timestamp("2024-01-01")
    assert times.isna().tolist() == [False, True, True]


def test_of_two_columns_with_one_name_the_first_is_read() -> None:
    table = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"])

    assert first_of(table, "a").tolist() == [1]
    assert first_of(table[["a", "a", "b"]], "a").tolist() == [1]
