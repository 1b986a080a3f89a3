"""The feature engine, against values worked out by hand and against the pipeline's own features."""

import ast
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from pipelines.features import build
from pipelines.leaks import definition
from pipelines.leaks.catalogue import LEAKS
from pipelines.leaks.definition import Definition, from_plain, to_plain, value, values
from pipelines.leaks.ground import Ground
from pipelines.leaks.honest import POOL
from pipelines.leaks.leak import ColumnLeak

CUTOFF = pd.Timestamp("2024-03-01")
CUSTOMERS = pd.Index([1, 2, 3], name="customer_id")


def day(number: float) -> pd.Timestamp:
    return CUTOFF + pd.Timedelta(days=number)


CALLS = pd.DataFrame(
    {
        "customer_id": [1, 1, 1, 2, 2, 9],
        "event_at": [day(-40), day(-10), day(3), day(-2), day(0), day(-1)],
        "available_at": [day(-39), day(-9), day(4), day(1), day(1), day(-1)],
        "kind": pd.Categorical(["a", "b", "a", "b", "b", "a"]),
        "minutes": [4.0, np.nan, 8.0, 2.0, 6.0, 1.0],
        "fee": [2.0, 1.0, 4.0, 1.0, 2.0, 1.0],
        "ends_at": [day(5), day(9), day(-1), pd.NaT, day(7), day(2)],
    }
)
TABLES = {"calls": CALLS}
HAND_MADE: tuple[tuple[dict[str, Any], list[float]], ...] = (
    ({"measure": "count"}, [2, 0, 0]),
    ({"measure": "count", "known": "warehouse"}, [2, 1, 0]),
    ({"measure": "count", "known": "warehouse", "ahead_days": 3}, [2, 2, 0]),
    ({"measure": "count", "known": "warehouse", "ahead_days": 3.5}, [3, 2, 0]),
    ({"measure": "count", "back_days": 10}, [1, 0, 0]),
    ({"measure": "count", "back_days": 50, "ahead_days": -20}, [1, 0, 0]),
    ({"measure": "count", "where": {"kind": ["b"]}}, [1, 0, 0]),
    ({"measure": "count", "at": "ends_at", "back_days": 0, "ahead_days": 6}, [1, 0, 0]),
    ({"measure": "sum", "column": "minutes", "known": "warehouse"}, [4, 2, 0]),
    ({"measure": "mean", "column": "minutes", "known": "warehouse", "ahead_days": 9}, [6, 4, np.nan]),
    ({"measure": "ratio", "column": "minutes", "by": "fee", "known": "warehouse"}, [4 / 3, 2, np.nan]),
    ({"measure": "share", "where": {"kind": ["a"]}, "known": "warehouse", "ahead_days": 9}, [2 / 3, 0, np.nan]),
    ({"measure": "distinct", "column": "kind", "known": "warehouse", "ahead_days": 9}, [2, 1, 0]),
    ({"measure": "attribute", "column": "minutes"}, [np.nan, np.nan, np.nan]),
    ({"measure": "last", "column": "minutes"}, [4, np.nan, np.nan]),
    ({"measure": "last", "column": "minutes", "known": "warehouse", "ahead_days": 9}, [8, 6, np.nan]),
    ({"measure": "nearest", "column": "minutes", "known": "warehouse", "ahead_days": 9}, [4, 2, np.nan]),
    (
        {"measure": "nearest", "column": "minutes", "back_days": 5, "known": "warehouse", "ahead_days": 9},
        [8, 2, np.nan],
    ),
    ({"measure": "days_until", "column": "ends_at"}, [9, np.nan, np.nan]),
    ({"measure": "days_since_last"}, [10, np.nan, np.nan]),
    ({"measure": "days_since_last", "known": "warehouse", "ahead_days": 9}, [-3, 0, np.nan]),
    ({"measure": "days_since_first", "known": "warehouse"}, [40, 2, np.nan]),
)


@pytest.mark.parametrize(("line", "expected"), HAND_MADE, ids=str)
def test_a_measure_equals_the_value_worked_out_by_hand(line: dict[str, Any], expected: list[float]) -> None:
    found = value(Definition(name="x", table="calls", **line), TABLES, CUTOFF, CUSTOMERS)

    np.testing.assert_allclose(found.to_numpy(np.float64), np.array(expected, dtype=np.float64))


