"""Every broken input becomes a structured alarm, nothing raises or passes silently, and a healthy month is quiet."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from monitoring import evidently_face
from monitoring.monitor import MonthReport, observe
from monitoring.months import end_of, index_of, name_of
from monitoring.performance.profit import Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.screening import MonthInput, screen
from monitoring.state import MonitorState
from monitoring.vocabulary import Layer, Verdict

ROWS, MONTH, BEFORE = 900, "2025-03", "2025-02"
WEIGHTS = {"usage": 0.4, "price": 0.2, "plan": 0.2, "tickets": 0.1, "smb": 0.05, "joined_at": 0.05}
LATENT = np.random.default_rng(11)
HABIT = LATENT.gamma(2.0, 40.0, ROWS + 100)
PLAN = LATENT.choice(["basic", "plus", "pro"], ROWS + 100, p=[0.5, 0.3, 0.2])
SMB = LATENT.random(ROWS + 100) < 0.3
JOINED = pd.Timestamp("2015-01-05") + pd.to_timedelta(LATENT.integers(0, 2500, ROWS + 100), unit="D")


def who(month: str) -> np.ndarray:
    """The customers of a month: one in ten of the last hundred comes and goes."""
    return np.arange(ROWS) + index_of(month) % 10 * 10


def view(month: str) -> pd.DataFrame:
    rng, ids = np.random.default_rng(index_of(month)), who(month)
    return pd.DataFrame(
        {
            "customer_id": ids,
            "usage": HABIT[ids] * rng.gamma(8.0, 1.0 / 8.0, ROWS),
            "price": np.where(rng.random(ROWS) < 0.12, np.nan, np.array([9.0, 19.0, 49.0])[ids % 3]),
            "plan": PLAN[ids],
            "tickets": rng.poisson(0.6, ROWS).astype(float),
            "smb": SMB[ids],
            "joined_at": JOINED[ids],
        }
    )


def events(month: str) -> pd.DataFrame:
    rng, ids = np.random.default_rng([index_of(month), 7]), np.repeat(who(month), 2)
    start = end_of(month) - pd.DateOffset(months=1)
    days = pd.to_timedelta(np.floor(rng.uniform(0, 27.5, len(ids))), unit="D")
    wait = pd.to_timedelta(rng.exponential(3.0, len(ids)), unit="h")
    return pd.DataFrame(
        {
            "event_id": np.arange(len(ids)) + index_of(month) * 10_000,
            "customer_id": ids,
            "event_at": start + days,
            "available_at": start + days + wait,
            "platform": np.where(ids % 3 == 0, "app", "web"),
            "minutes": HABIT[ids] * rng.gamma(8.0, 1.0 / 8.0, len(ids)),
            "outcome": rng.choice(["paid", "declined", "refunded"], len(ids), p=[0.85, 0.1, 0.05]),
        }
    )


def signups(month: str) -> pd.DataFrame:
    first = events(month).groupby("customer_id", as_index=False).agg(event_at=("event_at", "min"))
    new = first.iloc[::4].reset_index(drop=True)
    return new.assign(available_at=new["event_at"] + pd.Timedelta(hours=1), region="EMEA")


def score(month: str) -> pd.Series:
    return pd.Series(1.0 / (1.0 + np.exp(1.5 + 0.02 * (view(month)["usage"] - 80.0))))


def cohort(month: str) -> pd.DataFrame:
    chance = score(month)
    return pd.DataFrame({"score": chance, "churned": np.random.default_rng([index_of(month), 1]).random(ROWS) < chance})


def given(month: str) -> MonthInput:
    before = name_of(index_of(month) - 1)
    return MonthInput(
        month=month,
        view=view(month),
        score=score(month),
        tables={"events": events(month), "signups": signups(month)},
        previous_tables={"events": events(before), "signups": signups(before)},
        previous_view=view(before),
    )


@pytest.fixture(scope="module")
def reference() -> Reference:
    months = [name_of(index_of("2023-01") + step) for step in range(24)]
    good = GoodMonths(
        views={month: view(month) for month in months},
        cohorts={month: cohort(month) for month in months},
        tables={
            "events": {month: events(month) for month in months},
            "signups": {month: signups(month) for month in months},
        },
        keys={"model_view": ["customer_id"], "events": ["event_id"], "signups": ["customer_id"]},
    )
    shop = Economics(clv=200.0, offer_cost=15.0, contact_cost=1.0, acceptance_rate=0.4)
    return build_reference(good, Policy(threshold=0.2, economics=shop, weights=WEIGHTS))


Damage = Callable[[pd.DataFrame], object]


def in_view(damage: Damage) -> Callable[[MonthInput], MonthInput]:
    """The month with its view damaged; scores are cut or filled up to as many as there are rows."""

    def damaged(month: MonthInput) -> MonthInput:
        table = damage(month.view.copy())
        rows = len(table) if isinstance(table, pd.DataFrame) else 0
        return replace(month, view=table, score=pd.Series(np.resize(month.score.to_numpy(), rows)))

    return damaged


def in_table(name: str, damage: Damage) -> Callable[[MonthInput], MonthInput]:
    return lambda month: replace(month, tables={**month.tables, name: damage(month.tables[name].copy())})


def events_with(damage: Damage) -> Callable[[MonthInput], MonthInput]:
    return in_table("events", damage)


def some_floats(column: pd.Series, share: float, value: float) -> pd.Series:
    return some(column, share, value).astype(float)


def some(column: pd.Series, share: float, value: object) -> pd.Series:
    """The column with a share of its cells, spread evenly, set to a value."""
    hit = np.arange(len(column)) % 100 < 100 * share
    return pd.Series([value if here else cell for here, cell in zip(hit, column, strict=True)], dtype=object)


def mixed_zones(times: pd.Series) -> pd.Series:
    zones = ("UTC", "Asia/Tokyo")
    return pd.Series([at.tz_localize("UTC").tz_convert(zones[n % 2]) for n, at in enumerate(times)], dtype=object)


CASES: dict[str, tuple[Callable[[MonthInput], MonthInput], str]] = {
    # what is no table, or hardly one
    "nothing": (lambda m: replace(m, view=None, score=None), "not_delivered"),
    "a list of dictionaries": (in_view(lambda t: t.head(3).to_dict("records")), "not_delivered"),
    "an array": (in_view(lambda t: t[["usage", "price"]].to_numpy()), "not_delivered"),
    "a single column": (in_view(lambda t: t["usage"]), "not_delivered"),
    "a table without rows or columns": (in_view(lambda _: pd.DataFrame()), "missing_column"),
    "no rows": (in_view(lambda t: t.head(0)), "row_count"),
    "one row": (in_view(lambda t: t.head(1)), "row_count"),
    "twenty rows": (in_view(lambda t: t.head(20)), "row_count"),
    "a raw table that never came": (
        lambda m: replace(m, tables={"signups": m.tables["signups"]}),
        "not_delivered",
    ),
    "a raw table without rows": (events_with(lambda t: t.head(0)), "row_count"),
    "a raw table as a path": (events_with(lambda _: "events.parquet"), "not_delivered"),
    # columns
    "a missing column": (in_view(lambda t: t.drop(columns="usage")), "missing_column"),
    "a renamed column": (in_view(lambda t: t.rename(columns={"usage": "Usage"})), "missing_column"),
    "two columns of one name": (in_view(lambda t: pd.concat([t, t[["usage"]]], axis=1)), "duplicate_column"),
    "all names doubled": (in_view(lambda t: pd.concat([t, t], axis=1)), "duplicate_column"),
    "a column too many": (in_view(lambda t: t.assign(extra=1.0)), "unexpected_column"),
    "columns on two levels": (
        in_view(lambda t: t.set_axis(pd.MultiIndex.from_product([["v"], t.columns]), axis=1)),
        "missing_column",
    ),
    "columns named by numbers": (in_view(lambda t: t.set_axis(range(t.shape[1]), axis=1)), "missing_column"),
    "values under the wrong names": (
        in_view(lambda t: t.set_axis(["customer_id", *t.columns[:0:-1]], axis=1)),
        "wrong_kind",
    ),
    "the id gone into the index": (in_view(lambda t: t.set_index("customer_id")), "missing_column"),
    # types
    "numbers as text": (in_view(lambda t: t.assign(usage=t["usage"].astype(str))), "wrong_kind"),
    "decimal commas": (
        in_view(lambda t: t.assign(usage=t["usage"].map(lambda x: f"{x:.2f}".replace(".", ",")))),
        "wrong_kind",
    ),
    "thousands separators": (in_view(lambda t: t.assign(usage=(t["usage"] * 99).map("{:,.1f}".format))), "wrong_kind"),
    "a unit in every cell": (in_view(lambda t: t.assign(usage=t["usage"].map("{:.1f} min".format))), "wrong_kind"),
    "text among numbers": (in_view(lambda t: t.assign(usage=some(t["usage"], 0.03, "n/a"))), "wrong_kind"),
    "numbers, text and lists": (
        in_view(lambda t: t.assign(usage=some(some(t["usage"], 0.2, "x"), 0.1, [1, 2]))),
        "wrong_kind",
    ),
    "dictionaries in a category": (in_view(lambda t: t.assign(plan=some(t["plan"], 0.5, {"id": 1}))), "unseen_labels"),
    "lists in the key": (in_view(lambda t: t.assign(customer_id=[[i] for i in t["customer_id"]])), "stored_otherwise"),
    "sets in the key": (in_view(lambda t: t.assign(customer_id=[{i} for i in t["customer_id"]])), "stored_otherwise"),
    "complex numbers": (in_view(lambda t: t.assign(usage=t["usage"] + 1j)), "wrong_kind"),
    "bytes for text": (in_view(lambda t: t.assign(plan=t["plan"].str.encode("utf-8"))), "unseen_labels"),
    "bytes for numbers": (in_view(lambda t: t.assign(usage=t["usage"].map(lambda x: str(x).encode()))), "wrong_kind"),
    "times for numbers": (in_view(lambda t: t.assign(usage=t["joined_at"])), "wrong_kind"),
    "spans of time for numbers": (
        in_view(lambda t: t.assign(usage=pd.to_timedelta(t["usage"], unit="min"))),
        "wrong_kind",
    ),
    "flags as words": (in_view(lambda t: t.assign(smb=np.where(t["smb"], "yes", "no"))), "unseen_labels"),
    "flags as the text of flags": (in_view(lambda t: t.assign(smb=t["smb"].astype(str))), "stored_otherwise"),
    "flags as 0 and 1": (in_view(lambda t: t.assign(smb=t["smb"].astype(int))), "unseen_labels"),
    "dates as text": (
        in_view(lambda t: t.assign(joined_at=t["joined_at"].dt.strftime("%Y-%m-%d"))),
        "stored_otherwise",
    ),
    "dates in words nobody reads": (in_view(lambda t: t.assign(joined_at="the other day")), "wrong_kind"),
    "epoch numbers for dates": (in_view(lambda t: t.assign(joined_at=t["joined_at"].astype("int64"))), "wrong_kind"),
    "times in two zones": (in_view(lambda t: t.assign(joined_at=mixed_zones(t["joined_at"]))), "stored_otherwise"),
    "labels as codes": (in_view(lambda t: t.assign(plan=t["plan"].astype("category").cat.codes)), "unseen_labels"),
    # cells
    "an empty column": (in_view(lambda t: t.assign(usage=np.nan)), "null_share"),
    "a column of None": (in_view(lambda t: t.assign(plan=None)), "null_share"),
    "a column of pd.NA": (in_view(lambda t: t.assign(usage=pd.array([pd.NA] * len(t), dtype="Float64"))), "null_share"),
    "three cells in ten empty": (in_view(lambda t: t.assign(usage=some(t["usage"], 0.3, None))), "null_share"),
    "empty texts for empty cells": (in_view(lambda t: t.assign(plan=some(t["plan"], 0.1, ""))), "unseen_labels"),
    "the word null for empty cells": (in_view(lambda t: t.assign(plan=some(t["plan"], 0.1, "null"))), "unseen_labels"),
    "empty texts in a number": (
        in_view(lambda t: t.assign(price=t["price"].astype(object).where(t["price"].notna(), ""))),
        "wrong_kind",
    ),
    "empty cells filled with zero": (in_view(lambda t: t.assign(price=t["price"].fillna(0.0))), "nulls_gone"),
    "empty cells filled with the mean": (
        in_view(lambda t: t.assign(price=t["price"].fillna(t["price"].mean()))),
        "nulls_gone",
    ),
    "a sentinel of 999": (
        in_view(lambda t: t.assign(usage=some_floats(t["usage"], 0.1, 999.0))),
        "out_of_range",
    ),
    "a sentinel of -1": (
        in_view(lambda t: t.assign(usage=some_floats(t["usage"], 0.1, -1.0))),
        "negative_share",
    ),
    "a quiet default": (in_view(lambda t: t.assign(usage=some_floats(t["usage"], 0.3, 80.0))), "default_share"),
    "all numbers equal": (in_view(lambda t: t.assign(usage=80.0)), "default_share"),
    "all labels equal": (in_view(lambda t: t.assign(plan="basic")), "label_gone"),
    "infinities": (in_view(lambda t: t.assign(usage=some_floats(t["usage"], 0.02, np.inf))), "infinite_share"),
    "one absurd value": (
        in_view(lambda t: t.assign(usage=t["usage"].where(t.index != 5, 1e300))),
        "absurd_value",
    ),
    "negative where never": (
        in_view(lambda t: t.assign(usage=some_floats(t["usage"], 0.1, -20.0))),
        "negative_share",
    ),
    "a sign turned round": (in_view(lambda t: t.assign(usage=-t["usage"])), "negative_share"),
    "capped values": (in_view(lambda t: t.assign(usage=t["usage"].clip(upper=70.0))), "default_share"),
    "unseen labels": (in_view(lambda t: t.assign(plan=some(t["plan"], 0.05, "enterprise"))), "unseen_labels"),
    "labels in another case": (in_view(lambda t: t.assign(plan=t["plan"].str.title())), "unseen_labels"),
    "labels with a blank": (in_view(lambda t: t.assign(plan=t["plan"] + " ")), "unseen_labels"),
    # units and meanings
    "hours as minutes": (in_view(lambda t: t.assign(usage=t["usage"] * 60)), "level"),
    "thousands as units": (in_view(lambda t: t.assign(usage=t["usage"] * 1000)), "level"),
    "units as percent": (in_view(lambda t: t.assign(usage=t["usage"] * 0.01)), "level"),
    "another unit in one slice": (
        events_with(lambda t: t.assign(minutes=t["minutes"].where(t["platform"] == "web", t["minutes"] * 60))),
        "level",
    ),
    "two columns swapped": (in_view(lambda t: t.rename(columns={"usage": "price", "price": "usage"})), "nulls_gone"),
    "a column one row down": (in_view(lambda t: t.assign(usage=t["usage"].shift(fill_value=80.0))), "strayed"),
    "labels one row down": (in_view(lambda t: t.assign(plan=t["plan"].shift(fill_value="basic"))), "strayed"),
    "flags turned round": (in_view(lambda t: t.assign(smb=~t["smb"])), "strayed"),
    "the column of a month before": (
        in_view(lambda t: t.assign(usage=t["customer_id"].map(view(BEFORE).set_index("customer_id")["usage"]))),
        "unchanged",
    ),
    # rows
    "rows cut off": (in_view(lambda t: t.head(ROWS // 2)), "row_count"),
    "rows doubled": (in_view(lambda t: pd.concat([t, t.head(200)])), "duplicate_rows"),
    "a join that fans out": (events_with(lambda t: pd.concat([t, t.iloc[::3], t.iloc[::3]])), "duplicate_rows"),
    "a partition missing": (events_with(lambda t: t[t["platform"] != "app"]), "label_gone"),
    "one outcome missing": (events_with(lambda t: t[t["outcome"] != "declined"]), "label_gone"),
    "the last delivery again": (lambda m: replace(m, tables={**m.tables, **m.previous_tables}), "repeated_keys"),
    "the last delivery with new ids": (
        in_view(lambda t: view(BEFORE).assign(customer_id=t["customer_id"])),
        "strayed",
    ),
    # times
    "a feed that stopped": (events_with(lambda t: t[t["event_at"].dt.day < 12]), "freshness"),
    "events two months old": (
        events_with(lambda t: t.assign(event_at=t["event_at"] - pd.DateOffset(months=2))),
        "freshness",
    ),
    "rows that come days late": (
        events_with(lambda t: t.assign(available_at=t["available_at"] + pd.Timedelta(days=9))),
        "lateness",
    ),
    "one kind of rows that comes late": (
        events_with(
            lambda t: t.assign(
                available_at=t["available_at"].where(
                    t["outcome"] != "declined", t["available_at"] + pd.Timedelta(days=9)
                )
            )
        ),
        "lateness",
    ),
    "times of next year": (
        events_with(lambda t: t.assign(event_at=t["event_at"].where(t.index % 20 > 0, pd.Timestamp("2026-01-01")))),
        "future_events",
    ),
    "times in another zone": (
        events_with(lambda t: t.assign(event_at=t["event_at"] - pd.Timedelta(hours=9))),
        "odd_hours",
    ),
    "no time that can be read": (events_with(lambda t: t.assign(event_at="soon")), "freshness"),
    "events before the first day": (
        in_table("signups", lambda t: t.assign(event_at=t["event_at"] + pd.Timedelta(days=14))),
        "before_first_day",
    ),
    "another customer's rows": (
        events_with(lambda t: t.assign(customer_id=np.roll(t["customer_id"], 2))),
        "before_first_day",
    ),
    # scores
    "no scores": (lambda m: replace(m, score=None), "scored_share"),
    "scores that are no numbers": (lambda m: replace(m, score=pd.Series(["high"] * ROWS)), "scored_share"),
    "scores above one": (lambda m: replace(m, score=m.score * 100), "scored_share"),
    "half of the scores": (lambda m: replace(m, score=m.score.head(ROWS // 2)), "scored_share"),
}
"""What is done to a month, and the signal that must speak."""

HEALTHY: dict[str, Callable[[MonthInput], MonthInput]] = {
    "as it is": lambda m: m,
    "columns in another order": in_view(lambda t: t[t.columns[::-1]]),
    "rows in another order": lambda m: replace(
        m, view=m.view.iloc[::-1], score=m.score.iloc[::-1].reset_index(drop=True)
    ),
    "another index": in_view(lambda t: t.set_axis(np.arange(len(t)) * 3 + 7, axis=0)),
    "nullable types": in_view(
        lambda t: t.assign(
            tickets=t["tickets"].astype("Int64"),
            usage=t["usage"].astype("Float64"),
            price=t["price"].astype("Float64"),
            smb=t["smb"].astype("boolean"),
        )
    ),
    "categories": in_view(lambda t: t.assign(plan=t["plan"].astype("category"))),
    "categories with a level that nobody has": in_view(
        lambda t: t.assign(plan=pd.Categorical(t["plan"], categories=["basic", "plus", "pro", "gold"]))
    ),
    "smaller floats": in_view(lambda t: t.assign(usage=t["usage"].astype("float32"))),
    "decimals": in_view(lambda t: t.assign(tickets=[Decimal(int(x)) for x in t["tickets"]])),
    "times with a zone": in_view(lambda t: t.assign(joined_at=t["joined_at"].dt.tz_localize("UTC"))),
}
"""What looks odd and is not broken."""


def observed(reference: Reference, month: MonthInput) -> MonthReport:
    gate = screen(reference, month)
    return observe(reference, MonitorState(), month, screening=gate)[1]


def test_there_are_more_than_thirty_six_broken_inputs() -> None:
    assert len(CASES) > 36


@pytest.mark.parametrize("name", CASES)
def test_every_broken_input_becomes_a_structured_alarm(name: str, reference: Reference) -> None:
    damage, signal = CASES[name]
    month = damage(given(MONTH))

    report = observed(reference, month)
    page = evidently_face.month_report(evidently_face.backdrop_of(reference), month, report)

    loud = {one.signal: one for one in report.measurements if one.verdict is Verdict.ALARM}
    assert signal in loud, sorted(loud)
    assert loud[signal].note
    assert signal in {alert.signal for alert in report.alerts}
    assert signal in {one["id"] for one in page.dict()["tests"] if one["status"].value != "SUCCESS"}
    json.dumps(report.to_plain(), allow_nan=False)


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_month_is_quiet_whatever_its_types(name: str, reference: Reference) -> None:
    month = HEALTHY[name](given(MONTH))

    report = observed(reference, month)
    page = evidently_face.month_report(evidently_face.backdrop_of(reference), month, report)

    roots = (Layer.RUN, Layer.GATE)
    assert [str(one) for one in report.measurements if one.layer in roots and one.verdict is Verdict.ALARM] == []
    assert report.pages == ()
    assert page.dumps()


def test_two_healthy_years_are_quiet(reference: Reference) -> None:
    for at in range(index_of("2025-01"), index_of("2027-01")):
        said = screen(reference, given(name_of(at)))
        assert said.blocked_by == ()
        assert [f"{one.signal} of {one.subject}" for one in said.measurements if one.verdict is Verdict.ALARM] == []
