"""What a leak does to a model: how loud it is offline, and what is left of it in production."""

import numpy as np
import pytest

from pipelines.leaks.catalogue import LEAKS, planted
from pipelines.leaks.gap import Model, gap_of, honest_frames, read, train, with_column
from pipelines.leaks.ground import Ground
from pipelines.leaks.leak import ColumnLeak

SEED = 7
LOUD = tuple(each for each in LEAKS if isinstance(each, ColumnLeak) and each.tier != "subtle")
SUBTLE = tuple(each for each in LEAKS if isinstance(each, ColumnLeak) and each.tier == "subtle")
SUBTLE_AT_MOST = 0.02
"""Offline lift of a subtle leak on a world of this size: below .01 and two thirds of a standard error."""


def lift(each: ColumnLeak, ground: Ground, base: Model) -> float:
    model = train(with_column(each.leaky(each.names[0]), ground, twin=each.twin), seed=SEED)
    return model.offline.value - base.offline.value


@pytest.mark.parametrize("each", LOUD, ids=lambda each: each.name)
def test_a_plain_leak_lifts_the_offline_score(each: ColumnLeak, ground: Ground, base: Model) -> None:
    found = lift(each, ground, base)

    assert found >= 0.01
    assert (base.offline.value + found > 0.95) == (each.tier == "blatant")


@pytest.mark.parametrize("each", SUBTLE, ids=lambda each: each.name)
def test_a_subtle_leak_hardly_lifts_it(each: ColumnLeak, ground: Ground, base: Model) -> None:
    assert abs(lift(each, ground, base)) < SUBTLE_AT_MOST


@pytest.mark.parametrize("name", ["requests_through", "usage_through"])
def test_what_the_leak_lifted_offline_is_not_there_in_production(name: str, ground: Ground) -> None:
    found = gap_of(planted(name), ground, seed=SEED)

    assert found.inflation > 0.01
    assert found.loss > 0.0
    assert found.caused == pytest.approx(found.inflation + found.loss)
    assert found.leaky.gap > found.honest.gap + 0.01


@pytest.mark.parametrize("name", ["copied_rows", "stale_store"])
def test_dose_0_opens_no_gap(name: str, ground: Ground, base: Model) -> None:
    found = gap_of(planted(name, dose=0.0), ground, seed=SEED, base=base)

    assert found.touched == 0.0
    assert found.caused == 0.0


def test_expected_production_agrees_with_the_outcomes_that_luck_gave(ground: Ground, base: Model) -> None:
    reading = read(base, honest_frames(ground), ground)
    error = np.sqrt(np.mean([month.realised.error**2 for month in reading.production]) / len(reading.production))

    assert abs(reading.expected - reading.realised) < 3.0 * error
    assert abs(reading.gap) < 4.0 * error


def test_the_same_seed_gives_the_same_gap(ground: Ground, base: Model) -> None:
    first, second = (gap_of(planted("timeouts"), ground, seed=SEED, base=base) for _ in range(2))

    assert first == second
