import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from monitoring.gate.check import blocking, check
from monitoring.gate.contract import TableContract
from monitoring.gate.learn import learn
from monitoring.gate.units import unit_of
from monitoring.months import end_of, index_of, name_of
from monitoring.vocabulary import Layer, Measurement, Verdict

Usage = Callable[..., pd.DataFrame]
MONTH, BEFORE = "2025-03", "2025-02"


def alarms(measurements: list[Measurement]) -> dict[str, Measurement]:
    return {one.signal: one for one in measurements if one.verdict is Verdict.ALARM}


def test_good_months_are_quiet_all_year(contract: TableContract, usage: Usage) -> None:
    for at in range(index_of("2025-01"), index_of("2026-01")):
        month, before = name_of(at), name_of(at - 1)
        assert alarms(check(contract, usage(month), usage(before), month=month)) == {}


def test_the_reference_months_keep_their_own_contract(
    contract: TableContract, good_months: dict[str, pd.DataFrame]
) -> None:
    for month, table in good_months.items():
        assert alarms(check(contract, table, month=month)) == {}


def slowly(table: pd.DataFrame, column: str, share: float, value: object) -> pd.DataFrame:
    """Return the table with the first share of rows of a column set to a value."""
    mask = np.arange(len(table)) < share * len(table)
    return table.assign(**{column: table[column].astype(object).where(~mask, value).infer_objects()})


