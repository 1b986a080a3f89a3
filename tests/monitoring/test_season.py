import numpy as np
import pytest

from monitoring.errors import MonitorError
from monitoring.months import index_of, name_of
from monitoring.season import fit

START = index_of("2022-01")


def months(count: int, start: int = START) -> list[str]:
    return [name_of(start + step) for step in range(count)]


def swing(month: str) -> float:
    return 10.0 + 2.0 * np.sin(2 * np.pi * index_of(month) / 12)


def test_a_yearly_swing_seen_twice_is_expected_the_third_time() -> None:
    season = fit({month: swing(month) for month in months(24)})

    missed = [abs(season.expected(month) - swing(month)) for month in months(12, START + 24)]

    assert max(missed) < 0.25


def test_the_swing_passes_and_a_level_shift_does_not() -> None:
    rng = np.random.default_rng(1)
    season = fit({month: swing(month) + rng.normal(0, 0.1) for month in months(36)})

    for month in months(12, START + 36):
        low, high = season.band(month, widths=4.0)
        assert low <= swing(month) <= high
        assert not low <= swing(month) + 4.0 <= high


def test_with_few_months_only_a_level_is_learnt() -> None:
    season = fit({month: 5.0 + step for step, month in enumerate(months(4))})

    assert season.expected("2030-07") == pytest.approx(6.5, abs=1e-3)


def test_the_band_widens_far_from_the_reference() -> None:
    season = fit({month: swing(month) + step * 0.05 for step, month in enumerate(months(24))})

    near, far = (season.band(month, widths=3.0) for month in ("2024-06", "2029-06"))

    assert far[1] - far[0] > near[1] - near[0]


def test_good_months_pass_about_as_often_as_the_widths_say() -> None:
    outside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        season = fit({month: swing(month) + rng.normal(0, 0.3) for month in months(24)})
        month = name_of(START + 24 + seed % 12)
        low, high = season.band(month, widths=3.0)
        outside += not low <= swing(month) + rng.normal(0, 0.3) <= high

    assert outside <= 4


def test_months_without_data_are_refused() -> None:
    with pytest.raises(MonitorError, match="No finite reference value"):
        fit({"2024-01": float("nan")})