def test_text_stays_text_and_missing_stays_missing() -> None:
    found = value(Definition(name="x", table="calls", measure="attribute", column="kind"), TABLES, CUTOFF, CUSTOMERS)

    assert found.iloc[0] == "b"
    assert found.isna().tolist() == [False, True, True]


def test_a_target_rate_averages_over_the_group_as_far_as_known() -> None:
    tables = {
        "homes": pd.DataFrame(
            {"customer_id": [1, 2, 3], "available_at": [day(-9)] * 3, "street": ["oak", "oak", "elm"]}
        ),
        "ends": pd.DataFrame(
            {
                "customer_id": [1, 2, 1],
                "cutoff": [day(-60), day(-60), day(0)],
                "available_at": [day(-1), day(-1), day(59)],
                "left": [0.0, 1.0, 1.0],
            }
        ),
    }
    honest = Definition(name="r", table="ends", measure="target_rate", column="left", by="homes.street", at="cutoff")
    leaky = from_plain({**to_plain(honest), "known": "warehouse", "ahead_days": 1})

    assert value(honest, tables, CUTOFF, CUSTOMERS).tolist()[:2] == [0.5, 0.5]
    assert value(leaky, tables, CUTOFF, CUSTOMERS).tolist()[:2] == pytest.approx([2 / 3, 2 / 3])
    assert np.isnan(value(leaky, tables, CUTOFF, CUSTOMERS).iloc[2])


@pytest.mark.parametrize("measure", ["count", "last", "attribute", "days_until", "days_since_first", "distinct"])
def test_an_empty_table_says_nothing_about_anybody(measure: str) -> None:
    column = "ends_at" if measure == "days_until" else "minutes"

    found = value(
        Definition(name="x", table="calls", measure=measure, column=column),
        {"calls": CALLS.iloc[:0]},
        CUTOFF,
        CUSTOMERS,
    )

    assert found.fillna(0.0).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "each",
    [*POOL, *(leak.leaky(leak.names[0]) for leak in LEAKS if isinstance(leak, ColumnLeak))],
    ids=lambda d: d.name,
)
def test_a_definition_survives_yaml_in_one_flat_mapping(each: Definition) -> None:
    text = yaml.safe_dump(to_plain(each))
    read = from_plain(yaml.safe_load(text))

    assert to_plain(read) == to_plain(each)
    assert "back_days: null" not in text


def test_what_cannot_be_a_feature_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"no measure 'median'\. Measures: count, sum"):
        Definition(name="x", table="calls", measure="median")
    with pytest.raises(ValueError, match="known is 'cutoff' or 'warehouse', not 'later'"):
        from_plain({"name": "x", "table": "calls", "measure": "count", "known": "later"})
    with pytest.raises(ValueError, match="'sum' needs a column"):
        Definition(name="x", table="calls", measure="sum")
    with pytest.raises(ValueError, match="belongs to ratio and target_rate"):
        Definition(name="x", table="calls", measure="count", by="fee")
    with pytest.raises(ValueError, match=r"unknown: \['window'\], missing: \['measure'\]"):
        from_plain({"name": "x", "table": "calls", "window": 3})
    with pytest.raises(ValueError, match=r"no table 'mails'\. Tables: calls"):
        value(Definition(name="x", table="mails", measure="count"), TABLES, CUTOFF, CUSTOMERS)


def test_the_engine_needs_nothing_of_this_project() -> None:
    tree = ast.parse(Path(str(definition.__file__)).read_text(encoding="utf-8"))
    modules = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {module.partition(".")[0] for module in modules} <= {*sys.stdlib_module_names, "numpy", "pandas"}


def test_honest_definitions_equal_the_features_of_the_pipeline(ground: Ground) -> None:
    month = 10
    features = build(ground.known(month), ground.start(month)).loc[ground.customers(month)]
    mine = values(POOL, ground.known(month), ground.start(month), ground.customers(month))

    for name in ("tickets_90d", "severe_tickets_90d", "last_satisfaction", "contacts_180d", "failed_payments_35d"):
        np.testing.assert_array_equal(mine[name], features[name])
    for name in ("plan", "contract", "payment_method", "channel", "region"):
        assert mine[name].dropna().tolist() == features[name].dropna().astype("str").tolist()
    np.testing.assert_allclose(mine["minutes_per_session"], features["minutes_per_session_4w"], rtol=1e-9)
    np.testing.assert_allclose(mine["sessions_28d"], features["weekly_sessions_4w"] * 4.0)