BROKEN: dict[str, tuple[Callable[[pd.DataFrame], object], str]] = {
    "no table": (lambda _: None, "not_delivered"),
    "a path instead of a table": (lambda _: "usage.parquet", "not_delivered"),
    "no rows": (lambda t: t.iloc[:0], "row_count"),
    "no rows and no columns": (lambda _: pd.DataFrame(), "missing_column"),
    "one row": (lambda t: t.iloc[:1], "row_count"),
    "half the rows": (lambda t: t.iloc[: len(t) // 2], "row_count"),
    "three times the rows": (lambda t: pd.concat([t, t, t]), "row_count"),
    "doubled rows": (lambda t: pd.concat([t, t.head(40)]), "duplicate_rows"),
    "a missing column": (lambda t: t.drop(columns="minutes"), "missing_column"),
    "a doubled column name": (lambda t: pd.concat([t, t[["minutes"]]], axis=1), "duplicate_column"),
    "an unexpected column": (lambda t: t.assign(extra=1), "unexpected_column"),
    "a renamed column": (lambda t: t.rename(columns={"minutes": "Minutes"}), "missing_column"),
    "columns named by numbers": (lambda t: t.set_axis(range(t.shape[1]), axis=1), "missing_column"),
    "an all-null column": (lambda t: t.assign(minutes=np.nan), "null_share"),
    "an all-None column": (lambda t: t.assign(minutes=None), "null_share"),
    "an all-null category": (lambda t: t.assign(plan=None), "null_share"),
    "a fifth of cells empty": (lambda t: slowly(t, "minutes", 0.2, np.nan), "null_share"),
    "text in a number": (lambda t: slowly(t, "minutes", 0.01, "n/a"), "wrong_kind"),
    "a number as text": (lambda t: t.assign(minutes=t["minutes"].astype("str")), "wrong_kind"),
    "a number as times": (lambda t: t.assign(minutes=pd.Timestamp("2025-03-01")), "wrong_kind"),
    "lists in a number": (lambda t: t.assign(minutes=[[1]] * len(t)), "wrong_kind"),
    "lists in a key": (lambda t: t.assign(customer_id=[[1]] * len(t)), "unreadable"),
    "infinities": (lambda t: slowly(t, "minutes", 0.01, np.inf), "infinite_share"),
    "a flag as words": (lambda t: t.assign(smb=np.where(t["smb"], "yes", "no")), "unseen_labels"),
    "unseen labels": (lambda t: slowly(t, "plan", 0.05, "enterprise"), "unseen_labels"),
    "labels in another case": (lambda t: t.assign(plan=t["plan"].str.upper()), "unseen_labels"),
    "a category as numbers": (
        lambda t: t.assign(plan=t["plan"].map({"basic": 0, "plus": 1, "pro": 2})),
        "unseen_labels",
    ),
    "cents for money": (lambda t: t.assign(price=t["price"] * 100), "level"),
    "hours for minutes": (lambda t: t.assign(minutes=t["minutes"] / 60), "level"),
    "thousands": (lambda t: t.assign(minutes=t["minutes"] / 1000), "level"),
    "another unit in one slice": (
        lambda t: t.assign(minutes=t["minutes"].where(t["plan"] != "pro", t["minutes"] * 60)),
        "level",
    ),
    "a sign turned round": (lambda t: t.assign(minutes=-t["minutes"] * 9), "out_of_range"),
    "nulls turned to zero": (lambda t: t.assign(price=t["price"].fillna(0.0)), "nulls_gone"),
    "a default for many": (lambda t: slowly(t, "minutes", 0.3, 42.0), "default_share"),
    "a constant": (lambda t: t.assign(tickets=1.0), "default_share"),
    "a stale feed": (lambda t: t.assign(event_at=t["event_at"] - pd.DateOffset(months=2)), "freshness"),
    "no readable time": (lambda t: t.assign(event_at="yesterday"), "freshness"),
    "late rows": (lambda t: t.assign(available_at=t["event_at"] + pd.Timedelta(days=5)), "lateness"),
    "epoch numbers for times": (lambda t: t.assign(event_at=t["event_at"].astype("int64")), "wrong_kind"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_delivery_becomes_a_clear_alarm(name: str, contract: TableContract, usage: Usage) -> None:
    damage, signal = BROKEN[name]

    found = alarms(check(contract, damage(usage(MONTH)), usage(BEFORE), month=MONTH))

    assert signal in found, sorted(found)
    assert found[signal].note
    assert found[signal].method
    json.dumps([one.to_plain() for one in found.values()], allow_nan=False)


def test_a_repeated_key_forbids_scoring_and_rows_alike_without_a_key_warn(
    contract: TableContract, usage: Usage
) -> None:
    table = usage(MONTH)
    doubled = pd.concat([table, table.head(len(table) // 3)], ignore_index=True)

    keyed = alarms(check(contract, doubled, month=MONTH))["duplicate_rows"]
    alike = alarms(check(replace(contract, key=()), doubled, month=MONTH))["duplicate_rows"]

    assert contract.key
    assert (keyed.hard, alike.hard) == (True, False)
    assert keyed.value == pytest.approx(alike.value)


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_never_changes_the_table(name: str, contract: TableContract, usage: Usage) -> None:
    table = BROKEN[name][0](usage(MONTH))
    if not isinstance(table, pd.DataFrame):
        return
    before = table.copy(deep=True)

    check(contract, table, month=MONTH)

    pd.testing.assert_frame_equal(table, before)


def test_a_nullable_integer_column_is_fine(contract: TableContract, usage: Usage) -> None:
    table = usage(MONTH)
    nullable = table.assign(tickets=table["tickets"].astype("Int64"), plan=table["plan"].astype("category"))

    assert alarms(check(contract, nullable, month=MONTH)) == {}


def test_times_with_a_zone_are_fine(contract: TableContract, usage: Usage) -> None:
    table = usage(MONTH)
    zoned = table.assign(event_at=table["event_at"].dt.tz_localize("UTC"))

    found = check(contract, zoned, month=MONTH, cutoff=end_of(MONTH).tz_localize("UTC"))

    assert "freshness" not in alarms(found)


def test_the_delivery_of_the_month_before_is_recognised(usage: Usage) -> None:
    def moving(month: str) -> pd.DataFrame:
        table = usage(month, rows=400)
        return table.assign(customer_id=table["customer_id"] + 300 * index_of(month))

    months = {name_of(at): moving(name_of(at)) for at in range(index_of("2024-01"), index_of("2025-01"))}
    contract = learn("usage", months, key=["customer_id"])

    fresh = check(contract, moving("2025-01"), months["2024-12"], month="2025-01")
    stale = check(contract, months["2024-12"], months["2024-12"], month="2025-01")

    assert "repeated_keys" not in alarms(fresh)
    assert alarms(stale)["repeated_keys"].value == 1.0


def test_one_column_that_stands_still_is_recognised(contract: TableContract, usage: Usage) -> None:
    before = usage(BEFORE, rows=460)
    now = usage(MONTH).assign(minutes=before["minutes"].head(len(usage(MONTH))).to_numpy())

    found = alarms(check(contract, now, before, month=MONTH))["unchanged"]

    assert found.subject.feature == "minutes"
    assert found.hard


def test_a_break_in_a_column_the_model_does_not_use_does_not_block(
    good_months: dict[str, pd.DataFrame], usage: Usage
) -> None:
    used = learn("usage", good_months, weights={"minutes": 1.0})
    broken = usage(MONTH).assign(price=usage(MONTH)["price"] * 100)

    unused_break = check(used, broken, month=MONTH)
    used_break = check(used, broken.assign(minutes=broken["minutes"] * 60), month=MONTH)

    assert "level" in alarms(unused_break)
    assert blocking(unused_break) == ()
    assert {one.subject.feature for one in blocking(used_break)} == {"minutes"}


def test_the_alarm_names_the_factor_and_the_slice(contract: TableContract, usage: Usage) -> None:
    table = usage(MONTH)
    one_slice = table.assign(minutes=table["minutes"].where(table["plan"] != "pro", table["minutes"] * 60))

    found = alarms(check(contract, one_slice, month=MONTH))["level"]

    assert found.subject.segment == "plan=pro"
    assert "x60 (minutes for hours" in found.note


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(100.0, "x100"), (1 / 1000, "1/1000"), (61.0, "x60"), (7 / 30, "1/4.29"), (1 / 3600, "1/3600")],
)
def test_known_factors_are_named(ratio: float, words: str) -> None:
    assert str(unit_of(ratio)).startswith(words)


@pytest.mark.parametrize("ratio", [17.0, 22.6, 1 / 22.6, 3.3, 53.0])
def test_factors_that_do_not_fit_closely_are_not_named(ratio: float) -> None:
    assert unit_of(ratio) is None


def test_the_row_count_knows_its_season(contract: TableContract, usage: Usage) -> None:
    high, low = "2025-04", "2025-10"

    in_season = check(contract, usage(high), month=high)
    out_of_season = check(contract, usage(high), month=low)

    assert "row_count" not in alarms(in_season)
    assert "row_count" in alarms(out_of_season)


def test_a_small_loss_of_rows_warns_and_a_large_one_blocks(contract: TableContract, usage: Usage) -> None:
    table = usage(MONTH)

    some = alarms(check(contract, table.head(int(len(table) * 0.8)), month=MONTH))["row_count"]
    most = alarms(check(contract, table.head(int(len(table) * 0.4)), month=MONTH))["row_count"]

    assert (some.hard, most.hard) == (False, True)


def test_a_contract_survives_json(contract: TableContract) -> None:
    assert TableContract.from_plain(json.loads(json.dumps(contract.to_plain()))) == contract


def test_a_promise_overridden_by_hand_counts(contract: TableContract, usage: Usage) -> None:
    table = slowly(usage(MONTH), "plan", 0.3, "enterprise")
    wider = contract.override("plan", labels=("basic", "plus", "pro", "enterprise"))

    assert "unseen_labels" in alarms(check(contract, table, month=MONTH))
    assert "unseen_labels" not in alarms(check(wider, table, month=MONTH))


def test_overriding_a_column_that_is_not_there_says_what_is(contract: TableContract) -> None:
    with pytest.raises(ValueError, match=r'no column "minute" in its contract\. It has: .*minutes'):
        contract.override("minute", weight=0.0)


def test_reference_months_without_rows_are_refused() -> None:
    with pytest.raises(ValueError, match='No reference month of table "usage" has rows'):
        learn("usage", {"2024-01": pd.DataFrame({"x": []})})


def test_quiet_signals_report_the_figure_nearest_to_its_limit(contract: TableContract, usage: Usage) -> None:
    found = check(contract, usage(MONTH), month=MONTH)
    signals = [one.signal for one in found]

    assert len(signals) == len(set(signals))
    assert all(one.layer is Layer.GATE for one in found)


def test_a_surge_of_rows_warns_and_does_not_block(contract: TableContract, usage: Usage) -> None:
    surge = usage(MONTH, rows=1200)

    found = check(contract, surge, month=MONTH)

    assert alarms(found)["row_count"].value > alarms(found)["row_count"].threshold
    assert blocking(found) == ()


def test_a_new_price_passes_where_good_months_have_seen_one(usage: Usage) -> None:
    def priced(month: str, price: float) -> pd.DataFrame:
        table = usage(month)
        return table.assign(price=np.where(table["plan"] == "basic", price, table["minutes"] + 20.0))

    months = {name_of(at): priced(name_of(at), 9.0 if at % 12 < 9 else 9.5) for at in range(24_288, 24_312)}
    contract = learn("usage", months)

    raised = alarms(check(contract, priced(MONTH, 10.0), month=MONTH))
    constant = alarms(check(contract, priced(MONTH, 10.0).assign(price=10.0), month=MONTH))

    assert "default_share" not in raised
    assert constant["default_share"].hard


def test_a_usual_value_that_spreads_warns_and_a_new_one_blocks(contract: TableContract, usage: Usage) -> None:
    spread, filled, constant = (
        alarms(check(contract, table, month=MONTH))["default_share"].hard
        for table in (
            slowly(usage(MONTH), "tickets", 0.3, 1.0),
            slowly(usage(MONTH), "tickets", 0.3, 2.5),
            usage(MONTH).assign(tickets=1.0),
        )
    )

    assert (spread, filled, constant) == (False, True, True)


def test_of_many_changed_slices_the_ones_that_explain_the_change_are_named(
    contract: TableContract, usage: Usage
) -> None:
    table = usage(MONTH, rows=1500)
    by_plan = table.assign(minutes=table["minutes"].where(table["plan"] == "basic", table["minutes"] * 60))

    found = [one for one in check(contract, by_plan, month=MONTH) if one.signal == "level" and one.hard]
    named = {one.subject.segment for one in found}

    assert named in ({""}, {"plan=plus", "plan=pro"})


def test_few_rows_that_nobody_counts_are_said_to_be_too_few(contract: TableContract, usage: Usage) -> None:
    uncounted, few = replace(contract, log_rows=None), usage(MONTH).head(12)

    said = {one.signal: one for one in check(uncounted, few, month=MONTH)}

    assert said["row_count"].verdict is Verdict.CANNOT_TELL
    assert said["row_count"].note.startswith("12 rows: too few to judge columns")
    assert not alarms(list(said.values()))


@pytest.mark.parametrize(
    ("value", "signal"), [(np.nan, "null_share"), (-999999.0, "negative_share"), (1e9, "out_of_range")]
)
def test_of_few_rows_a_break_of_every_single_one_is_told(
    contract: TableContract, usage: Usage, value: float, signal: str
) -> None:
    uncounted = replace(contract, log_rows=None)
    few = usage(MONTH).head(12).assign(minutes=value)
    single = few.assign(minutes=np.where(np.arange(12) == 3, value, usage(MONTH)["minutes"].head(12)))

    assert signal in alarms(check(uncounted, few, month=MONTH))
    assert signal not in alarms(check(uncounted, single, month=MONTH))


@pytest.mark.parametrize(("months", "most"), [(1, 0.01), (6, 0.02)])
def test_the_share_of_a_single_good_month_is_no_more_exact_than_the_new_one(months: int, most: float) -> None:
    def table(seed: int, rows: int = 4000) -> pd.DataFrame:
        drawn = np.random.default_rng(seed).normal(size=(rows, 8))
        return pd.DataFrame(np.where(drawn > 1.0, np.nan, drawn), columns=[f"x{at}" for at in range(8)])

    quiet, loud = [], []
    for seed in range(60):
        good = {month: table(1000 * seed + at) for at, month in enumerate(_few(months))}
        known, new = learn("view", good), table(1000 * seed + 500)
        quiet.append(alarms(check(known, new, month=MONTH)).keys() & {"negative_share", "null_share", "nulls_gone"})
        loud.append(alarms(check(known, new.assign(x3=new["x3"] - 0.3), month=MONTH)))

    assert np.mean([bool(one) for one in quiet]) <= most
    assert np.mean(["negative_share" in one for one in loud]) == 1.0


def _few(months: int) -> list[str]:
    return [name_of(index_of("2024-01") + at) for at in range(months)]
