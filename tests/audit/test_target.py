import numpy as np
import pandas as pd
import pytest

from pipelines.errors import LabError
from pipelines.user_tables.target import read_again, read_target


def column(*cells: object) -> pd.Series:
    return pd.Series(list(cells), name="y")


@pytest.mark.parametrize(
    ("cells", "ones"),
    [
        ((0, 1, 1), [0, 1, 1]),
        ((0.0, 1.0, 0.0), [0, 1, 0]),
        (("0", "1", "1"), [0, 1, 1]),
        (("0.0", "1.0", "1.0"), [0, 1, 1]),
        ((True, False, False), [1, 0, 0]),
        (("True", "false", "FALSE"), [1, 0, 0]),
        (("yes", "No", "no "), [1, 0, 0]),
        (("Y", "N", "Y"), [1, 0, 1]),
        (("Churned", "Stayed", "Churned"), [1, 0, 1]),
        (("Churner", "Non-churner", "Churner"), [1, 0, 1]),
        (("Attrited Customer", "Existing Customer", "Attrited Customer"), [1, 0, 1]),
        ((-1, 1, -1), [0, 1, 0]),
        ((1, 2, 2, 2), [1, 0, 0, 0]),
        (("red", "blue", "blue"), [1, 0, 0]),
    ],
)
def test_two_levels_become_one_and_nought(cells: tuple[object, ...], ones: list[int]) -> None:
    assert read_target(column(*cells)).cells.tolist() == ones


def test_plain_noughts_and_ones_need_no_word() -> None:
    assert read_target(column(0, 1)).note == ""


def test_the_note_says_which_level_is_the_outcome_and_why() -> None:
    assert (
        "Churned is the outcome (1), Stayed is not (0), by its meaning" in read_target(column("Churned", "Stayed")).note
    )
    assert "as the rarer level (check that)" in read_target(column("a", "b", "b")).note


def test_empty_cells_are_unknown_outcomes() -> None:
    found = read_target(column("yes", None, " ", "no"))

    assert np.isnan(found.cells).tolist() == [False, True, True, False]
    assert "2 empty cells count as unknown" in found.note


@pytest.mark.parametrize(
    ("cells", "listed"),
    [
        (("a", "b", "c", "c"), r"3 levels: c \(2\), a \(1\), b \(1\)"),
        ((1, 1), r"one level: 1 \(2\)"),
        ((None, None), "nothing: every cell is empty"),
        (tuple(range(50)), r"50 levels: .* and 42 more"),
    ],
)
def test_another_number_of_levels_is_refused_with_those_found(cells: tuple[object, ...], listed: str) -> None:
    with pytest.raises(LabError, match=rf"The target 'y' holds {listed}.*Allowed are two levels") as caught:
        read_target(column(*cells))

    assert "\n" not in str(caught.value)


def test_the_column_given_is_not_changed() -> None:
    given = column("yes", "no ", None)

    read_target(given)

    pd.testing.assert_series_equal(given, column("yes", "no ", None))


def test_another_table_is_read_by_the_levels_of_the_first() -> None:
    found = read_again(column("NO", "yes", "maybe", None), ("Yes", "no"))

    np.testing.assert_array_equal(found, [0.0, 1.0, np.nan, np.nan])
