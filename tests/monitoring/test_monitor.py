import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.monitor import MonthReport, observe
from monitoring.months import index_of, name_of
from monitoring.performance.profit import Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.screening import MonthInput, screen
from monitoring.state import MonitorState, with_new_model
from monitoring.vocabulary import Cause, Layer, Severity, Verdict

SHOP = Economics(clv=200.0, offer_cost=15.0, contact_cost=1.0, acceptance_rate=0.4)
ROWS = 3000


class World:
    """A small company: churn by a known rule, which can be changed; deliveries, which can be broken."""

    def __init__(self, seed: int = 5) -> None:
        self.seed = seed

    def view(self, month: str) -> pd.DataFrame:
        rng = np.random.default_rng([self.seed, index_of(month)])
        swing = 1.0 + 0.2 * np.sin(2 * np.pi * index_of(month) / 12)
        return pd.DataFrame(
            {
                "customer_id": np.arange(ROWS) + 7 * index_of(month),
                "usage": rng.gamma(2.0, swing, ROWS),
                "tickets": rng.poisson(0.6, ROWS).astype(float),
                "plan": rng.choice(["basic", "plus", "pro"], ROWS, p=[0.5, 0.3, 0.2]),
                "spare": rng.normal(size=ROWS),
            }
        )

    def invoices(self, month: str) -> pd.DataFrame:
        rng = np.random.default_rng([self.seed, index_of(month), 1])
        start = pd.Timestamp(f"{month}-01")
        return pd.DataFrame(
            {
                "invoice_id": np.arange(ROWS) + 10_000 * index_of(month),
                "amount": rng.choice([9.0, 19.0, 49.0], ROWS),
                "event_at": start + pd.to_timedelta(rng.uniform(0, 28, ROWS), unit="D"),
            }
        )

    def score(self, view: pd.DataFrame) -> pd.Series:
        return 1.0 / (1.0 + np.exp(-self.log_odds(view)))

    def log_odds(self, view: pd.DataFrame) -> pd.Series:
        return -3.4 - 0.5 * (view["usage"] - 2.0) + 0.7 * view["tickets"] + 0.5 * (view["plan"] == "basic")

    def churned(self, month: str, view: pd.DataFrame, concept: float = 0.0) -> np.ndarray:
        rng = np.random.default_rng([self.seed, index_of(month), 2])
        log_odds = self.log_odds(view) + concept * (view["plan"] != "basic")
        return rng.random(len(view)) < 1.0 / (1.0 + np.exp(-log_odds))

    def cohort(self, month: str, concept: float = 0.0) -> pd.DataFrame:
        view = self.view(month)
        return pd.DataFrame({"score": self.score(view), "churned": self.churned(month, view, concept)})


WORLD = World()
PRODUCTION = [name_of(index_of("2025-01") + step) for step in range(12)]


@pytest.fixture(scope="module")
def reference() -> Reference:
    months = [name_of(index_of("2023-01") + step) for step in range(24)]
    good = GoodMonths(
        views={month: WORLD.view(month) for month in months},
        cohorts={month: WORLD.cohort(month) for month in months},
        tables={"invoices": {month: WORLD.invoices(month) for month in months}},
        keys={"model_view": ["customer_id"], "invoices": ["invoice_id"]},
    )
    policy = Policy(
        threshold=0.17,
        economics=SHOP,
        weights={"usage": 0.4, "tickets": 0.4, "plan": 0.2},
        one_false_page_in_months=120.0,
        tolerance=200.0,
    )
    return build_reference(good, policy)


def month_input(month: str, *, concept_from: str = "9999-12", delay: int = 2) -> MonthInput:
    view, landed = WORLD.view(month), name_of(index_of(month) - delay)
    concept = 1.3 if landed >= concept_from else 0.0
    return MonthInput(
        month=month,
        view=view,
        score=WORLD.score(view),
        tables={"invoices": WORLD.invoices(month)},
        cohorts={landed: WORLD.cohort(landed, concept)} if landed >= "2025-01" else {},
        previous_view=WORLD.view(name_of(index_of(month) - 1)),
        previous_tables={"invoices": WORLD.invoices(name_of(index_of(month) - 1))},
    )


def broken(month: str) -> MonthInput:
    sound = month_input(month)
    view = sound.view.assign(usage=sound.view["usage"] * 60)
    invoices = sound.tables["invoices"].assign(amount=sound.tables["invoices"]["amount"] * 100)
    return MonthInput(
        month=month,
        view=view,
        score=WORLD.score(view),
        tables={"invoices": invoices},
        cohorts=sound.cohorts,
        previous_view=sound.previous_view,
        previous_tables=sound.previous_tables,
    )


