"""What a business does to its tables warns at most; what damages them blocks."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring.gate.check import blocking, check
from monitoring.gate.contract import TableContract
from monitoring.gate.labels import poisson_tail
from monitoring.gate.learn import learn
from monitoring.months import end_of, index_of, name_of
from monitoring.vocabulary import Measurement, Verdict

MONTHS = [name_of(index_of("2023-01") + step) for step in range(24)]
NOW = "2025-01"


def contracts_month(month: str, *, starts: int = 300, price: float = 10.0, rows: int = 600) -> pd.DataFrame:
    """A month of subscription events: starts without a reason, ends with one; most pay the list price."""
    rng = np.random.default_rng([index_of(month), starts])
    ends = rows - 300
    event = np.array(["start"] * starts + ["end"] * ends)
    reason = np.where(event == "end", rng.choice(["left", "unpaid"], len(event), p=[0.7, 0.3]), None)
    at = end_of(month) - pd.DateOffset(months=1) + pd.to_timedelta(rng.uniform(0, 25, len(event)), unit="D")
    late = pd.to_timedelta(np.where(reason == "unpaid", 4.0, 0.5) * rng.uniform(0.5, 1.5, len(event)), unit="D")
    return pd.DataFrame(
        {
            "event": event,
            "reason": reason,
            "price": np.where(rng.random(len(event)) < 0.6, price, 2.0 * price),
            "rise": np.where(rng.random(len(event)) < 0.3, np.nan, rng.uniform(2.4, 2.6, len(event))),
            "event_at": at,
            "available_at": at + late,
        }
    )


@pytest.fixture(scope="module")
def contract() -> TableContract:
    return learn("subscriptions", {month: contracts_month(month) for month in MONTHS})


def alarms(contract: TableContract, table: pd.DataFrame) -> dict[str, Measurement]:
    return {one.signal: one for one in check(contract, table, month=NOW) if one.verdict is Verdict.ALARM}


def test_newcomers_without_a_reason_to_leave_are_no_empty_cells(contract: TableContract) -> None:
    base_taken_over = contracts_month(NOW, starts=2600)

    found = check(contract, base_taken_over, month=NOW)

    assert blocking(found) == ()
    assert set(alarms(contract, base_taken_over)) == {"row_count"}


def test_reasons_that_are_lost_are_empty_cells(contract: TableContract) -> None:
    table = contracts_month(NOW)
    lost = table.assign(reason=table["reason"].where(np.arange(len(table)) % 2 == 0))

    assert alarms(contract, lost)["null_share"].hard


def test_new_list_prices_take_the_place_of_old_ones(contract: TableContract) -> None:
    assert blocking(check(contract, contracts_month(NOW, price=11.5), month=NOW)) == ()
    assert "default_share" not in alarms(contract, contracts_month(NOW, price=11.5))


def test_a_price_on_top_of_the_old_ones_is_a_default(contract: TableContract) -> None:
    table = contracts_month(NOW)
    filled = table.assign(price=table["price"].where(np.arange(len(table)) % 3 > 0, 11.5))

    assert alarms(contract, filled)["default_share"].hard


def test_a_column_that_never_varied_warns_when_it_does_and_blocks_on_a_unit(contract: TableContract) -> None:
    table = contracts_month(NOW)
    business = alarms(contract, table.assign(rise=table["rise"] * 6.0))
    unit = alarms(contract, table.assign(rise=table["rise"] * 100.0))

    assert (business["level"].hard, business["out_of_range"].hard) == (False, False)
    assert unit["level"].hard
    assert "x100" in unit["level"].note


def test_a_mixture_gets_no_name_but_its_slice_does(contract: TableContract) -> None:
    table = contracts_month(NOW)
    mixed = table.assign(price=table["price"].where(table["event"] == "start", table["price"] * 60.0))

    found = [one for one in check(contract, mixed, month=NOW) if one.signal == "level" and one.verdict is Verdict.ALARM]
    notes = {one.subject.segment: one.note for one in found}

    assert "x60 (minutes for hours" in notes["event=end"]
    assert "(" not in notes.get("", "")


def test_two_columns_that_changed_places_are_named(contract: TableContract) -> None:
    months = {month: contracts_month(month).assign(minutes=lambda t: t["price"] * 12.3) for month in MONTHS}
    both = learn("subscriptions", months)
    table = contracts_month(NOW).assign(minutes=lambda t: t["price"] * 12.3)

    found = check(both, table.rename(columns={"price": "minutes", "minutes": "price"}), month=NOW)
    notes = {one.subject.feature: one.note for one in found if one.signal == "level" and one.verdict is Verdict.ALARM}

    assert "holds what minutes should" in notes["price"]
    assert "holds what price should" in notes["minutes"]


def test_a_kind_of_row_that_waits_longer_is_named(contract: TableContract) -> None:
    table = contracts_month(NOW)
    held = table.assign(
        available_at=table["available_at"].where(
            table["reason"] != "unpaid", table["available_at"] + pd.Timedelta("20D")
        )
    )

    found = alarms(contract, held)["lateness"]

    assert found.subject.segment == "reason=unpaid"
    assert found.hard


def test_a_kind_of_row_that_no_longer_comes_blocks_and_one_that_gets_rarer_does_not(contract: TableContract) -> None:
    table = contracts_month(NOW)
    unpaid = table["reason"] == "unpaid"
    gone = table[~unpaid]
    rarer = table[~unpaid | (np.arange(len(table)) % 3 == 0)]

    assert alarms(contract, gone)["label_gone"].hard
    assert "label_gone" not in alarms(contract, rarer)


@pytest.mark.parametrize("relabelled", [["end"], ["start"]])
def test_events_booked_as_others_leave_a_gap(contract: TableContract, relabelled: list[str]) -> None:
    table = contracts_month(NOW)
    other = {"end": "start", "start": "end"}[relabelled[0]]

    assert alarms(contract, table.assign(event=table["event"].replace(relabelled, other)))["label_gone"].hard


def test_the_bound_on_a_poisson_tail_holds() -> None:
    from scipy.stats import poisson

    cases: list[tuple[int, float]] = [(0, 3.0), (2, 10.0), (9, 10.0), (30, 60.0)]
    assert all(
        poisson.cdf(count, expected) <= poisson_tail(count, expected) + 1e-12 <= 1.0 + 1e-9 for count, expected in cases
    )


def test_a_contract_of_every_promise_survives_json(contract: TableContract) -> None:
    assert TableContract.from_plain(json.loads(json.dumps(contract.to_plain()))) == contract


SHIFTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "later": lambda t: t.assign(event_at=t["event_at"] + pd.DateOffset(years=1)),
    "some later": lambda t: t.assign(event_at=t["event_at"].where(t.index % 10 > 0, pd.Timestamp("2031-01-01"))),
}


@pytest.mark.parametrize("name", SHIFTS)
def test_times_after_the_cutoff_block(name: str, contract: TableContract) -> None:
    assert alarms(contract, SHIFTS[name](contracts_month(NOW)))["future_events"].hard


def rise_counters(month: str, months_since: float, *, unit: float = 1.0) -> pd.DataFrame:
    """Months since each customer's last price rise: half of them rose together, the others at any time."""
    rng = np.random.default_rng(index_of(month))
    since = np.where(rng.random(800) < 0.5, months_since, rng.uniform(0.5, 2.0, 800) * months_since)
    return pd.DataFrame({"customer_id": np.arange(800), "months_since_rise": since * unit})


