import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.errors import MonitorError
from monitoring.performance.cusum import Cusum, cusum, limit_for, run_length


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


def test_a_chart_is_back_soon_after_a_repair() -> None:
    trouble = {f"2025-{month:02d}": 4.0 for month in range(1, 9)}

    assert cusum(trouble, limit=3.0).value == 6.0
    assert cusum({**trouble, "2025-09": -1.0, "2025-10": -1.5, "2025-11": -1.0}, limit=3.0).value < 3.0


def test_the_run_length_is_that_of_the_tables() -> None:
    """One-sided average run lengths at allowance 1/2 from Brook & Evans 1972 and later tables."""
    assert run_length(4.0) == pytest.approx(335.4, rel=0.002)
    assert run_length(5.0) == pytest.approx(930.9, rel=0.003)
    assert run_length(4.0, shift=1.0) == pytest.approx(8.38, abs=0.02)
    assert run_length(5.0, shift=0.5) == pytest.approx(38.0, abs=0.2)


@pytest.mark.parametrize(
    ("months", "shift", "delay"),
    [(60, 0.5, 11.9), (60, 1.0, 5.20), (60, 2.0, 2.02), (60, 3.0, 1.23), (120, 1.0, 6.44), (260, 2.0, 2.74)],
)
def test_the_best_delay_at_a_false_alarm_rate_is_the_known_one(months: float, shift: float, delay: float) -> None:
    """The CUSUM tuned to the change, which no other rule beats (Moustakides 1986)."""
    limit = limit_for(months, allowance=shift / 2.0)

    assert run_length(limit, allowance=shift / 2.0, shift=shift) == pytest.approx(delay, abs=0.06)


@pytest.mark.parametrize("months", [20.0, 60.0, 180.0])
def test_false_alarms_come_as_rarely_as_asked(months: float) -> None:
    rng, limit = np.random.default_rng(6), limit_for(months)
    sums, waited, done = np.zeros(3000), np.zeros(3000), np.zeros(3000, dtype=bool)
    for _ in range(int(12 * months)):
        sums = np.maximum(0.0, sums + rng.normal(size=3000) - 0.5)
        waited += ~done
        done |= sums > limit

    assert waited.mean() == pytest.approx(months, rel=0.06)


@given(st.floats(5.0, 1e6))
def test_limits_and_run_lengths_are_inverse(months: float) -> None:
    assert run_length(limit_for(months)) == pytest.approx(months, rel=1e-4)


def test_what_cannot_be_promised_is_refused() -> None:
    with pytest.raises(MonitorError, match="One false alarm in 1 months cannot be reached"):
        limit_for(1)