def run(reference: Reference, months: list[MonthInput]) -> tuple[MonitorState, list[MonthReport]]:
    state, reports = MonitorState(), []
    for given in months:
        state, report = observe(reference, state, given)
        reports.append(report)
    return state, reports


def test_a_year_without_incident_calls_nobody(reference: Reference) -> None:
    _, reports = run(reference, [month_input(month) for month in PRODUCTION])

    assert [report.pages for report in reports] == [()] * 12
    assert not any(report.blocked for report in reports)
    assert sum(len(report.incidents) for report in reports) <= 2


def test_customers_who_behave_differently_are_found_once_labels_land(reference: Reference) -> None:
    _, reports = run(reference, [month_input(month, concept_from="2025-05") for month in PRODUCTION])
    called = [report for report in reports if report.pages]

    assert "2025-07" <= called[0].month <= "2025-08"
    assert len(called) == 1
    assert called[0].incidents[0].cause is Cause.CONCEPT
    assert called[0].incidents[0].effect_money > 200.0


def test_a_broken_feed_blocks_its_month_and_nothing_else(reference: Reference) -> None:
    inputs = [broken(month) if month == "2025-04" else month_input(month) for month in PRODUCTION]
    state, reports = run(reference, inputs)

    assert [report.month for report in reports if report.blocked] == ["2025-04"]
    assert [report.pages for report in reports if report.pages] == [("2025-04/invoices",)]
    assert {one.incident for one in reports[3].alerts if one.severity is Severity.CRITICAL} == {"2025-04/invoices"}
    assert {one.cause for one in reports[3].alerts} == {Cause.DATA_FAULT}
    assert dict(state.faulty_months) == {"2025-04": "2025-04/invoices"}
    assert reports[3].figure("estimated_auc") is None


def test_the_cohort_of_the_broken_month_accuses_the_feed_and_not_the_world(reference: Reference) -> None:
    def with_bad_cohort(month: str) -> MonthInput:
        sound = month_input(month)
        bad = {"2025-04": WORLD.cohort("2025-04").assign(score=0.9)}
        return MonthInput(**{name: getattr(sound, name) for name in sound.__slots__} | {"cohorts": bad})

    inputs = [month_input("2025-03"), broken("2025-04"), month_input("2025-05"), with_bad_cohort("2025-06")]
    _, reports = run(reference, inputs)

    outcome = [one for one in reports[-1].alerts if one.layer is Layer.REALISED]
    assert {(one.cause, one.incident) for one in outcome} == {(Cause.DATA_FAULT, "2025-04/invoices")}
    assert reports[-1].pages == ()


def test_scoring_is_told_before_it_starts(reference: Reference) -> None:
    assert not screen(reference, month_input("2025-04")).blocked

    word = screen(reference, broken("2025-04"))

    assert word.blocked
    assert {str(one.subject) for one in word.blocked_by} >= {"invoices.amount", "model_view.usage"}


def test_a_month_held_back_by_the_gate_needs_no_scores(reference: Reference) -> None:
    held = MonthInput(**{name: getattr(broken("2025-04"), name) for name in MonthInput.__slots__} | {"score": None})

    _, report = observe(reference, MonitorState(), held)

    assert report.figure("scored_share").verdict is Verdict.OK
    assert report.figure("scored_share").note == "the gate held scoring back"
    assert report.figure("score_drift") is None


def test_a_month_that_was_simply_not_scored_is_an_incident(reference: Reference) -> None:
    sound = month_input("2025-04")
    unscored = MonthInput(month="2025-04", view=sound.view, tables=sound.tables)

    _, report = observe(reference, MonitorState(), unscored)

    assert report.figure("scored_share").verdict is Verdict.ALARM
    assert report.blocked


@pytest.mark.parametrize(
    "spoil",
    [
        lambda score: score.where(score.index > 50),
        lambda score: score * 100,
        lambda score: score.astype("str").where(score.index > 50, "failed"),
        lambda score: score.head(10),
    ],
    ids=["missing", "percent", "words", "truncated"],
)
def test_customers_without_a_usable_score_are_an_alarm(
    reference: Reference, spoil: Callable[[pd.Series], pd.Series]
) -> None:
    sound = month_input("2025-04")
    given = MonthInput(month="2025-04", view=sound.view, tables=sound.tables, score=spoil(sound.score))

    _, report = observe(reference, MonitorState(), given)

    assert report.figure("scored_share").verdict is Verdict.ALARM