def test_a_counter_that_is_set_back_once_a_year_may_climb_a_little_higher() -> None:
    good = {month: rise_counters(month, 0.5 + at % 12) for at, month in enumerate(MONTHS)}
    contract = learn("view", good, key=("customer_id",), event_at=None, available_at=None)

    def level(table: pd.DataFrame) -> Measurement:
        return next(one for one in check(contract, table, month=NOW) if one.signal == "level")

    late = level(rise_counters(NOW, 15.5))
    in_days = level(rise_counters(NOW, 6.5, unit=30.44))

    assert late.verdict is Verdict.OK
    assert late.threshold is not None
    assert late.value is not None
    assert late.threshold > late.value > 2.5
    assert (in_days.verdict, in_days.hard) == (Verdict.ALARM, True)


def test_a_counter_set_back_for_many_at_once_does_not_belong_to_other_rows_but_a_shuffled_one_does() -> None:
    rng = np.random.default_rng(5)
    start = rng.uniform(0.5, 14.0, 800)
    good = {
        month: pd.DataFrame({"customer_id": np.arange(800), "since": start + at}) for at, month in enumerate(MONTHS)
    }
    contract = learn("view", good, key=("customer_id",), event_at=None, available_at=None)
    before = good[MONTHS[-1]]
    back = before.assign(since=np.where(rng.random(800) < 0.85, rng.uniform(0.1, 0.9, 800), before["since"] + 1))
    shuffled = before.assign(since=rng.permutation(before["since"] + 1))

    def strayed(table: pd.DataFrame) -> Measurement:
        return next(one for one in check(contract, table, before, month=NOW) if one.signal == "strayed")

    assert (strayed(back).verdict, strayed(back).hard) == (Verdict.ALARM, False)
    assert "others than they were" in strayed(back).note
    assert (strayed(shuffled).verdict, strayed(shuffled).hard) == (Verdict.ALARM, True)
    assert "may belong to other rows" in strayed(shuffled).note
    assert strayed(before.assign(since=before["since"] + 1)).verdict is Verdict.OK
