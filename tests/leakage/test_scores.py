"""The AUC's error, its intervals, the ways of splitting, the clock they follow, and the sample they are made on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.leakage.asked import checked
from monitoring.leakage.clock import clock_of
from monitoring.leakage.ranking import influences, ranked
from monitoring.leakage.sampling import drawn_entities, sampled
from monitoring.leakage.scoring.scores import scores
from monitoring.leakage.scoring.ways import grouped_way, time_way
from monitoring.leakage.table.sheet import Sheet, sheet_of
from monitoring.leakage.vocabulary import Question, ScoreBy
from monitoring.performance.metrics import auc

WORLDS = 30


def world(seed: int, *, customers: int = 200, months: int = 6) -> pd.DataFrame:
    rng = np.random.default_rng([seed, 47])
    customer, month = np.repeat(np.arange(customers), months), np.tile(np.arange(months), customers)
    steady, moving = rng.normal(size=(customers, 3))[customer], rng.normal(size=(customers * months, 3))
    risk = -2.2 + 0.7 * steady[:, 0] + 0.7 * moving[:, 0] + 0.8 * rng.normal(size=customers)[customer]
    table = pd.DataFrame(np.hstack([steady, moving]), columns=list("abcdef"))
    left = (rng.random(len(table)) < 1 / (1 + np.exp(-risk))).astype(float)
    return table.assign(customer=customer, month=month, left=left)


def made(table: pd.DataFrame, **more: str) -> Sheet:
    return sheet_of(checked(Question(table=table, target="left", **more)), seed=0)


@pytest.fixture(scope="module")
def worlds() -> list[tuple[ScoreBy, ...]]:
    return [scores(made(world(seed), time="month", entity="customer"), set(), seed=0) for seed in range(WORLDS)]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_intervals_hold_the_expected_auc_of_the_procedure(worlds: list[tuple[ScoreBy, ...]], place: int) -> None:
    found = [one[place].all_columns for one in worlds]
    expected = np.mean([score.auc for score in found])

    held = np.mean([score.low <= expected <= score.high for score in found])
    naive = np.mean([abs(score.auc - expected) <= (score.high - score.low) / 8 for score in found])

    assert held >= 0.87
    assert naive < 0.87, "intervals four times narrower would do as well, so these are far too wide"


def test_without_clusters_the_error_is_delongs_and_copies_make_it_larger() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat([1.0, 0.0], [80, 400])
    values = rng.normal(labels)
    alone = ranked(labels, values)
    doubled = ranked(np.tile(labels, 2), np.tile(values, 2), np.tile(np.arange(480), 2))

    assert alone.auc == pytest.approx(auc(labels, values).value)
    assert alone.error == pytest.approx(auc(labels, values).error, rel=0.02)
    assert doubled.error == pytest.approx(alone.error, rel=1e-9)
    assert influences(labels, values)[0].sum() == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(ranked(np.ones(5), np.arange(5.0)).auc)


def test_the_grouped_split_keeps_entities_whole_and_the_time_split_looks_ahead_only() -> None:
    sheet = made(world(1), time="month", entity="customer")
    rows = np.arange(len(sheet.target))
    assert sheet.entity is not None
    assert sheet.clock is not None

    for part in grouped_way(sheet, rows, seed=1).parts:
        assert not set(sheet.entity[part.learn]) & set(sheet.entity[part.judge])
    parts = time_way(sheet, rows).parts
    assert len(parts) == 2
    for part in parts:
        assert sheet.clock.period[part.learn].max() + 1 < sheet.clock.period[part.judge].min()


def test_a_score_that_cannot_be_had_says_why() -> None:
    _, grouped, later = scores(made(world(1)[["a", "d", "left"]]), set(), seed=0)

    assert np.isnan(grouped.all_columns.auc)
    assert "No entity" in grouped.note
    assert np.isnan(later.all_columns.auc)
    assert "No time" in later.note


def test_too_few_rows_of_a_class_are_named_as_the_reason() -> None:
    rare = world(1).assign(left=lambda table: (table.index < 4).astype(float))

    for found in scores(made(rare, entity="customer"), set(), seed=0)[:2]:
        assert found.note == "Rows with the outcome: 4, without: 1,196; too few for 5 parts with 10 of each."
        assert np.isnan(found.all_columns.auc)


@pytest.mark.parametrize("entities", [1, 4, 29])
def test_few_entities_make_no_interval_of_hardly_any_width(entities: int) -> None:
    table = world(1)

    alone = scores(made(table), set(), seed=0)[0].all_columns
    few = table.assign(customer=table["customer"] % entities)
    random, grouped, _ = scores(made(few, entity="customer"), set(), seed=0)

    assert random.all_columns.high - random.all_columns.low > 0.7 * (alone.high - alone.low)
    assert np.isnan(grouped.all_columns.auc)
    assert grouped.note == f"Entities: {entities}; too few to judge on some of them only."


def test_the_score_without_leaks_leaves_them_out() -> None:
    table = world(2, customers=300)
    table["copy"] = table["left"] + 0.1 * table["a"]

    found = scores(made(table, time="month", entity="customer"), {"copy"}, seed=0)[0]

    assert found.all_columns.auc > 0.99
    assert 0.6 < found.without_leaks.auc < 0.85


@pytest.mark.parametrize(
    ("cells", "names", "first"),
    [
        ([2015, 2016, 2015], ("2015", "2016"), "2016-01-01"),
        ([201503, 201504], ("201503", "201504"), "2015-04-01"),
        (["2024-03", "2024-04", None], ("2024-03", "2024-04"), "2024-04-01"),
        ([3, 4], ("3", "4"), "1970-01-04"),
        (pd.to_datetime(["2024-03-01", "2024-04-01"]), ("2024-03-01", "2024-04-01"), "2024-03-01"),
        (pd.to_datetime(["2024-03-01"] * 2).tz_localize("Europe/Berlin"), ("2024-02-29",), "2024-02-29 23:00"),
    ],
)
def test_a_cutoff_may_be_written_in_many_ways(cells: list[object], names: tuple[str, ...], first: str) -> None:
    clock = clock_of(pd.Series(cells))

    assert clock.names == names
    assert clock.at.iloc[0] == pd.Timestamp(first)
    assert clock.period[0] == 0


def test_scattered_times_are_put_into_months_or_blocks() -> None:
    assert clock_of(pd.Series(pd.date_range("2024-01-01", periods=200))).names[:2] == ("2024-01", "2024-02")
    assert len(clock_of(pd.Series(pd.date_range("1900-01-01", periods=2000, freq="25D"))).names) == 12


def big(rate: float) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    left = (rng.random(30_000) < rate).astype(float)
    return pd.DataFrame({"x": rng.normal(size=30_000), "who": rng.integers(0, 4000, 30_000), "left": left})


def test_a_sample_keeps_entities_whole_and_draws_the_same_ones_from_another_table() -> None:
    table = big(0.3)
    found = sampled(checked(Question(table=table, target="left", entity="who")), rows=9000, seed=3)
    kept = set(found.question.table["who"])

    assert 7000 < len(found.question.table) < 11_000
    assert len(found.question.table) == table["who"].isin(kept).sum()
    assert "every who whole" in found.says
    log = pd.Series(np.arange(4000))
    assert set(log[drawn_entities(log, share=9000 / 30_000, seed=3)]) >= kept


def test_rare_positives_are_all_kept_and_the_weight_of_the_rest_is_stated() -> None:
    table = big(0.01)
    found = sampled(checked(Question(table=table, target="left")), rows=5000, seed=3)

    assert found.question.table["left"].sum() == table["left"].sum()
    assert len(found.question.table) == pytest.approx(5000, rel=0.05)
    assert found.negative_weight == pytest.approx(29_700 / 4700, rel=0.05)
    assert "stands for" in found.says


def test_few_rows_are_all_looked_at_and_unlabelled_ones_left_out() -> None:
    table = world(1)
    table.loc[:4, "left"] = np.nan
    question = checked(Question(table=table, target="left"))

    assert len(sampled(question, rows=50_000, seed=1).question.table) == len(table) - 5
    assert sampled(replace(question, table=question.table[5:]), rows=50_000, seed=1).says == ""


def test_a_clock_reads_the_same_whatever_the_index(sheet: Callable[..., Any]) -> None:
    table = world(1)
    shuffled = table.set_axis(np.arange(len(table))[::-1])

    first, second = (
        sheet(Question(table=table, target="left", time="month")),
        sheet(Question(table=shuffled, target="left", time="month")),
    )

    assert np.array_equal(first.clock.period, second.clock.period)
