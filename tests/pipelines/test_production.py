"""The monthly routine on a small company: quiet when nothing happens, never scored with what the gate found broken."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from monitoring.state import MonitorState
from pipelines.dataset import Cohort, Feed, cohort
from pipelines.decision import decide
from pipelines.parameters import Parameters
from pipelines.production import (
    Desk,
    MonthRun,
    Policy,
    broken_features,
    score_and_monitor,
    with_last_good,
)
from pipelines.train import train_champion
from pipelines.watch import first_reference

if TYPE_CHECKING:
    from conftest import SmallWorld


@pytest.fixture(scope="module")
def policy(parameters: Parameters) -> Policy:
    return Policy(
        calendar=parameters.world.calendar,
        champion=parameters.champion,
        economics=parameters.economics.economics,
        costs=parameters.costs.costs,
        retrain=True,
    )


@pytest.fixture(scope="module")
def desk(small: "SmallWorld", cohorts: list[Cohort], parameters: Parameters) -> Desk:
    economics = parameters.economics.economics
    model, held_out = train_champion(cohorts, parameters.champion, economics, version="test-1")
    last = cohort(small.feed, small.company.calendar, 15, known_at=16)
    reference = first_reference(
        small.feed,
        small.company.calendar,
        [*cohorts, last],
        held_out=held_out,
        model=model,
        economics=economics,
        one_false_page_in_months=60,
        tolerance=50,
    )
    return Desk(model=model, reference=reference, monitor=MonitorState(), good=(*cohorts, last))


def run_month(desk: Desk, feed: Feed, month: int, policy: Policy) -> tuple[Desk, MonthRun]:
    desk, done = score_and_monitor(desk, feed, month, policy)
    return decide(desk, feed, done, policy)


def _damaged(small: "SmallWorld", month: int) -> Feed:
    """The feed of a company whose app sends seconds for minutes in the month before `month`."""
    months = {name: list(frames) for name, frames in small.feed.months.items()}
    usage = months["usage"][month - 1]
    months["usage"][month - 1] = usage.assign(active_minutes=usage["active_minutes"] * 60.0)
    return replace(small.feed, months=months)


def test_a_month_in_which_nothing_happens_is_scored_and_calls_nobody(
    small: "SmallWorld", desk: Desk, policy: Policy
) -> None:
    _, done = run_month(desk, small.feed, 16, policy)

    assert done.report.pages == ()
    assert not done.report.blocked
    assert done.decision == "none"
    assert len(done.predictions) == len(done.given.view)
    assert done.predictions["score"].between(0, 1).all()


def test_labels_land_two_months_after_their_cohort(small: "SmallWorld", desk: Desk, policy: Policy) -> None:
    after, first = run_month(desk, small.feed, 16, policy)
    after, second = run_month(after, small.feed, 17, policy)
    _, third = run_month(after, small.feed, 18, policy)

    assert first.landed is None
    assert second.landed is None
    assert third.landed is not None
    assert set(third.landed["customer_id"]) <= set(first.predictions["customer_id"])


def test_broken_usage_blocks_and_the_last_good_usage_is_used_instead(
    small: "SmallWorld", desk: Desk, policy: Policy
) -> None:
    after, done = run_month(desk, _damaged(small, 16), 16, policy)
    _, healthy = run_month(desk, small.feed, 16, policy)

    assert done.report.blocked
    assert done.report.pages
    assert "last good" in done.decision
    assert len(after.good) == len(desk.good)
    both = done.predictions.merge(healthy.predictions, on="customer_id")
    assert both["score_x"].corr(both["score_y"], method="spearman") > 0.8


def test_only_features_of_the_broken_table_are_replaced(small: "SmallWorld", desk: Desk, policy: Policy) -> None:
    _, done = run_month(desk, _damaged(small, 16), 16, policy)
    from monitoring.screening import Screening

    gate = Screening(measurements=(), blocked_by=done.report.blocked_by)

    assert "minutes_per_session_4w" in broken_features(gate)
    assert "unpaid_attempts" not in broken_features(gate)


def test_a_newcomer_has_no_last_good_value() -> None:
    now = pd.DataFrame({"a": [1.0, 2.0], "b": [5.0, 6.0]}, index=pd.Index([1, 9], name="customer_id"))
    good = pd.DataFrame({"a": [0.5], "b": [0.1]}, index=pd.Index([1], name="customer_id"))

    mended = with_last_good(now, good, ["a"])

    assert mended["a"].tolist()[0] == 0.5
    assert mended["a"].isna().tolist() == [False, True]
    assert mended["b"].tolist() == [5.0, 6.0]


def test_a_delivery_that_cannot_be_read_becomes_an_alert_and_the_last_good_month_is_used(
    small: "SmallWorld", desk: Desk, policy: Policy
) -> None:
    months = {name: list(frames) for name, frames in small.feed.months.items()}
    months["usage"] = [frame.drop(columns="sessions") for frame in months["usage"]]
    broken = replace(small.feed, months=months)

    after, done = run_month(desk, broken, 16, policy)

    assert done.report.blocked
    assert any("sessions" in one.note for one in done.report.blocked_by)
    assert done.predictions["score"].between(0, 1).all()
    assert len(after.good) == len(desk.good)
