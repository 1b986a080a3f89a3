import numpy as np
import pandas as pd

from monitoring.gate.gate import Delivered, Gate, GoodDeliveries, check_month, learn_gate
from monitoring.months import end_of, index_of, name_of
from monitoring.vocabulary import Measurement, Verdict

MONTHS = [name_of(index_of("2024-01") + step) for step in range(6)]
NOW = "2024-07"
KEYS = {"customers": ["customer_id"], "visits": ["visit_id"]}


def customers(month: str) -> pd.DataFrame:
    rng = np.random.default_rng(index_of(month))
    start = end_of(month) - pd.DateOffset(months=1)
    joined = start + pd.to_timedelta(rng.uniform(0, 20, 80), unit="D")
    return pd.DataFrame({"customer_id": np.arange(80) + 100 * index_of(month), "event_at": joined})


def visits(month: str) -> pd.DataFrame:
    rng = np.random.default_rng([index_of(month), 2])
    new = customers(month).loc[np.repeat(np.arange(80), 3)].reset_index(drop=True)
    after = pd.to_timedelta(rng.uniform(0, 8, len(new)), unit="D")
    return new.assign(visit_id=np.arange(len(new)) + 1000 * index_of(month), event_at=new["event_at"] + after)


def view(month: str) -> pd.DataFrame:
    rng = np.random.default_rng([index_of(month), 3])
    return pd.DataFrame({"customer_id": np.arange(200), "x": rng.normal(size=200)})


def gate() -> Gate:
    tables = {"customers": {m: customers(m) for m in MONTHS}, "visits": {m: visits(m) for m in MONTHS}}
    return learn_gate(GoodDeliveries(views={m: view(m) for m in MONTHS}, tables=tables, keys=KEYS))


def said(now: pd.DataFrame, *, of: Gate | None = None, entity: object = None) -> dict[str, Measurement]:
    tables = {"customers": customers(NOW) if entity is None else entity, "visits": now}
    found = check_month(of or gate(), Delivered(month=NOW, view=view(NOW), tables=tables))
    return {one.signal: one for one in found if one.verdict is Verdict.ALARM}


def test_nobodys_rows_lie_before_their_first_day_in_a_good_month() -> None:
    assert [(one.table, one.entity) for one in gate().relations] == [("visits", "customers")]
    assert "before_first_day" not in said(visits(NOW))


def test_rows_that_carry_another_customers_id_are_seen() -> None:
    mixed = visits(NOW)
    found = said(mixed.assign(customer_id=np.roll(mixed["customer_id"], 30)))["before_first_day"]

    assert found.hard
    assert found.subject.table == "visits"
    assert "wrong" in found.note


def test_a_relation_between_what_cannot_be_read_says_nothing_and_does_not_fail() -> None:
    assert "before_first_day" not in said(visits(NOW).drop(columns="event_at"))
    assert "before_first_day" not in said(visits(NOW), entity="customers.csv")


def test_a_table_nobody_leans_on_cannot_block() -> None:
    weighted = gate().weighted({"visits": {}}, {"x": 1.0})
    mixed = visits(NOW)

    found = said(mixed.assign(customer_id=np.roll(mixed["customer_id"], 30)).head(20), of=weighted)

    assert found["row_count"].weight == 0.0
