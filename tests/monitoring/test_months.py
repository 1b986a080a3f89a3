import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.errors import MonitorError
from monitoring.months import calendar_month, end_of, index_of, name_of


@given(st.integers(min_value=12 * 1900, max_value=12 * 2200))
def test_names_and_indices_are_inverse(index: int) -> None:
    assert index_of(name_of(index)) == index


def test_december_ends_in_the_next_year() -> None:
    assert end_of("2024-12") == pd.Timestamp("2025-01-01")
    assert calendar_month("2024-12") == 11


@pytest.mark.parametrize("wrong", ["2024-13", "2024-1", "24-01", "2024-01-01", ""])
def test_what_is_no_month_is_refused_by_name(wrong: str) -> None:
    with pytest.raises(MonitorError, match=f'"{wrong}" is not a month'):
        index_of(wrong)
