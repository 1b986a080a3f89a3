"""The toy table of six leaks: what the table alone gives away, and honest columns that stay unaccused."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pandas as pd
import pytest

from monitoring.leakage.audit import audit
from monitoring.leakage.plain import to_plain
from monitoring.leakage.vocabulary import ColumnFinding, ColumnVerdict, Depth, Mechanism

Make: TypeAlias = Callable[..., Any]

ACCUSED = (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)
HONEST_SEEDS = 20


def accused(findings: Mapping[str, ColumnFinding]) -> list[str]:
    return [name for name, one in findings.items() if one.verdict in ACCUSED]


def test_at_most_two_percent_of_honest_columns_are_accused(toy: Make, asking: Make, judged: Make) -> None:
    tables = [judged(asking(toy(rows=1500, seed=seed))) for seed in range(HONEST_SEEDS)]
    columns = sum(one.verdict is not ColumnVerdict.IGNORED for table in tables for one in table.values())

    assert columns >= HONEST_SEEDS * 14
    assert sum(len(accused(table)) for table in tables) <= 0.02 * columns


def test_strong_honest_columns_and_near_unique_stamps_are_not_accused(toy: Make, asking: Make, judged: Make) -> None:
    table = toy(rows=8000, seed=3)
    table.loc[table["contract_days_left"].between(1, 45), "contract_days_left"] += 0.5

    found = judged(asking(table))

    assert found["contract_days_left"].verdict is ColumnVerdict.OK
    assert found["contract"].verdict is ColumnVerdict.OK
    assert found["signup_at"].verdict is ColumnVerdict.OK


@pytest.mark.parametrize("strength", ["blatant", "subtle"])
def test_stamps_after_the_cutoff_are_found(toy: Make, asking: Make, judged: Make, strength: str) -> None:
    found = judged(asking(toy(["stamp"], strength=strength)))

    assert accused(found) == ["crm_updated_at"]
    assert found["crm_updated_at"].mechanism is Mechanism.TIME_STAMP


@pytest.mark.parametrize("strength", ["blatant", "subtle"])
def test_target_rates_of_a_city_are_found_with_or_without_the_city(
    toy: Make, asking: Make, judged: Make, strength: str
) -> None:
    table = toy(["encoding"], strength=strength, rows=12_000)

    found = judged(asking(table))

    assert accused(found) == ["city_churn_rate"]
    assert found["city_churn_rate"].mechanism is Mechanism.TARGET_ENCODING
    if strength == "subtle":
        assert accused(judged(asking(table.drop(columns="city")))) == ["city_churn_rate"]


def test_a_post_outcome_column_is_found_when_it_is_blatant(toy: Make, asking: Make, judged: Make) -> None:
    assert accused(judged(asking(toy(["post_outcome"])))) == ["retention_calls_30d"]
    assert accused(judged(asking(toy(["post_outcome"], strength="subtle")))) == []


def test_the_audit_of_all_leaks_is_whole_and_speaks_json(toy: Make, asking: Make) -> None:
    table = toy(["post_outcome", "stamp", "encoding", "copies"], rows=4000)
    given = table.copy()

    found = audit(asking(table, split=True), seed=1)
    plain = json.loads(json.dumps(to_plain(found), allow_nan=False))

    pd.testing.assert_frame_equal(table, given)
    assert found.depth is Depth.TABLE
    assert not found.clean
    assert {"retention_calls_30d", "crm_updated_at", "city_churn_rate"} <= set(found.leaks)
    assert [one["name"] for one in plain["columns"]] == list(table.columns)
    assert plain["scores"]["random"]["auc"] > 0.95 > plain["scores"]["random"]["without_leaks"]["auc"]
    assert plain["scores"]["time"]["auc"] is None
    assert plain["rows"]["duplicates"] == 400
    assert any("copy among the rows learned from" in one for one in plain["invalid_split"])
    assert plain["proves"]
    assert plain["cannot_prove"]


def test_an_honest_table_is_clean_and_the_same_seed_gives_the_same_audit(toy: Make, asking: Make) -> None:
    question = asking(toy(rows=2500, seed=5), split=True)

    first, second = audit(question, seed=2), audit(question, seed=2)

    assert first.clean
    assert json.dumps(to_plain(first)) == json.dumps(to_plain(second))
