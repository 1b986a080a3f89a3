"""Every leaking column: what truncation changes, that its rebuild never changes, and what it tells about the label."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from monitoring.performance.metrics import auc
from pipelines.errors import LabError
from pipelines.leaks.catalogue import LEAKS, leak
from pipelines.leaks.definition import Definition, value
from pipelines.leaks.gap import differs, truncation_share
from pipelines.leaks.ground import Ground
from pipelines.leaks.leak import ColumnLeak

COLUMNS = tuple(each for each in LEAKS if isinstance(each, ColumnLeak))
MONTH = 6
Mask = npt.NDArray[np.bool_]


def names(leaks: tuple[ColumnLeak, ...]) -> list[str]:
    return [each.name for each in leaks]


def column(ground: Ground, definition: Definition, *, known: bool, month: int = MONTH) -> pd.Series:
    tables = ground.known(month) if known else ground.stored
    return value(definition, tables, ground.start(month), ground.customers(month))


def changed(ground: Ground, definition: Definition, month: int = MONTH) -> Mask:
    return differs(*(column(ground, definition, known=known, month=month) for known in (False, True)))


def churned(ground: Ground, month: int = MONTH) -> Mask:
    return (ground.truth[month].loc[ground.customers(month), "reason"] >= 0).to_numpy()


def having(ground: Ground, rows: pd.DataFrame) -> Mask:
    return np.asarray(ground.customers(MONTH).isin(rows["customer_id"]))


@pytest.mark.parametrize("each", COLUMNS, ids=names(COLUMNS))
@pytest.mark.parametrize("month", [4, 12])
def test_the_rebuild_never_changes_under_truncation(each: ColumnLeak, month: int, ground: Ground) -> None:
    assert not changed(ground, each.honest("x"), month).any()


@pytest.mark.parametrize("each", COLUMNS, ids=names(COLUMNS))
def test_a_leak_changes_under_truncation_and_dose_0_does_not(each: ColumnLeak, ground: Ground) -> None:
    assert each.leaky("x", 0.0) == each.honest("x")
    assert changed(ground, each.leaky("x")).any()
    assert truncation_share(each.leaky("x"), ground) > truncation_share(each.leaky("x", 0.0), ground) == 0.0


SAME_WHEN_SERVED = tuple(each for each in COLUMNS if each.twin is not None and each.name != "tenure_to_end")
"""Leaks of a column that a scoring job gets right; the nightly counter of days is rounded."""


@pytest.mark.parametrize("each", SAME_WHEN_SERVED, ids=names(SAME_WHEN_SERVED))
def test_what_a_job_is_served_is_the_honest_rebuild(each: ColumnLeak, ground: Ground) -> None:
    served, rebuilt = (column(ground, d, known=True) for d in (each.leaky("x"), each.honest("x")))

    assert differs(served, rebuilt).mean() < 0.03


WINDOWS = tuple(
    each
    for each in COLUMNS
    if each.leaky("x").table == each.clean.table
    and each.clean.measure in {"count", "sum"}
    and each.leaky("x").ahead_days > 0.0
    and each.name != "centred_mean"
)


@pytest.mark.parametrize("each", WINDOWS, ids=names(WINDOWS))
def test_a_window_past_the_cutoff_changes_exactly_who_has_rows_in_it(each: ColumnLeak, ground: Ground) -> None:
    d, cutoff = each.leaky("x"), ground.start(MONTH)
    rows = ground.stored[d.table]
    for name, allowed in d.where.items():
        rows = rows[rows[name].isin(list(allowed))]
    end = cutoff + pd.Timedelta(days=d.ahead_days)
    ahead = rows[(rows["event_at"] < end) & (rows["event_at"] >= cutoff)]
    late = rows[(rows["event_at"] < cutoff) & (rows["available_at"] >= cutoff)]

    mask = changed(ground, d)

    assert (mask == having(ground, pd.concat([ahead, late]))).all()
    assert mask.any()


OVERWRITTEN = tuple(
    each for each in COLUMNS if each.leaky("x").table in {"accounts", "totals"} and each.name != "file_place"
)
"""Leaks read from tables without a past; a place in the file moves also when others' do."""


@pytest.mark.parametrize("each", OVERWRITTEN, ids=names(OVERWRITTEN))
def test_an_overwritten_column_changes_only_where_something_was_written_later(each: ColumnLeak, ground: Ground) -> None:
    d = each.leaky("x")
    rows = ground.stored[d.table]
    written = having(ground, rows[rows["available_at"] >= ground.start(MONTH)])

    assert not (changed(ground, d) & ~written).any()


def ended_between(ground: Ground, first: pd.Timestamp, last: pd.Timestamp) -> Mask:
    accounts = ground.stored["accounts"]
    return having(ground, accounts[(accounts["closed_at"] >= first) & (accounts["closed_at"] < last)])


