"""Whatever table a person has at hand: read as it is meant, or refused in a sentence that says what to do."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.own_tables.roles import Roles
from monitoring.own_tables.watch import watch

Make = Callable[..., pd.DataFrame]
Change = Callable[[pd.DataFrame], pd.DataFrame]

ROLES = Roles(time="month", prediction="score", target="churned", entity="customer_id")


@pytest.fixture(scope="module")
def tables(good: pd.DataFrame, rows: Make) -> tuple[pd.DataFrame, pd.DataFrame]:
    coded = [one.assign(churned=one["churned"].map({"yes": 1.0, "no": 0.0})) for one in (good, rows(("2025-01",)))]
    return coded[0], coded[1]


def zoned(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(month=pd.to_datetime(table["month"] + "-15").dt.tz_localize("Europe/Paris"))


READ: dict[str, Change] = {
    "times with a zone": zoned,
    "numbers for names": lambda table: table.rename(columns={"usage": 0, "plan": 1}),
    "lists in cells": lambda table: table.assign(tags=[["new", "web"]] * len(table)),
    "true and false": lambda table: table.assign(churned=table["churned"] == 1.0),
}


@pytest.mark.parametrize("change", READ.values(), ids=READ)
def test_plausible_tables_are_read_and_stay_as_they_were(
    tables: tuple[pd.DataFrame, pd.DataFrame], change: Change
) -> None:
    good, new = map(change, tables)
    before = new.copy()

    found = watch(good, new, ROLES)

    assert [one.month for one in found.reports] == ["2025-01"]
    assert not [one for one in found.reports[0].alerts if one.active and one.severity.value != "info"]
    pd.testing.assert_frame_equal(new, before)


REFUSED: dict[str, tuple[Change, Change, str]] = {
    "words": (lambda t: t.assign(churned=np.where(t["churned"] == 1.0, "yes", "no")), lambda t: t, 'holds "no", "yes"'),
    "words later": (lambda t: t, lambda t: t.assign(churned="yes"), 'of the current table holds "yes"'),
    "none known": (lambda t: t.assign(churned=np.nan), lambda t: t, "holds no outcomes"),
    "one level": (lambda t: t.assign(churned=1), lambda t: t, "holds only 1"),
    "a column twice": (lambda t: pd.concat([t, t[["usage"]]], axis=1), lambda t: t, '"usage" 2 times'),
    "scores twice": (lambda t: t, lambda t: pd.concat([t, t[["score"]]], axis=1), '"score" 2 times'),
    "no table": (lambda t: t, lambda t: t["score"], "is a Series"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(tables: tuple[pd.DataFrame, pd.DataFrame], case: str) -> None:
    good, new, said = REFUSED[case]

    with pytest.raises(MonitorError, match=said):
        watch(good(tables[0]), new(tables[1]), ROLES)
