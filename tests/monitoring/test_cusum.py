import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.errors import MonitorError
from monitoring.performance.cusum import Cusum, limit_for, run_length


@given(st.lists(st.floats(-5, 5), max_size=30))
def test_the_sum_follows_pages_recursion(residuals: list[float]) -> None:
    chart, by_hand = Cusum(), 0.0
    for month, residual in enumerate(residuals):
        chart, by_hand = chart.step(str(month), residual), max(0.0, by_hand + residual - 0.5)

        assert chart.value == pytest.approx(by_hand)
        assert (chart.since is None) is (chart.value == 0.0)


def test_the_start_of_a_run_is_the_month_it_left_zero() -> None:
    chart = Cusum()
    for month, residual in (("1", 1.0), ("2", -3.0), ("3", 2.0), ("4", 1.0)):
        chart = chart.step(month, residual)

    assert (chart.value, chart.since) == (2.0, "3")


def test_the_sum_stops_at_its_cap() -> None:
    assert Cusum().step("1", 100.0, cap=7.0).value == 7.0


def test_the_run_length_is_the_exact_one_within_a_few_per_cent() -> None:
    """One-sided average run lengths at allowance 1/2 from Brook & Evans 1972 and later tables."""
    assert run_length(4.0) == pytest.approx(336, rel=0.02)
    assert run_length(5.0) == pytest.approx(930, rel=0.02)


@pytest.mark.parametrize("months", [20.0, 60.0, 180.0])
def test_false_alarms_come_as_rarely_as_asked(months: float) -> None:
    rng, limit = np.random.default_rng(6), limit_for(months)
    sums, waited, done = np.zeros(3000), np.zeros(3000), np.zeros(3000, dtype=bool)
    for _ in range(int(12 * months)):
        sums = np.maximum(0.0, sums + rng.normal(size=3000) - 0.5)
        waited += ~done
        done |= sums > limit

    assert waited.mean() == pytest.approx(months, rel=0.1)


@given(st.floats(5.0, 1e6))
def test_limits_and_run_lengths_are_inverse(months: float) -> None:
    assert run_length(limit_for(months)) == pytest.approx(months, rel=1e-6)


def test_what_cannot_be_promised_is_refused() -> None:
    with pytest.raises(MonitorError, match="One false alarm in 1 months cannot be reached"):
        limit_for(1)


def test_a_chart_survives_json() -> None:
    chart = Cusum(value=math.pi, since="2025-03")

    assert Cusum.from_plain(chart.to_plain()) == chart
