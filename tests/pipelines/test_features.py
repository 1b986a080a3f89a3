from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from pipelines.dataset import FULL_HISTORY, LOOKBACK_MONTHS
from pipelines.features import CATEGORICAL, COLUMNS_READ, FEATURES, READ_BY_ALL, READS, SOURCES, build
from pipelines.watch import COLUMNS_USED, used_by

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
    assert set(SOURCES) == set(READS) == set(FEATURES)
    assert {name for name in features if isinstance(features[name].dtype, pd.CategoricalDtype)} == set(CATEGORICAL)
    assert not np.isinf(features.select_dtypes("number").to_numpy()).any()


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, name) for table, columns in COLUMNS_READ.items() for name in columns if name not in READ_BY_ALL],
)
def test_a_column_changes_just_the_features_that_are_said_to_read_it(
    small: "SmallWorld", table: str, column: str
) -> None:
    cutoff, tables = small.cutoff(10), small.tables
    rows = tables[table]
    shuffled = rows[column].to_numpy(copy=True)[np.random.default_rng(3).permutation(len(rows))]
    before = build(tables, cutoff)

    after = build({**tables, table: rows.assign(**{column: shuffled})}, cutoff)

    changed = {name for name in FEATURES if not before[name].equals(after[name])}
    assert changed == {name for name in FEATURES if SOURCES[name] == table and column in READS[name]}


def test_a_raw_column_weighs_what_the_features_weigh_that_read_it() -> None:
    used = used_by(dict.fromkeys(FEATURES, 0.0) | {"region": 0.003, "tenure_months": 0.06, "net_price": 0.1})

    assert used["customers"]["region"] == 0.003
    assert used["customers"]["event_at"] == pytest.approx(0.063)
    assert used["attribute_history"]["price_cents"] == used["attribute_history"]["discount_pct"] == 0.1
    assert set(used["usage"].values()) == {0.0}
    assert set(used["subscriptions"].values()) == {1.0}
    assert used["invoices"] == {}
    assert {name: tuple(columns) for name, columns in used.items() if columns} == COLUMNS_USED


def test_the_input_tables_are_left_as_they_were(small: "SmallWorld") -> None:
    tables = {name: rows.copy() for name, rows in small.tables.items()}

    build(tables, small.cutoff(8))

    for name, rows in small.tables.items():
        pd.testing.assert_frame_equal(tables[name], rows)


def test_history_tables_are_those_a_feed_keeps_whole() -> None:
    assert set(FULL_HISTORY) == {"customers", "attribute_history", "subscriptions"}
