"""Tables in, reports out: quiet where nothing changed, and not where something did."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.own_tables.periods import months_of
from monitoring.own_tables.roles import Roles
from monitoring.own_tables.settings import Settings
from monitoring.own_tables.watch import Watched, watch
from monitoring.state import MonitorState
from monitoring.vocabulary import Layer, Severity, Verdict

Make = Callable[..., pd.DataFrame]

ROLES = Roles(time="month", prediction="score", target="churned", entity="customer_id")


def coded(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(churned=table["churned"].map({"yes": 1.0, "no": 0.0}))


def worst(watched: Watched) -> set[str]:
    return {one.severity.value for report in watched.reports for one in report.alerts if one.active}


def test_months_like_the_good_ones_are_quiet(good: pd.DataFrame, rows: Make) -> None:
    found = watch(coded(good), coded(rows()), ROLES)

    assert [one.month for one in found.reports] == [f"2025-{month:02d}" for month in range(1, 6)]
    assert worst(found) <= {"info"}
    assert all(one.figure("auc").verdict is Verdict.OK for one in found.reports)


def test_outcomes_that_come_to_mean_something_else_call_a_person_once(good: pd.DataFrame, rows: Make) -> None:
    found = watch(coded(good), coded(rows(concept="2025-03")), ROLES)

    (called,) = [one for one in found.reports if one.pages]
    assert called.pages[0].endswith("/outcome")
    assert called.month in ("2025-03", "2025-04")


def test_a_broken_column_is_a_warning_unless_the_model_is_known_to_lean_on_it(good: pd.DataFrame, rows: Make) -> None:
    broken = coded(rows(broken="2025-02"))
    leaning = Settings(weights={"usage": 0.6, "tickets": 0.4, "plan": 0.0})

    unknown, known = watch(coded(good), broken, ROLES), watch(coded(good), broken, ROLES, leaning)

    assert worst(unknown) <= {"warning", "info"}
    assert "warning" in worst(unknown)
    assert [one.pages for one in unknown.reports] == [()] * 5
    assert [bool(one.pages) for one in known.reports] == [False, True, False, False, False]


def test_without_a_time_the_current_table_is_one_month(good: pd.DataFrame, rows: Make) -> None:
    roles = Roles(prediction="score", target="churned")
    same, other = coded(rows()).drop(columns="month"), coded(rows(concept="2025-01")).drop(columns="month")
    reference = coded(good).drop(columns="month")

    quiet, loud = watch(reference, same, roles), watch(reference, other, roles)

    assert len(quiet.reports) == len(loud.reports) == 1
    assert worst(quiet) <= {"info"}
    assert "warning" in worst(loud) or "critical" in worst(loud)
    assert not quiet.dated


def test_without_predictions_only_data_and_inputs_are_judged(good: pd.DataFrame, rows: Make) -> None:
    inputs = ["month", "usage", "tickets", "plan"]

    found = watch(good[inputs], rows()[inputs], Roles(time="month"))

    assert {one.layer for report in found.reports for one in report.measurements} == {Layer.GATE, Layer.INPUT}
    assert worst(found) <= {"info"}


def test_without_predictions_an_input_that_moved_far_is_a_warning(good: pd.DataFrame, rows: Make) -> None:
    moved = rows().assign(usage=lambda table: table["usage"] + 1.5)[["usage", "tickets", "plan"]]

    found = watch(good[["usage", "tickets", "plan"]], moved, Roles())

    loud = [one for one in found.reports[0].alerts if one.severity is Severity.WARNING]
    assert "usage" in [str(one.subject) for one in loud if one.layer is Layer.INPUT]


def test_without_a_target_scores_that_moved_are_reported(good: pd.DataFrame, rows: Make) -> None:
    kept = ["month", "usage", "tickets", "plan", "score"]
    moved = rows()[kept].assign(score=lambda table: np.minimum(table["score"] * 1.8, 1.0))

    found = watch(good[kept], moved, Roles(time="month", prediction="score"))

    assert found.reference.realised is None
    assert any(one.layer is Layer.PREDICTION and one.active for one in found.reports[-1].alerts)


def test_a_run_goes_on_from_its_state_as_if_it_had_never_stopped(good: pd.DataFrame, rows: Make) -> None:
    current = coded(rows(concept="2025-02"))
    first = current[current["month"] <= "2025-03"]
    straight = watch(coded(good), current, ROLES)

    before = watch(coded(good), first, ROLES)
    after = watch(coded(good), current, ROLES, state=MonitorState.from_plain(before.state.to_plain()))

    assert [one.month for one in after.reports] == ["2025-04", "2025-05"]
    assert [one.pages for one in (*before.reports, *after.reports)] == [one.pages for one in straight.reports]
    assert after.state.to_plain() == straight.state.to_plain()


def test_months_seen_before_are_not_judged_again(good: pd.DataFrame, rows: Make) -> None:
    before = watch(coded(good), coded(rows()), ROLES)

    assert watch(coded(good), coded(rows()), ROLES, state=before.state).reports == ()


def test_outcomes_that_come_after_their_month_was_judged_wait_for_the_next_and_are_named(
    good: pd.DataFrame, rows: Make
) -> None:
    whole = coded(rows())
    first = whole[whole["month"] <= "2025-02"]
    before = watch(coded(good), first.assign(churned=first["churned"].where(first["month"] < "2025-02")), ROLES)

    late = watch(coded(good), first, ROLES, state=before.state)
    after = watch(coded(good), whole, ROLES, state=late.state)

    assert (before.waiting, late.reports, late.waiting) == ((), (), ("2025-02",))
    assert "2025-02" in {one.month for one in after.state.realised.cohorts}
    assert watch(coded(good), whole, ROLES, state=after.state).waiting == ()


def test_a_month_whose_outcomes_are_mostly_unknown_waits_for_them(good: pd.DataFrame, rows: Make) -> None:
    current = coded(rows())
    early = current["month"].eq("2025-05") & current["churned"].eq(0.0)
    waiting = current.assign(churned=current["churned"].mask(early))

    found = watch(coded(good), waiting, ROLES)

    assert found.reports[-1].figure("auc") is None
    assert found.reports[-2].figure("auc") is not None
    assert worst(found) <= {"info"}


def test_scores_that_are_no_probabilities_are_recalibrated_and_it_is_said(good: pd.DataFrame, rows: Make) -> None:
    def inflated(table: pd.DataFrame) -> pd.DataFrame:
        return coded(table).assign(score=lambda one: np.sqrt(one["score"]))

    found = watch(inflated(good), inflated(rows()), ROLES)

    assert any("no probabilities" in one for one in found.notes)
    assert worst(found) <= {"info"}


def test_a_table_that_ends_within_a_month_is_not_short_of_rows(good: pd.DataFrame, rows: Make) -> None:
    def dated(table: pd.DataFrame) -> pd.DataFrame:
        day = table.groupby("month").cumcount() % 28 + 1
        text = table["month"] + "-" + day.astype("str").str.zfill(2)
        return coded(table).assign(month=pd.to_datetime(text))

    current = dated(rows())
    cut = current[current["month"] < "2025-05-10"]

    found = watch(dated(good), cut, ROLES)

    assert worst(found) <= {"info"}


def test_tables_are_left_as_they_are(good: pd.DataFrame, rows: Make) -> None:
    reference, current = coded(good), coded(rows())
    before = reference.copy(deep=True), current.copy(deep=True)

    watch(reference, current, ROLES)

    pd.testing.assert_frame_equal(reference, before[0])
    pd.testing.assert_frame_equal(current, before[1])


@pytest.mark.parametrize(
    ("changes", "roles", "reason"),
    [
        ({}, Roles(target="churned"), "A target without a prediction"),
        ({}, Roles(time="when"), "The reference table lacks when"),
        ({"score": 55.0}, Roles(prediction="score"), "divide by 100"),
        ({"score": 1.0}, Roles(prediction="score"), "decisions, not scores"),
        ({"score": "high"}, Roles(prediction="score"), "holds no numbers"),
        ({"month": "spring"}, Roles(time="month"), "cannot be read in 100% of the rows"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(
    good: pd.DataFrame, changes: dict[str, object], roles: Roles, reason: str
) -> None:
    table = good.assign(**changes)

    with pytest.raises(MonitorError, match=reason):
        watch(table, good, roles)


def test_an_empty_table_is_refused(good: pd.DataFrame) -> None:
    with pytest.raises(MonitorError, match="The current table has no rows"):
        watch(good, good.iloc[:0], Roles())


def test_weights_that_name_no_input_are_refused(good: pd.DataFrame, rows: Make) -> None:
    with pytest.raises(MonitorError, match="The weights name no input"):
        watch(good, rows(), Roles(), Settings(weights={"nothing": 1.0}))


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2025-03", "2025-03"),
        ("2025/3", "2025-03"),
        ("202503", "2025-03"),
        pytest.param(202503, "2025-03", id="a whole number"),
        (202503.0, "2025-03"),
        (2025, "2025-01"),
        ("2025 Q3", "2025-07"),
        ("2025-03-17 12:30", "2025-03"),
        (pd.Timestamp("2025-03-17", tz="UTC"), "2025-03"),
    ],
)
def test_a_month_is_read_however_it_is_written(cell: object, month: str) -> None:
    assert months_of(pd.Series([cell, cell], name="t")).tolist() == [month, month]


def test_a_few_rows_without_a_time_are_left_out_and_said(good: pd.DataFrame, rows: Make) -> None:
    current = coded(rows())
    current["month"] = current["month"].mask(current.index < 10)

    found = watch(coded(good), current, ROLES)

    assert "10 rows of the current have no readable time and were left out." in found.notes


def test_distinct_whole_numbers_are_watched_and_what_is_left_out_is_named(good: pd.DataFrame, rows: Make) -> None:
    def told(table: pd.DataFrame, *, factor: float) -> pd.DataFrame:
        cents = np.random.default_rng(len(table)).permutation(10**7)[: len(table)]
        return table.assign(income_cents=(factor * cents).astype(int), ticket_id=np.arange(len(table)))

    reference = told(coded(good), factor=1.0)
    quiet, loud = (watch(reference, told(coded(rows()), factor=factor), ROLES) for factor in (1.0, 0.3))

    assert worst(quiet) <= {"info"}
    assert "income_cents" in {a.subject.feature for one in loud.reports for a in one.alerts if a.active}
    (said,) = [one for one in quiet.notes if "identifiers" in one]
    assert "ticket_id" in said
    assert "income_cents" not in said
    assert "customer_id" not in said