ODD_MONTHS: dict[str, Callable[[MonthInput], dict[str, object]]] = {
    "no view": lambda m: {"view": None},
    "an empty view": lambda m: {"view": pd.DataFrame(), "score": pd.Series([], dtype=float)},
    "no rows": lambda m: {"view": m.view.head(0), "score": m.score.head(0)},
    "one row": lambda m: {"view": m.view.head(1), "score": m.score.head(1)},
    "doubled names": lambda m: {"view": pd.concat([m.view, m.view[["usage"]]], axis=1)},
    "text in numbers": lambda m: {"view": m.view.assign(usage="n/a")},
    "all null": lambda m: {"view": m.view.assign(usage=np.nan, plan=None)},
    "infinities": lambda m: {"view": m.view.assign(usage=np.inf)},
    "no tables": lambda m: {"tables": {}},
    "tables that are none": lambda m: {"tables": {"invoices": "invoices.csv"}},
    "labels without scores": lambda m: {"cohorts": {"2025-02": pd.DataFrame({"churned": [1, 0]})}},
    "odd previous month": lambda m: {"previous_view": pd.DataFrame({"x": [1]})},
}


@pytest.mark.parametrize("odd", ODD_MONTHS)
def test_no_month_makes_the_monitor_fail_or_stay_silent(reference: Reference, odd: str) -> None:
    sound = month_input("2025-04")
    given = MonthInput(**{name: getattr(sound, name) for name in sound.__slots__} | ODD_MONTHS[odd](sound))

    _, report = observe(reference, MonitorState(), given)

    json.dumps(report.to_plain(), allow_nan=False)
    assert bool(report.alerts) is (odd != "odd previous month")


def test_the_state_survives_a_restart_after_every_month(reference: Reference) -> None:
    inputs = [month_input(month, concept_from="2025-03") for month in PRODUCTION[:8]]
    straight, reports = run(reference, inputs)

    state = MonitorState()
    for given, expected in zip(inputs, reports, strict=True):
        state = MonitorState.from_plain(json.loads(json.dumps(state.to_plain(), allow_nan=False)))
        state, report = observe(reference, state, given)
        assert report.to_plain() == expected.to_plain()

    assert state == straight
    assert len(json.dumps(state.to_plain())) < 10_000


def test_months_must_come_in_order(reference: Reference) -> None:
    state, _ = run(reference, [month_input("2025-04")])

    with pytest.raises(MonitorError, match="2025-03 is not after 2025-04"):
        observe(reference, state, month_input("2025-03"))


def test_a_new_model_closes_what_labels_said_about_the_old_one(reference: Reference) -> None:
    state, _ = run(reference, [month_input(month, concept_from="2025-01") for month in PRODUCTION[:5]])

    fresh = with_new_model(state)

    assert any(one.layer is Layer.REALISED for one in state.alerts)
    assert not any(one.layer is Layer.REALISED for one in fresh.alerts)
    assert state.realised.cohorts
    assert fresh.realised.cohorts == ()


def test_an_estimate_waits_for_its_labels_and_is_then_scored(reference: Reference) -> None:
    state, reports = run(reference, [month_input(month) for month in PRODUCTION[:6]])
    scored = [report.figure("estimate_error") for report in reports]

    assert scored[0] is scored[1] is None
    assert [one.detail("cohort") for one in scored[2:]] == PRODUCTION[:4]
    assert sorted(state.estimates.waiting) == PRODUCTION[4:6]
    assert reports[-1].figure("estimate_coverage").verdict is Verdict.OK


def test_an_estimator_that_labels_prove_wrong_is_not_believed_further(reference: Reference) -> None:
    _, reports = run(reference, [month_input(month, concept_from="2025-01") for month in PRODUCTION[:8]])

    assert reports[-1].figure("estimate_coverage").verdict is Verdict.ALARM
    assert {one.signal: one.severity for one in reports[-1].alerts}["estimate_coverage"] is Severity.WARNING
    assert all(report.figure("estimated_auc").verdict is Verdict.OK for report in reports)


def test_inputs_are_left_as_they_came(reference: Reference) -> None:
    given = month_input("2025-04")
    before = given.view.copy(deep=True), given.score.copy(deep=True), given.tables["invoices"].copy(deep=True)

    observe(reference, MonitorState(), given)

    pd.testing.assert_frame_equal(given.view, before[0])
    pd.testing.assert_series_equal(given.score, before[1])
    pd.testing.assert_frame_equal(given.tables["invoices"], before[2])
