"""Rows that tell about one another across the split."""

import numpy as np
import pandas as pd
import pytest

from pipelines.leaks.catalogue import LEAKS, leak
from pipelines.leaks.gap import Model, train
from pipelines.leaks.ground import KEYS, Ground
from pipelines.leaks.leak import RowLeak
from pipelines.leaks.luck import luck

ROWS = tuple(each for each in LEAKS if isinstance(each, RowLeak))
IDS = [each.name for each in ROWS]


def spread(name: str, table: pd.DataFrame, dose: float | None = None) -> pd.DataFrame:
    each = leak(name)
    assert isinstance(each, RowLeak)
    return each.contaminate(table, luck(3), dose)


@pytest.mark.parametrize("each", ROWS, ids=IDS)
def test_dose_0_changes_no_row_and_the_input_is_left_alone(each: RowLeak, ground: Ground) -> None:
    table, before = ground.table(), ground.table().copy()

    assert each.contaminate(table, luck(3), 0.0) is table
    again, once = (each.contaminate(table, luck(3)) for _ in range(2))

    pd.testing.assert_frame_equal(again, once)
    pd.testing.assert_frame_equal(table, before)
    assert list(once.columns) == list(table.columns)


def test_copies_of_test_rows_stand_in_training_under_new_customers(ground: Ground) -> None:
    table = ground.table()
    found = spread("copied_rows", table, 0.3)
    copies = found.iloc[len(table) :]
    features = [name for name in table if name not in KEYS]
    test = table[table["split"] == "test"]

    assert len(copies) / len(test) == pytest.approx(0.3, abs=0.02)
    assert (copies["split"] == "train").all()
    assert not copies["customer_id"].isin(table["customer_id"]).any()
    assert copies["cutoff"].isin(table.loc[table["split"] == "train", "cutoff"]).all()
    assert set(pd.util.hash_pandas_object(copies[[*features, "churned"]], index=False)) <= set(
        pd.util.hash_pandas_object(test[[*features, "churned"]], index=False)
    )


def test_a_split_by_lot_puts_customers_on_both_sides_and_keeps_its_proportion(ground: Ground) -> None:
    table = ground.table()
    found = spread("shared_customers", table)
    sides = found.groupby("customer_id")["split"].nunique()

    assert (found["split"] == "test").mean() == pytest.approx((table["split"] == "test").mean(), abs=0.01)
    assert (sides == 2).mean() > 0.5
    assert found.loc[found["split"] == "test", "cutoff"].nunique() == table["cutoff"].nunique()


def test_copies_of_a_leaver_stand_on_both_sides(ground: Ground) -> None:
    table = ground.table()
    found = spread("resampled_first", table, 5.0)
    leavers = found[found["churned"] == 1.0]
    sides = leavers.groupby(["customer_id", "cutoff"])["split"].nunique()

    assert len(leavers) == 6 * (table["churned"] == 1.0).sum()
    assert len(found) - len(leavers) == (table["churned"] == 0.0).sum()
    assert (sides == 2).mean() > 0.5


def test_a_sorted_file_gives_the_label_away_by_position_and_holds_the_same_rows(ground: Ground) -> None:
    table = ground.table()
    found = spread("sorted_file", table)
    test = found.loc[found["split"] == "test", "churned"].to_numpy()

    assert np.all(np.diff(test) >= 0.0)
    assert sorted(found["customer_id"]) == sorted(table["customer_id"])
    assert (found.groupby("customer_id")["churned"].sum() == table.groupby("customer_id")["churned"].sum()).all()


@pytest.mark.parametrize("each", [each for each in ROWS if each.tier == "plain"], ids=lambda each: each.name)
def test_contaminated_rows_lift_the_offline_score(each: RowLeak, ground: Ground, base: Model) -> None:
    model = train(each.contaminate(ground.table(), luck(3)), seed=7)

    assert model.offline.value >= base.offline.value + 0.01
