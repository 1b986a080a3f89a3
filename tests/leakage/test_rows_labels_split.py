"""Rows, labels and the given split, from both sides."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from monitoring.leakage.asked import checked
from monitoring.leakage.rows.labels import immature_periods, label_findings, wilson
from monitoring.leakage.rows.repeats import later_part, look_at_rows
from monitoring.leakage.rows.split import invalid_split
from monitoring.leakage.table.sheet import sheet_of
from monitoring.leakage.vocabulary import Question, RatePoint


def panel(customers: int = 500, months: int = 8, *, seed: int = 1, rate: float = 0.1) -> pd.DataFrame:
    """Customers by month, the last two months held out."""
    rng = np.random.default_rng(seed)
    rows = customers * months
    x = rng.normal(size=(rows, 3))
    table = pd.DataFrame(x, columns=["a", "b", "c"])
    table["customer"] = np.repeat(np.arange(customers), months)
    month = np.tile(np.arange(months), customers)
    table["cutoff"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(31 * month, unit="D")
    table["survey"] = np.where(rng.random(rows) < 0.4, np.nan, x[:, 1].round(1))
    table["left"] = (rng.random(rows) < rate * np.exp(0.6 * x[:, 0])).astype(float)
    table["part"] = np.where(month >= months - 2, "test", "train")
    return table


def asked(table: pd.DataFrame) -> Question:
    return checked(Question(table=table, target="left", time="cutoff", entity="customer", split="part"))


def complaints(question: Question) -> tuple[str, ...]:
    sheet = sheet_of(question, seed=1)
    looked = look_at_rows(question, set(sheet.ignored))
    return invalid_split(question, looked, label_findings(question), sheet)


def mixed(table: pd.DataFrame, seed: int = 2) -> pd.DataFrame:
    part = np.where(np.random.default_rng(seed).random(len(table)) < 0.7, "train", "test")
    part[0] = "train"
    return table.assign(part=part)


def test_a_split_by_time_is_valid_though_its_parts_share_customers() -> None:
    question = asked(panel())

    found = look_at_rows(question, set()).findings

    assert complaints(question) == ()
    assert found.shared_entities == 1000
    assert found.shared_entity_share == 0.25
    assert any("normal where the split follows time" in one for one in found.says)


def test_a_split_by_customer_is_valid() -> None:
    table = panel()

    assert complaints(asked(table.assign(part=np.where(table["customer"] % 3 == 1, "test", "train")))) == ()


def test_a_random_split_of_a_panel_judges_customers_it_knows() -> None:
    (said,) = complaints(asked(mixed(panel())))

    assert "does not follow time" in said


def test_a_random_split_without_a_named_entity_mixes_months() -> None:
    question = replace(asked(mixed(panel())), entity=None)

    assert any("mixes periods" in one for one in complaints(question))


def test_a_part_judged_before_it_was_learned_is_found() -> None:
    table = panel()
    table["part"] = table["part"].map({"train": "test", "test": "train"})
    table = pd.concat([table[table["part"] == "train"], table[table["part"] == "test"]], ignore_index=True)

    assert any("older than the part learned from" in one for one in complaints(asked(table)))


def test_copies_across_the_split_are_found_and_oversampling_is_named() -> None:
    table = panel().drop(columns="customer").assign(customer=np.arange(4000))
    again = table[table["left"] == 1.0]
    oversampled = mixed(pd.concat([table, *[again] * 5], ignore_index=True))
    some = table.sample(300, random_state=1)
    copied = mixed(pd.concat([table, some.assign(customer=some["customer"] + 9000)], ignore_index=True))

    assert any("oversampled" in one for one in complaints(asked(oversampled)))
    assert any("copies were made before the split" in one for one in complaints(asked(copied)))
    assert complaints(asked(mixed(table))) == ()


def test_a_held_out_part_that_was_chosen_is_found() -> None:
    table = panel()
    later = table["part"] == "test"
    answered = table[~(later & table["survey"].isna())].reset_index(drop=True)
    happy = table[~(later & (table["b"] < 0.3))].reset_index(drop=True)

    assert any("no row with survey missing" in one for one in complaints(asked(answered)))
    assert any("no row with b below" in one for one in complaints(asked(happy)))


def test_a_re_balanced_held_out_part_is_found() -> None:
    table = panel()
    kept = (table["part"] == "train") | (table["left"] == 1.0) | (np.arange(len(table)) % 9 == 0)

    assert any("re-balanced" in one for one in complaints(asked(table[kept].reset_index(drop=True))))


def test_unripe_labels_in_the_part_judged_make_it_invalid() -> None:
    table = panel(2000)
    newest = table["cutoff"] == table["cutoff"].max()
    unripe = table.assign(left=np.where(newest & (np.arange(len(table)) % 5 != 0), 0.0, table["left"]))

    assert any("not complete yet" in one for one in complaints(asked(unripe)))


def test_duplicates_ignore_row_numbers_and_count_near_copies_apart() -> None:
    table = panel(200)
    again = table.head(30).assign(customer=np.arange(5000, 5030))
    near = table.tail(20).assign(a=lambda t: t["a"] * 1.00001, customer=np.arange(6000, 6020))
    both = pd.concat([table, again, near], ignore_index=True)
    both["row_id"] = np.arange(len(both))

    looked = look_at_rows(asked(both), {"row_id"})

    assert looked.findings.duplicates == 30
    assert any(one.startswith("20 more agree") for one in looked.findings.says)
    assert look_at_rows(asked(both), set()).findings.duplicates == 0


def test_people_who_look_alike_are_not_called_copies() -> None:
    rng = np.random.default_rng(3)
    few = pd.DataFrame({"plan": rng.choice(list("ab"), 600), "size": rng.integers(0, 4, 600)})
    few["left"] = (rng.random(600) < 0.3).astype(float)

    looked = look_at_rows(checked(Question(table=few, target="left")), set())

    assert looked.findings.duplicates == 592
    assert not looked.copied


def test_the_part_called_train_is_learned_from_wherever_it_stands() -> None:
    table = panel(50).sort_values("part", ignore_index=True)
    numbered = table.assign(part=(table["part"] == "train").astype(int))

    assert later_part(asked(table)).tolist() == (table["part"] == "test").tolist()
    assert later_part(asked(numbered)).tolist() == (table["part"] == "train").tolist()
    assert later_part(asked(table.assign(part="train"))) is None


def test_repeated_keys_are_counted() -> None:
    table = pd.concat([panel(100), panel(100, seed=2).head(7)], ignore_index=True)

    assert look_at_rows(asked(table), set()).findings.repeated_keys == 7


def points(*rates: float, rows: int = 4000) -> tuple[RatePoint, ...]:
    return tuple(RatePoint(period=str(at), rows=rows, rate=rate, low=0.0, high=1.0) for at, rate in enumerate(rates))


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ((0.10, 0.11, 0.10, 0.105, 0.10, 0.10), ()),
        ((0.10, 0.11, 0.10, 0.105, 0.10, 0.06), ("5",)),
        ((0.10, 0.11, 0.10, 0.105, 0.07, 0.03), ("4", "5")),
        ((0.14, 0.13, 0.12, 0.11, 0.10, 0.09), ()),
        ((0.08, 0.12, 0.07, 0.13, 0.08, 0.07), ()),
        ((0.0, 0.0, 0.0, 0.0), ()),
        ((0.1, 0.02), ()),
    ],
)
def test_newest_periods_that_fall_short_of_level_and_trend_are_unripe(
    rates: tuple[float, ...], expected: tuple[str, ...]
) -> None:
    assert immature_periods(points(*rates)) == expected


def test_wilsons_interval_is_scipys() -> None:
    from scipy.stats import binomtest

    expected = binomtest(7, 90).proportion_ci(method="wilson")

    assert wilson(7, 90) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_labels_are_counted_by_period_and_unknown_ones_apart() -> None:
    table = panel(100)
    table.loc[:9, "left"] = np.nan

    found = label_findings(asked(table))

    assert (found.rows, found.unknown, len(found.over_time)) == (790, 10, 8)
    assert sum(point.rows for point in found.over_time) == 790
    assert all(point.low <= point.rate <= point.high for point in found.over_time)
