from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pipelines.dataset import FULL_HISTORY, LOOKBACK_MONTHS
from pipelines.features import CATEGORICAL, FEATURES, SOURCES, build

if TYPE_CHECKING:
    from conftest import SmallWorld


@pytest.mark.parametrize("month", [5, 9, 14])
def test_rows_that_arrive_after_the_cutoff_change_no_feature(small: "SmallWorld", month: int) -> None:
    cutoff = small.cutoff(month)
    cut = {name: rows[rows["available_at"] < cutoff] for name, rows in small.tables.items()}

    pd.testing.assert_frame_equal(build(small.tables, cutoff), build(cut, cutoff))


def test_a_late_row_counts_only_once_it_has_arrived(small: "SmallWorld") -> None:
    cutoff = small.cutoff(9)
    before = build(small.tables, cutoff)
    customer = int(before.index[0])
    late = (
        small.tables["tickets"]
        .head(1)
        .assign(
            customer_id=customer,
            event="opened",
            event_at=cutoff - pd.Timedelta(days=10),
            available_at=cutoff + pd.Timedelta(days=1),
        )
    )
    tables = {**small.tables, "tickets": pd.concat([small.tables["tickets"], late], ignore_index=True)}

    unseen = build(tables, cutoff).loc[customer, "tickets_90d"]
    arrived = tables["tickets"].assign(available_at=tables["tickets"]["event_at"])
    seen = build({**tables, "tickets": arrived}, cutoff).loc[customer, "tickets_90d"]

    assert unseen == before.loc[customer, "tickets_90d"]
    assert seen == unseen + 1


def test_the_months_a_feed_keeps_suffice_for_every_window(small: "SmallWorld") -> None:
    month = 12

    assert month > LOOKBACK_MONTHS
    pd.testing.assert_frame_equal(
        build(small.feed.before(month), small.cutoff(month)), build(small.tables, small.cutoff(month))
    )


def test_every_customer_at_risk_is_described_once(small: "SmallWorld") -> None:
    month = 10
    features = build(small.tables, small.cutoff(month))

    assert features.index.is_unique
    assert small.truth(month).index.isin(features.index).all()


def test_customers_known_to_have_left_are_not_described(small: "SmallWorld") -> None:
    cutoff = small.cutoff(10)
    events = small.tables["subscriptions"]
    gone = events[(events["event"] == "end") & (events["available_at"] < cutoff)]["customer_id"]

    assert len(gone) > 0
    assert not build(small.tables, cutoff).index.isin(gone).any()


def test_usage_features_equal_a_count_by_hand(small: "SmallWorld") -> None:
    cutoff = small.cutoff(10)
    features = build(small.tables, cutoff)
    usage = small.tables["usage"]
    customer = int(features.index[features["weekly_sessions_4w"].argmax()])
    mine = usage[(usage["customer_id"] == customer) & (usage["available_at"] < cutoff)]
    last = mine[mine["event_at"] > cutoff - pd.Timedelta(days=28)]

    assert features.loc[customer, "weekly_sessions_4w"] == last["sessions"].sum() / 4
    assert features.loc[customer, "minutes_per_session_4w"] == pytest.approx(
        last["active_minutes"].sum() / last["sessions"].sum(), rel=1e-6
    )


def test_the_features_are_those_that_are_documented(small: "SmallWorld") -> None:
    features = build(small.tables, small.cutoff(8))

    assert tuple(features.columns) == FEATURES
    assert set(SOURCES) == set(FEATURES)
    assert {name for name in features if isinstance(features[name].dtype, pd.CategoricalDtype)} == set(CATEGORICAL)
    assert not np.isinf(features.select_dtypes("number").to_numpy()).any()


def test_the_input_tables_are_left_as_they_were(small: "SmallWorld") -> None:
    tables = {name: rows.copy() for name, rows in small.tables.items()}

    build(tables, small.cutoff(8))

    for name, rows in small.tables.items():
        pd.testing.assert_frame_equal(tables[name], rows)


def test_history_tables_are_those_a_feed_keeps_whole() -> None:
    assert set(FULL_HISTORY) == {"customers", "attribute_history", "subscriptions"}
