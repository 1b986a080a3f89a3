"""Every check of the table alone from both sides, on the smallest table that shows the thing."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

from monitoring.leakage.table.identity import row_order, stratified_auc
from monitoring.leakage.table.luck import coded, luck_of
from monitoring.leakage.table.odds import Mark
from monitoring.leakage.table.purity import least_share, owes, purest
from monitoring.leakage.vocabulary import ColumnFinding, ColumnVerdict, Mechanism, Question

Judged: TypeAlias = Callable[..., dict[str, ColumnFinding]]
LEAK, SUSPECT, OK = ColumnVerdict.LEAK, ColumnVerdict.SUSPECT, ColumnVerdict.OK


def plain(rows: int = 3000, *, seed: int = 1, rate: float = 0.12) -> pd.DataFrame:
    """Two honest columns of medium strength, a few without any, and the target."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    risk = np.log(rate / (1 - rate)) - 0.3 + 0.7 * x[:, 0] + 0.5 * x[:, 1]
    table = pd.DataFrame(x, columns=["a", "b", "c", "d"])
    table["left"] = (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(float)
    return table


def panel(customers: int = 700, months: int = 6, *, seed: int = 1) -> pd.DataFrame:
    """Customers by month until they leave; `leaves` is the month of leaving, in or after the table."""
    rng = np.random.default_rng(seed)
    steady = rng.normal(size=customers)
    hazard = 0.06 * np.exp(0.5 * steady)
    leaves = np.floor(rng.exponential(1.0 / hazard)).astype(int)
    table = pd.DataFrame(
        {"customer": np.repeat(np.arange(customers), months), "month": np.tile(np.arange(months), customers)}
    )
    table["steady"], table["leaves"] = steady[table["customer"]], leaves[table["customer"]]
    table["moving"] = rng.normal(size=len(table))
    table["left"] = (table["leaves"] == table["month"]).astype(float)
    return table[table["leaves"] >= table["month"]].reset_index(drop=True)


def ask_panel(table: pd.DataFrame) -> Question:
    return Question(table=table.drop(columns="leaves"), target="left", time="month", entity="customer")


def flipped(labels: pd.Series, positive: float, negative: float, seed: int = 3) -> np.ndarray:
    """A mark borne by so many of the positives and of the negatives."""
    return np.random.default_rng(seed).random(len(labels)) < np.where(labels == 1, positive, negative)


def test_a_near_copy_of_the_target_is_a_leak_and_a_strong_honest_column_is_not(judged: Judged) -> None:
    table = plain()
    noise, other = np.random.default_rng(4).normal(size=(2, len(table)))
    table["copy"], table["strong"] = 4.0 * table["left"] + noise, 1.2 * table["left"] + other

    found = judged(Question(table=table, target="left"))

    assert found["copy"].verdict is LEAK
    assert found["copy"].mechanism is Mechanism.TARGET_COPY
    assert found["strong"].verdict is OK


def test_values_that_only_positives_have_are_a_leak_and_a_telling_event_is_not(judged: Judged) -> None:
    table = plain(6000)
    table["fee"] = np.where(flipped(table["left"], 0.5, 0.0), 40.0, 0.0)
    table["complaints"] = flipped(table["left"], 0.4, 0.04).astype(int)

    found = judged(Question(table=table, target="left"))

    assert found["fee"].verdict is LEAK
    assert found["complaints"].verdict is OK


def test_gaps_made_by_the_outcome_are_a_leak_and_an_unanswered_survey_is_not(judged: Judged) -> None:
    table = plain(5000)
    table["phone"] = np.where(flipped(table["left"], 0.5, 0.02), np.nan, 1.0 + table["c"])
    table["survey"] = np.where(flipped(table["left"], 0.6, 0.35), np.nan, table["d"])
    table["reason"] = np.where(flipped(table["left"], 0.5, 0.005), "moved", None)

    found = judged(Question(table=table, target="left"))

    assert found["phone"].verdict is LEAK
    assert found["phone"].mechanism is Mechanism.MISSINGNESS
    assert found["reason"].verdict is LEAK
    assert found["survey"].verdict is OK


def test_stamps_after_the_cutoff_accuse_but_ends_of_contracts_do_not(judged: Judged) -> None:
    table = plain(3000)
    rng = np.random.default_rng(5)
    table["cutoff"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(30 * rng.integers(0, 4, len(table)), unit="D")
    after = flipped(table["left"], 0.5, 0.1)
    table["touched"] = table["cutoff"] + pd.to_timedelta(np.where(after, 10.0, -20.0), unit="D")
    ahead = np.where(flipped(table["left"], 0.9, 0.7), rng.uniform(1, 300, len(table)), -5.0)
    table["contract_end"] = table["cutoff"] + pd.to_timedelta(ahead, unit="D")

    found = judged(Question(table=table, target="left", time="cutoff"))

    assert found["touched"].verdict is LEAK
    assert found["touched"].mechanism is Mechanism.TIME_STAMP
    assert found["contract_end"].verdict is OK


def test_numbers_given_after_the_outcome_accuse_and_numbers_of_arrival_do_not(judged: Judged) -> None:
    table = plain(4000)
    rng = np.random.default_rng(6)
    order = np.argsort(np.argsort(rng.random(len(table)) + 0.6 * table["left"]))
    table["account_id"] = order + 10_000
    table["arrival_id"] = np.argsort(np.argsort(-table["a"] + 0.1 * rng.normal(size=len(table))))

    found = judged(Question(table=table, target="left"))

    assert found["account_id"].verdict is LEAK
    assert found["account_id"].mechanism is Mechanism.IDENTIFIER
    assert found["arrival_id"].verdict is ColumnVerdict.IGNORED


def test_row_order_is_reported_when_sorted_by_outcome_and_not_when_sorted_by_a_time_with_a_falling_rate(
    sheet: Callable[..., Any],
) -> None:
    table = plain(3000)
    by_outcome = table.sort_values("left", kind="stable", ignore_index=True)
    month = np.repeat(np.arange(6), 500)
    falling = pd.concat([plain(500, seed=20 + m, rate=0.3 - 0.04 * m) for m in range(6)], ignore_index=True)
    falling["month"] = month

    assert "order of the rows" in str(row_order(sheet(Question(table=by_outcome, target="left"))))
    assert row_order(sheet(Question(table=falling, target="left", time="month"))) is None
    assert row_order(sheet(Question(table=table, target="left"))) is None


def test_an_average_of_the_labels_follows_their_luck_and_an_honest_average_does_not() -> None:
    rng = np.random.default_rng(7)
    group = rng.integers(0, 200, 6000)
    chance = rng.beta(2, 14, 200)
    labels = (rng.random(6000) < chance[group]).astype(float)
    mean = pd.Series(labels).groupby(group).transform("mean").to_numpy()

    own = luck_of(np.round((mean * 30 + 3.6) / 60, 4), labels, coded(pd.Series(group)))
    honest = luck_of(chance[group], labels, coded(pd.Series(group)))

    assert own is not None
    assert own.scatter < 0.05
    assert own.p_value < 1e-20
    assert honest is not None
    assert 0.7 < honest.scatter < 1.3
    assert honest.p_value > 1e-3


def test_a_rate_over_past_labels_is_honest(judged: Judged) -> None:
    table = plain(6000)
    rng = np.random.default_rng(8)
    agent = rng.integers(0, 150, len(table))
    table["past_rate"] = rng.binomial(40, 0.12, 150)[agent] / 40
    table["own_rate"] = table.groupby(agent)["left"].transform("mean")

    found = judged(Question(table=table, target="left"))

    assert found["past_rate"].verdict is OK
    assert found["own_rate"].mechanism is Mechanism.TARGET_ENCODING


def test_a_score_stored_in_the_table_is_suspected_and_a_share_of_use_is_not(judged: Judged) -> None:
    table = plain(5000)
    table["rating"] = 1 / (1 + np.exp(2.2 - 0.7 * table["a"] - 0.5 * table["b"])).round(4)
    table["share_used"] = np.random.default_rng(9).beta(2, 5, len(table)).round(3)

    found = judged(Question(table=table, target="left"))

    assert found["rating"].verdict is SUSPECT
    assert found["rating"].mechanism is Mechanism.STORED_SCORE
    assert found["share_used"].verdict is OK


def test_leaks_that_hide_one_another_are_found_and_the_honest_columns_beside_them_are_not(judged: Judged) -> None:
    table = plain(4000)
    rng = np.random.default_rng(10)
    for name in ("first", "second", "third"):
        table[name] = 2.5 * table["left"] + rng.normal(size=len(table))

    found = judged(Question(table=table, target="left"))

    assert {name for name, one in found.items() if one.verdict is LEAK} == {"first", "second", "third"}
    assert "hide it" in found["first"].evidence[0].says


def test_an_easy_honest_table_has_no_hidden_group(judged: Judged) -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=(4000, 12))
    left = (x.sum(axis=1) * 1.1 + rng.logistic(size=4000) > 4.0).astype(float)
    table = pd.DataFrame(x, columns=[f"x{place}" for place in range(12)]).assign(left=left)

    found = judged(Question(table=table, target="left"))

    assert not [name for name, one in found.items() if one.verdict in (LEAK, SUSPECT)]


@pytest.mark.parametrize(("kinds", "load"), [(1, load_wine), (2, load_wine), (1, load_breast_cancer)])
def test_measurements_that_tell_classes_well_apart_are_no_hidden_group(
    judged: Judged, kinds: int, load: Callable[..., Any]
) -> None:
    given = load(as_frame=True)
    table = given.data.assign(left=(given.target == kinds).astype(float))

    found = judged(Question(table=table, target="left"))

    assert not [name for name, one in found.items() if one.verdict in (LEAK, SUSPECT)]


def test_a_status_read_today_is_found_and_a_lasting_attribute_is_not(judged: Judged) -> None:
    table = panel()
    table["status"] = np.where(table["leaves"] < 9, "closed", "active")
    table["segment"] = np.where(table["steady"] > 0.5, "small", "large")

    found = judged(ask_panel(table))

    assert found["status"].verdict is LEAK
    assert found["status"].mechanism is Mechanism.OVERWRITTEN
    assert found["segment"].verdict is OK
    assert found["steady"].verdict is OK


def test_a_column_that_told_old_outcomes_only_is_suspected(judged: Judged) -> None:
    table = plain(8000, rate=0.2)
    table["month"] = np.arange(len(table)) % 8
    noise = np.random.default_rng(12).normal(size=(2, len(table)))
    table["filled_later"] = np.where(table["month"] < 6, 1.2 * table["left"], 0.0) + noise[0]
    table["steady"] = 0.8 * table["left"] + noise[1]

    found = judged(Question(table=table, target="left", time="month"))

    assert found["filled_later"].verdict is SUSPECT
    assert found["steady"].verdict is OK


@pytest.mark.parametrize(("hits", "false"), [(50, 5), (100, 0), (3, 3)])
def test_the_bound_of_a_likelihood_ratio_lies_below_it(hits: int, false: int) -> None:
    mark = Mark(hits=hits, ones=100, false=false, zeros=1000)

    assert 0.0 < mark.ratio_low() < (hits / 100) / max(false / 1000, 1e-9)
    assert mark.rate_low(weight=1.0) < hits / (hits + false)
    assert Mark(hits=0, ones=100, false=3, zeros=1000).ratio_low() == 0.0


def test_the_stratified_auc_of_one_stratum_is_the_rank_sum_test() -> None:
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(13)
    values, labels = rng.normal(size=80), (np.arange(80) < 30).astype(float)

    auc, error = stratified_auc(labels, values, np.zeros(80, dtype=np.int64))

    expected = mannwhitneyu(values[:30], values[30:], use_continuity=False, method="asymptotic")
    assert auc == pytest.approx(expected.statistic / (30 * 50))
    assert 2 * (1 - _phi(abs(auc - 0.5) / error)) == pytest.approx(expected.pvalue)


def _phi(z: float) -> float:
    from scipy.stats import norm

    return float(norm.cdf(z))


def test_a_value_only_positives_have_is_noticed_in_a_small_table(judged: Judged) -> None:
    table = plain(2000, rate=0.17)
    drawn = np.random.default_rng(3).random(2000)
    marker = table.assign(note=np.where((table["left"] == 1.0) & (drawn < 0.34), 1, 0))
    strong = table.assign(note=np.where(drawn < np.where(table["left"] == 1.0, 0.34, 0.34 / 15.0), 1, 0))

    assert judged(Question(table=marker, target="left"))["note"].verdict is not OK
    assert judged(Question(table=strong, target="left"))["note"].verdict is OK


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("rate", "apart"), [(0.12, 1.2), (0.5, 1.4)])
def test_a_strong_honest_number_has_no_corner_that_owes_an_explanation(rate: float, apart: float, seed: int) -> None:
    rng = np.random.default_rng([seed, 29])
    target = (rng.random(3000) < rate).astype(float)

    assert not owes(purest(target, rng.normal(size=3000) + apart * target), weight=1.0)


def test_the_least_share_is_where_a_pure_mark_begins_to_be_noticed() -> None:
    share = least_share(330, 1670)
    hits = round(330 * share)

    assert 0.1 < share < 0.3
    assert owes(Mark(hits=hits, ones=330, false=0, zeros=1670), weight=1.0)
    assert not owes(Mark(hits=hits - 1, ones=330, false=0, zeros=1670), weight=1.0)
    assert least_share(1869, 5174) == pytest.approx(0.1, abs=0.001)
    assert least_share(40, 40) > 1.0
