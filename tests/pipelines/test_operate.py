"""What the production months receive: broken deliveries while a fault lasts, repaired ones once it has ended."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dataset import Feed
from pipelines.flows.operate import Deliveries, _as_tables, _damage, _feed
from pipelines.parameters import Parameters
from pipelines.script import faults
from pipelines.store import as_table
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import pulled
from pipelines.world.faults.fault import PulledFault

MONTHS = range(24, 31)
CLEAN = {month: {"usage": pd.DataFrame({"active_minutes": [float(month)]})} for month in MONTHS}
BROKEN = {month: {"usage": pd.DataFrame({"active_minutes": [60.0 * month]})} for month in MONTHS}
DELIVERIES = Deliveries(clean=CLEAN, damaged=BROKEN)
BRIEF = pulled("unit_change", start=25, until=26)

COMPANY = Company(seed=1, customers=500, calendar=Calendar(first_month="2023-01", burn_in=6, history=24, production=12))


def broken(month: int, *faults_: PulledFault) -> list[int]:
    """The months whose delivery the run at the start of `month` knows as broken."""
    known = DELIVERIES.as_known(month, faults_)
    return [at for at, tables in zip(MONTHS, known, strict=False) if tables is BROKEN[at]]


def test_a_run_knows_what_was_delivered_before_it_and_nothing_else() -> None:
    assert len(list(DELIVERIES.as_known(24, [BRIEF]))) == 0
    assert [tables["usage"]["active_minutes"][0] for tables in DELIVERIES.as_known(27, [])] == [24.0, 25.0, 26.0]


def test_nothing_is_broken_without_a_fault() -> None:
    assert broken(30) == []


def test_deliveries_stay_broken_while_the_fault_lasts() -> None:
    assert broken(25, BRIEF) == []
    assert broken(26, BRIEF) == [25]
    assert broken(27, BRIEF) == [25, 26]


def test_broken_deliveries_are_sent_again_repaired_once_the_fault_has_ended() -> None:
    assert broken(28, BRIEF) == []


def test_a_fault_without_an_end_is_never_repaired() -> None:
    assert broken(30, replace(BRIEF, until=None)) == [25, 26, 27, 28, 29]


def test_a_later_fault_does_not_break_what_was_repaired_before() -> None:
    assert broken(29, BRIEF, pulled("stale_feed", start=28)) == [28]


def test_a_month_hit_by_two_faults_is_repaired_when_both_have_ended() -> None:
    long = pulled("stale_feed", start=26, until=27)

    assert broken(28, BRIEF, long) == [26, 27]
    assert broken(29, BRIEF, long) == []


@given(start=st.integers(23, 30), lasts=st.integers(0, 4), run=st.integers(24, 31))
def test_a_delivery_is_broken_from_its_month_to_the_run_after_the_faults_last(start: int, lasts: int, run: int) -> None:
    fault = pulled("unit_change", start=start, until=start + lasts)

    hit = range(max(start, 24), min(start + lasts + 1, run, 31))
    assert broken(run, fault) == (list(hit) if run <= start + lasts + 1 else [])


def test_the_feed_is_the_history_followed_by_the_deliveries() -> None:
    history = Feed({"usage": [CLEAN[24]["usage"]] * 24})

    feed = _feed(history, DELIVERIES.as_known(27, [BRIEF]))

    assert feed.all("usage")["active_minutes"].tolist()[24:] == [24.0, 60.0 * 25, 60.0 * 26]
    assert len(history.months["usage"]) == 24


@pytest.fixture
def tables() -> Mapping[str, pd.DataFrame]:
    usage = pd.DataFrame({"customer_id": [1, 2], "platform": ["app", "web"], "active_minutes": [10.0, 20.0]})
    return {"usage": usage, "tickets": pd.DataFrame({"ticket_id": [7]})}


@pytest.mark.parametrize(("month", "minutes"), [(24, 10.0), (25, 600.0), (26, 600.0), (27, 10.0)])
def test_a_delivery_is_damaged_from_the_faults_first_month_to_its_last(
    tables: Mapping[str, pd.DataFrame], month: int, minutes: float
) -> None:
    arrived = _damage(COMPANY, [BRIEF], month, tables, previous=tables)

    assert arrived["usage"]["active_minutes"].tolist() == [minutes, 20.0]
    assert arrived["tickets"] is tables["tickets"]
    assert tables["usage"]["active_minutes"].tolist() == [10.0, 20.0]


def test_only_damaged_tables_are_written_anew(tables: Mapping[str, pd.DataFrame]) -> None:
    made = {name: as_table(rows) for name, rows in tables.items()}

    written = _as_tables(made, tables, _damage(COMPANY, [BRIEF], 25, tables, previous=tables))

    assert written["tickets"] is made["tickets"]
    assert written["usage"].column("active_minutes").to_pylist() == [600.0, 20.0]


def test_production_month_one_is_the_first_after_the_history(parameters: Parameters) -> None:
    event = {"fault": "unit_change", "start": 1, "until": 2}
    given_ = parameters.model_dump()
    given_["drift"]["faults"] = [event]

    (fault,) = faults(Parameters.model_validate(given_))

    assert (fault.start, fault.until) == (parameters.world.history, parameters.world.history + 1)