CLOSING: dict[str, Callable[[pd.Series], pd.Series]] = {
    "closing_status": lambda x: x == "closed",
    "closing_payment": lambda x: x == "none",
    "closing_date": lambda x: x.notna(),
    "purged_profile": lambda x: x.isna(),
    "new_number": lambda x: x >= 4_000_000,
}


@pytest.mark.parametrize("name", CLOSING)
def test_the_mark_of_the_closing_workflow_stands_only_on_who_has_left_by_the_extract(name: str, ground: Ground) -> None:
    each = leak(name)
    assert isinstance(each, ColumnLeak)
    marked = CLOSING[name](column(ground, each.leaky("x"), known=False)).to_numpy()
    left = ended_between(ground, ground.start(0), ground.start(18))

    assert marked.any()
    assert not (marked & ~left).any()
    assert not CLOSING[name](column(ground, each.leaky("x"), known=True)).any()


def test_the_day_of_termination_stands_where_the_contract_ended(ground: Ground) -> None:
    each = leak("contract_end_moved")
    assert isinstance(each, ColumnLeak)
    days = column(ground, each.leaky("x"), known=False)
    leaves = churned(ground) & days.notna().to_numpy()

    assert leaves.sum() > 5
    assert days[leaves].between(0.0, 31.0).all()


def test_a_day_late_reads_a_day_more(ground: Ground) -> None:
    each = leak("inclusive_bound")
    assert isinstance(each, ColumnLeak)

    assert each.leaky("x").ahead_days == 1.0
    assert 0.0 < changed(ground, each.leaky("x")).mean() < 0.05


def test_late_rows_are_few_and_never_from_after_the_cutoff(ground: Ground) -> None:
    each = leak("late_rows")
    assert isinstance(each, ColumnLeak)

    assert each.leaky("x").ahead_days == 0.0
    assert 0.0 < truncation_share(each.leaky("x"), ground) < 0.2


def test_back_filling_touches_only_who_had_not_answered(ground: Ground) -> None:
    each = leak("back_filled")
    assert isinstance(each, ColumnLeak)
    before = column(ground, each.honest("x"), known=True)

    mask = changed(ground, each.leaky("x"))

    assert mask.any()
    late = having(ground, arrived_late(ground, "tickets"))
    assert before[mask & ~late].isna().all()


def test_a_postcode_rate_contains_the_rows_own_label(ground: Ground) -> None:
    each = leak("area_rate")
    assert isinstance(each, ColumnLeak)
    rate = column(ground, each.leaky("x"), known=False)

    assert (rate[churned(ground)] > 0.0).all()
    assert rate[churned(ground)].mean() > 1.3 * rate[~churned(ground)].mean()


LOUD = tuple(each for each in COLUMNS if each.tier != "subtle")


@pytest.mark.parametrize("each", LOUD, ids=names(LOUD))
def test_what_truncation_takes_away_is_knowledge_of_the_label(each: ColumnLeak, ground: Ground) -> None:
    leaky, honest = (alone(column(ground, each.leaky("x"), known=known), churned(ground)) for known in (False, True))

    assert leaky > honest + 0.01


@pytest.mark.parametrize("each", COLUMNS, ids=names(COLUMNS))
def test_a_dose_that_is_not_allowed_is_refused(each: ColumnLeak) -> None:
    with pytest.raises(LabError, match=rf"'{each.name}' is {each.most + 1:g}; allowed is 0 to {each.most:g}"):
        each.leaky("x", each.most + 1.0)


@pytest.mark.parametrize("name", ["requests_through", "usage_through", "last_payment", "bills_missed"])
def test_a_larger_dose_tells_more(name: str, ground: Ground) -> None:
    each = leak(name)
    assert isinstance(each, ColumnLeak)

    told = [alone(column(ground, each.leaky("x", dose), known=False), churned(ground)) for dose in (0.0, 7.0, 28.0)]

    assert told[2] > max(told[0], told[1]) + 0.03


def arrived_late(ground: Ground, table: str) -> pd.DataFrame:
    rows, cutoff = ground.stored[table], ground.start(MONTH)
    return rows[(rows["event_at"] < cutoff) & (rows["available_at"] >= cutoff)]


def alone(values: pd.Series, label: Mask) -> float:
    """In-sample AUC of a column by the churn rate of twenty bins, missing being one of its own."""
    many = values.nunique() > 20
    bins = pd.qcut(values.rank(method="average"), 20, labels=False, duplicates="drop") if many else values
    rate = pd.Series(label, index=values.index).groupby(bins.astype("str").fillna("none")).transform("mean")
    return auc(label, rate).value
