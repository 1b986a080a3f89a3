"""The second code path: silent at dose 0, confined to its columns, different in the way it says."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import LabError
from pipelines.leaks.catalogue import LEAKS, leak, planted
from pipelines.leaks.definition import values
from pipelines.leaks.gap import Model, differs, gap_of, request
from pipelines.leaks.ground import Ground
from pipelines.leaks.leak import ServingSkew
from pipelines.leaks.luck import luck

SKEWS = tuple(each for each in LEAKS if isinstance(each, ServingSkew))
IDS = [each.name for each in SKEWS]
MONTH, SEED = 18, 7


def sent(name: str, ground: Ground, dose: float | None = None) -> pd.DataFrame:
    each = leak(name)
    assert isinstance(each, ServingSkew)
    return each.online(ground.honest(MONTH), request(planted(name, dose=dose), ground, MONTH, seed=SEED))


def wrong(name: str, column: str, ground: Ground, dose: float | None = None) -> float:
    return float(differs(ground.honest(MONTH)[column], sent(name, ground, dose)[column]).mean())


@pytest.mark.parametrize("each", SKEWS, ids=IDS)
def test_dose_0_is_silent(each: ServingSkew, ground: Ground) -> None:
    assert sent(each.name, ground, 0.0) is ground.honest(MONTH)


@pytest.mark.parametrize("each", SKEWS, ids=IDS)
def test_a_skew_damages_its_columns_and_no_other(each: ServingSkew, ground: Ground) -> None:
    honest, before = ground.honest(MONTH), ground.honest(MONTH).copy()
    online = sent(each.name, ground)
    hit = {name for name in honest if differs(honest[name], online[name]).any()}

    assert hit
    assert hit <= set(each.columns)
    assert list(online.columns) == list(honest.columns)
    assert online.index.equals(honest.index)
    pd.testing.assert_frame_equal(honest, before)


def test_offline_and_the_honest_job_agree_on_the_same_knowledge(ground: Ground) -> None:
    month = 12
    offline = values(ground.definitions, ground.stored, ground.start(month), ground.customers(month))

    pd.testing.assert_frame_equal(offline, ground.honest(month))


@cache
def touched_shares() -> dict[
    str, tuple[str, Callable[[pd.DataFrame, Ground], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]]
]:
    """Who must differ in which column."""
    return {
        "seconds": (
            "minutes_per_session",
            lambda f, g: ((f["platform"] == "app") & f["minutes_per_session"].gt(0.0)).to_numpy(),
        ),
        "price_unit": ("list_price", lambda f, g: f["list_price"].notna().to_numpy()),
        "zero_for_missing": ("contract_days_left", lambda f, g: f["contract_days_left"].isna().to_numpy()),
        "key_cut": (
            "usage_weeks_84d",
            lambda f, g: (luck(SEED)(f.index) < leak("key_cut").dose) & (f.index.to_numpy() >= 10**9),
        ),
        "shouted_text": ("channel", lambda f, g: np.ones(len(f), dtype=np.bool_)),
        "frozen_age": ("tenure_days", lambda f, g: np.ones(len(f), dtype=np.bool_)),
    }


@pytest.mark.parametrize("name", list(touched_shares()))
def test_a_skew_hits_exactly_whom_it_says(name: str, ground: Ground) -> None:
    column, who = touched_shares()[name]
    honest = ground.honest(MONTH)

    mask = differs(honest[column], sent(name, ground)[column])

    assert (mask == who(honest, ground)).all()
    assert mask.any()


def test_seconds_are_sixty_times_minutes(ground: Ground) -> None:
    honest, online = ground.honest(MONTH), sent("seconds", ground)
    app = (honest["platform"] == "app").to_numpy()

    ratio = (online["minutes_per_session"] / honest["minutes_per_session"])[app].dropna()

    np.testing.assert_allclose(ratio, 60.0)


def test_a_stale_store_serves_what_was_true_weeks_ago(ground: Ground) -> None:
    age = (ground.start(MONTH) - ground.start(MONTH - 1)).days
    both = ground.customers(MONTH).intersection(ground.customers(MONTH - 1))

    online = sent("stale_store", ground, float(age))

    for name in ("sessions_28d", "days_since_use", "features_used"):
        assert not differs(online.loc[both, name], ground.honest(MONTH - 1).loc[both, name]).any()


def test_a_frozen_age_is_that_of_the_deployment_and_missing_for_newcomers(ground: Ground) -> None:
    online, honest = sent("frozen_age", ground)["tenure_days"], ground.honest(MONTH)["tenure_days"]
    days = (ground.start(MONTH) - ground.start(ground.timeline.deployed)).days
    old = honest > days + 5.0

    np.testing.assert_allclose(honest[old] - online[old], days)
    assert online[honest < days].isna().all()


def test_nothing_is_frozen_at_the_deployment_itself(ground: Ground) -> None:
    each = leak("frozen_age")
    assert isinstance(each, ServingSkew)
    at_deployment = replace(request(planted("frozen_age"), ground, MONTH, seed=SEED), deployed=ground.start(MONTH))

    assert each.online(ground.honest(MONTH), at_deployment) is ground.honest(MONTH)


def test_days_not_loaded_are_missing_from_the_recent_window_alone(ground: Ground) -> None:
    honest, online = ground.honest(MONTH), sent("last_days_missing", ground)

    assert (online["sessions_28d"] <= honest["sessions_28d"]).all()
    assert online["sessions_28d"].sum() < 0.8 * honest["sessions_28d"].sum()


def test_time_outs_hit_their_share_and_others_every_month(ground: Ground) -> None:
    each = leak("timeouts")
    assert isinstance(each, ServingSkew)
    hit = {}
    for month in (MONTH, MONTH + 1):
        honest = ground.honest(month)
        online = each.online(honest, request(planted("timeouts"), ground, month, seed=SEED))
        used = honest.index[honest["usage_weeks_84d"] > 0.0]
        hit[month] = used[(online.loc[used, list(each.columns)] == 0.0).all(axis=1).to_numpy()]
        assert len(hit[month]) / len(used) == pytest.approx(each.dose, abs=0.02)

    assert len(hit[MONTH].intersection(hit[MONTH + 1])) < 0.3 * len(hit[MONTH])


def test_repeated_deliveries_raise_counts_by_their_share(ground: Ground) -> None:
    honest, online = ground.honest(MONTH), sent("doubled_events", ground, 0.25)

    assert online["usage_weeks_84d"].sum() / honest["usage_weeks_84d"].sum() == pytest.approx(1.25, abs=0.01)
    assert wrong("doubled_events", "days_since_use", ground) == 0.0


def test_swapped_columns_hold_each_other(ground: Ground) -> None:
    each = leak("swapped_columns")
    assert isinstance(each, ServingSkew)
    first, second = each.columns
    honest, online = ground.honest(MONTH), sent("swapped_columns", ground)

    np.testing.assert_array_equal(online[first], honest[second])
    np.testing.assert_array_equal(online[second], honest[first])


def test_codes_of_a_batch_rename_levels_one_to_one(ground: Ground) -> None:
    honest, online = ground.honest(MONTH)["contract"], sent("codes_per_batch", ground)["contract"]

    assert set(online.dropna()) == set(honest.dropna())
    assert pd.crosstab(honest, online).gt(0).sum().tolist() == [1, 1]


def test_columns_may_have_other_names_in_the_frame(ground: Ground) -> None:
    each = leak("price_unit")
    assert isinstance(each, ServingSkew)
    frame = ground.honest(MONTH).rename(columns={"list_price": "fee"})
    asked = replace(request(planted("price_unit"), ground, MONTH, seed=SEED), columns=("fee",))

    np.testing.assert_allclose(each.online(frame, asked)["fee"] * 100.0, frame["fee"])


def test_an_excessive_dose_is_refused() -> None:
    with pytest.raises(LabError, match="allowed is 0 to 93"):
        planted("stale_store", dose=100.0)


@pytest.mark.parametrize("each", SKEWS, ids=IDS)
def test_a_skew_hurts_or_not_as_declared(each: ServingSkew, ground: Ground, base: Model) -> None:
    found = gap_of(planted(each.name), ground, seed=SEED, base=base)
    now, before = found.leaky.production[0], found.honest.production[0]
    moved = max(abs(now.flagged / before.flagged - 1.0), abs(now.mean_score / before.mean_score - 1.0))

    assert found.leaky.offline == found.honest.offline
    assert (moved < 0.1 and found.loss < 0.01) if each.moves == "nothing" else (moved >= 0.1 or found.loss >= 0.01)
