"""The figures of the story: hand-computed quality, what layers said, and who noticed what."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from monitoring.alerts.incidents import pages
from monitoring.monitor import MonthReport
from monitoring.performance.profit import Economics
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Subject, Verdict
from pipelines.production import MonthRun
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.levers.catalogue import pulled as pulled_lever
from scenarios.drift.noticing import noticed
from scenarios.drift.scenario import flat_metrics, monthly_series, months_table
from scenarios.drift.story import Happening, Noticed, Story
from scenarios.drift.tell import best_possible, deployed, fault_happening, layers_said, lever_happening

Make = Callable[..., Story]

ECONOMICS = Economics(clv=200, offer_cost=10, contact_cost=1, acceptance_rate=0.3)
"""A contacted leaver earns 0.3 * 190 - 1 = 56, a contacted stayer costs 11; contacts pay from 11 / 67 on."""

COMPANY = Company(seed=1, customers=500, calendar=Calendar(first_month="2023-01", burn_in=6, history=24, production=12))
START = 26
"""The month index at which the events below begin: 2025-03."""

RIVAL = lever_happening(pulled_lever("competitor_launch", start=START), COMPANY)
PRICE = lever_happening(pulled_lever("price_rise", start=START), COMPANY)
SEASON = lever_happening(pulled_lever("seasonal_swing", start=START), COMPANY)
UNITS = fault_happening(pulled_fault("unit_change", start=START, until=START), COMPANY)


@pytest.fixture
def truth() -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [1, 2, 3], "bayes": [0.8, 0.5, 0.1]})


def test_deployed_quality_is_that_of_a_table_worked_by_hand(truth: pd.DataFrame) -> None:
    log = pd.DataFrame(
        {"customer_id": [4, 3, 2, 1], "score": [0.7, 0.2, 0.2, 0.9], "flagged": [True, False, False, True]}
    )

    found = deployed(log, truth, ECONOMICS)

    # Customer 4 had left. Pairs of leaver and stayer weigh 0.4, 0.72, 0.1, 0.45, 0.02, 0.05; those of 2 and 3 are ties.
    assert found.auc == pytest.approx((0.4 + 0.72 + 0.45 / 2 + 0.05 / 2) / 1.74, abs=1e-6)
    nats = 0.8 * math.log(0.9) + 0.2 * math.log(0.1) + 0.6 * math.log(0.2) + 1.4 * math.log(0.8)
    assert found.log_loss == pytest.approx(-nats / 3, abs=1e-6)
    assert found.calibration == pytest.approx(1.4 / 1.3, abs=1e-6)
    assert found.profit_per_1000 == pytest.approx((0.8 * 56 - 0.2 * 11) / 3 * 1000)


def test_the_best_possible_contacts_whoever_is_worth_it_and_is_calibrated(truth: pd.DataFrame) -> None:
    found = best_possible(truth, ECONOMICS)

    assert found.auc == pytest.approx((0.4 + 0.72 + 0.45) / 1.74, abs=1e-6)
    assert found.calibration == 1.0
    assert found.profit_per_1000 == pytest.approx((1.3 * 56 - 0.7 * 11) / 3 * 1000)


def test_no_scores_beat_the_best_possible_ones(truth: pd.DataFrame) -> None:
    log = pd.DataFrame({"customer_id": [1, 2, 3], "score": truth["bayes"], "flagged": [True, True, False]})

    assert deployed(log, truth, ECONOMICS) == best_possible(truth, ECONOMICS)


def said(layer: Layer, verdict: Verdict, **more: object) -> Measurement:
    usual = {"signal": "drift", "subject": Subject(feature="tenure"), "value": 1.0, "threshold": 1.0}
    fixed = {"month": "2025-03", "method": "by hand", "unit": "units", "layer": layer, "verdict": verdict}
    return Measurement(**(usual | fixed | more))


def test_a_quiet_month_says_ok_in_order_of_trust_and_silent_layers_are_left_out() -> None:
    told = layers_said([said(Layer.REALISED, Verdict.OK), said(Layer.GATE, Verdict.OK), said(Layer.GATE, Verdict.OK)])

    assert [(one.layer, one.verdict, one.checks, one.leading) for one in told] == [
        ("gate", "ok", 2, ""),
        ("realised", "ok", 1, ""),
    ]


def test_a_layer_that_alarms_is_led_by_its_hardest_then_weightiest_alarm() -> None:
    alarms = [
        said(Layer.GATE, Verdict.ALARM, note="light", weight=0.1),
        said(Layer.GATE, Verdict.ALARM, note="heavy", weight=0.9),
        said(Layer.GATE, Verdict.ALARM, note="hard", weight=0.2, hard=True),
        said(Layer.GATE, Verdict.OK),
    ]

    (broken,), (soft,) = layers_said(alarms), layers_said(alarms[:2])

    assert (broken.verdict, broken.alarms, broken.checks, broken.leading) == ("alarm", 3, 4, "tenure: hard")
    assert soft.leading == "tenure: heavy"


def test_a_layer_cannot_tell_only_where_none_of_its_checks_can() -> None:
    silent, fine = said(Layer.ESTIMATE, Verdict.CANNOT_TELL), said(Layer.ESTIMATE, Verdict.OK)

    assert [one.verdict for one in layers_said([silent, silent])] == ["cannot_tell"]
    assert [one.verdict for one in layers_said([silent, fine])] == ["ok"]


def test_the_business_layer_is_judged_by_the_evidence_of_harm_and_by_nobody_before_labels() -> None:
    promised = said(Layer.BUSINESS, Verdict.OK, signal="promised_profit", threshold=None)
    harm = said(Layer.REALISED, Verdict.ALARM, signal="harm", hard=True)

    assert layers_said([promised]) == ()
    assert [(one.layer, one.verdict) for one in layers_said([promised, harm])] == [
        ("realised", "alarm"),
        ("business", "alarm"),
    ]


def alert(month: int, cause: Cause, *, scope: str = "outcome", first: int | None = None, **more: object) -> Alert:
    seen = COMPANY.calendar.label(month if first is None else first)
    layer = Layer.GATE if cause is Cause.DATA_FAULT else Layer.REALISED
    usual = {"severity": Severity.CRITICAL, "state": State.FIRING, "layer": layer, "signal": "cusum_more_churn"}
    fixed = {
        "month": COMPANY.calendar.label(month),
        "subject": Subject(feature="score"),
        "value": 2.0,
        "threshold": 1.0,
        "cause": cause,
        "effect_money": None,
        "first_seen": seen,
        "message": "score: it moved",
        "what_to_do": "look",
        "incident": f"{seen}/{scope}",
    }
    return Alert(**(usual | fixed | more))


def year(alerts: dict[int, tuple[Alert, ...]]) -> list[MonthRun]:
    """Runs of the months 24 to 35 with these alerts, called for as monitoring calls."""
    runs, called = [], set()
    for month in range(24, 36):
        now = alerts.get(month, ())
        label = COMPANY.calendar.label(month)
        report = MonthReport(month=label, measurements=(), alerts=now, blocked_by=(), pages=pages(now, called))
        rest = dict.fromkeys(("given", "reference", "predictions", "landed"))
        runs.append(MonthRun(month=month, label=label, report=report, decision="none", **rest))
        called |= set(report.pages)
    return runs


def test_a_harmful_event_is_noticed_by_the_first_call_that_names_its_kind() -> None:
    call = alert(29, Cause.CONCEPT)
    runs = year({29: (call,), 30: (alert(30, Cause.CONCEPT, first=29),), 33: (alert(33, Cause.CONCEPT),)})

    found = noticed(RIVAL, runs, START)

    assert found == Noticed(
        event=RIVAL.title,
        first_alert="2025-06",
        severity="critical",
        layer="realised",
        months_late=3,
        as_wished=True,
        comment="score: it moved",
    )


def test_a_call_counts_from_its_month_where_the_incident_began_as_a_warning() -> None:
    warning = alert(28, Cause.UNKNOWN, severity=Severity.WARNING, signal="log_loss")
    runs = year({28: (warning,), 29: (alert(29, Cause.UNKNOWN, first=28, signal="log_loss"),)})

    assert (noticed(RIVAL, runs, START).first_alert, noticed(RIVAL, runs, START).as_wished) == ("2025-06", True)


@pytest.mark.parametrize(
    "alerts",
    [
        {},
        {29: (alert(29, Cause.CONCEPT, severity=Severity.WARNING),)},
        {29: (alert(29, Cause.DATA_FAULT, scope="usage"),)},
        {25: (alert(25, Cause.CONCEPT),), 26: (alert(26, Cause.CONCEPT, first=25),)},
    ],
    ids=["silence", "a warning only", "another cause", "a call before it began"],
)
def test_a_harmful_event_is_not_noticed_by(alerts: dict[int, tuple[Alert, ...]]) -> None:
    found = noticed(RIVAL, year(alerts), START)

    assert (found.first_alert, found.as_wished) == (None, False)


def test_a_fault_is_noticed_by_the_run_that_meets_the_broken_delivery() -> None:
    found = noticed(UNITS, year({27: (alert(27, Cause.DATA_FAULT, scope="usage"),)}), START)

    assert (found.first_alert, found.layer, found.months_late, found.as_wished) == ("2025-04", "gate", 1, True)


@pytest.mark.parametrize("month", [26, 28], ids=["before the delivery", "after its repair"])
def test_a_fault_is_not_noticed_by_a_call_that_cannot_have_seen_it(month: int) -> None:
    assert not noticed(UNITS, year({month: (alert(month, Cause.DATA_FAULT, scope="usage"),)}), START).as_wished


def test_a_fault_that_stays_may_be_noticed_late() -> None:
    stays = fault_happening(pulled_fault("unit_change", start=START), COMPANY)

    assert noticed(stays, year({33: (alert(33, Cause.DATA_FAULT, scope="usage"),)}), START).months_late == 7


@pytest.mark.parametrize(
    "alerts",
    [{}, {29: (alert(29, Cause.COVARIATE, scope="inputs", severity=Severity.WARNING),)}],
    ids=["silence", "a warning"],
)
def test_a_harmless_event_that_nobody_is_called_for_was_left_alone(alerts: dict[int, tuple[Alert, ...]]) -> None:
    found = noticed(SEASON, year(alerts), START, among=[(SEASON, START)])

    assert (found.first_alert, found.as_wished) == (None, True)


@pytest.mark.parametrize("cause", [Cause.COVARIATE, Cause.CONCEPT, Cause.DATA_FAULT])
def test_a_harmless_event_is_blamed_for_a_call_where_nothing_does_harm(cause: Cause) -> None:
    found = noticed(SEASON, year({29: (alert(29, cause),)}), START, among=[(SEASON, START)])

    assert (found.first_alert, found.months_late, found.as_wished) == ("2025-06", 3, False)
    assert found.comment == "a call where nothing did harm: score: it moved"


@pytest.mark.parametrize(
    ("other", "cause", "left_alone"),
    [
        (RIVAL, Cause.CONCEPT, True),
        (RIVAL, Cause.DATA_FAULT, False),
        (PRICE, Cause.DATA_FAULT, True),
        (UNITS, Cause.CONCEPT, True),
    ],
    ids=["a rival changes behaviour", "a rival breaks no feed", "a price rise moves tables", "a fault disturbs all"],
)
def test_a_harmless_event_is_not_blamed_for_what_a_harmful_one_can_cause(
    other: Happening, cause: Cause, *, left_alone: bool
) -> None:
    runs = year({29: (alert(29, cause),)})

    assert noticed(SEASON, runs, START, among=[(SEASON, START), (other, START)]).as_wished is left_alone
    assert noticed(SEASON, runs, START, among=[(SEASON, START), (other, 30)]).as_wished is False


def test_an_event_of_dose_zero_does_no_harm() -> None:
    assert lever_happening(pulled_lever("competitor_launch", start=START, dose=0.0), COMPANY).harmless
    assert fault_happening(pulled_fault("unit_change", start=START, dose=0.0), COMPANY).harmless
    assert not RIVAL.harmless
    assert not UNITS.harmless


def test_only_a_blip_of_a_lever_ends() -> None:
    blip = lever_happening(pulled_lever("competitor_launch", start=START, shape="blip"), COMPANY)

    assert (blip.first, blip.last) == ("2025-03", "2025-04")
    assert (RIVAL.first, RIVAL.last) == ("2025-03", None)


def test_the_years_figures_are_those_of_its_months(make_story: Make) -> None:
    story = make_story()

    found = flat_metrics(story)

    assert found["true_auc_mean"] == pytest.approx(sum(m.true.auc for m in story.months) / 12, abs=1e-6)
    assert found["true_auc_lowest"] == 0.642
    assert found["lost_per_1000_total"] == pytest.approx(sum(m.lost_per_1000 for m in story.months))
    assert found["critical_alert_months"] == 4  # two of the rival, two of the fault; the resolved one does not count
    assert (found["events"], found["events_as_wished"], found["promotions"]) == (4, 4, 1)
    assert (found["extra_churners"], found["lost_margin"]) == (431, 81_904.2)


def test_series_count_months_from_one_and_start_when_there_is_something_to_say(make_story: Make) -> None:
    story = make_story()

    series = monthly_series(story)

    assert series["true_auc"] == {step: m.true.auc for step, m in enumerate(story.months, start=1)}
    assert list(series["seen_auc"]) == list(range(3, 13))
    # one pending note in April, one firing in May; in October a resolved call and the note
    assert [series["alerts_firing"][step] for step in (3, 4, 5, 8, 10, 11)] == [0, 0, 1, 2, 1, 8]


def test_the_table_of_months_has_every_column_that_dvc_plots(make_story: Make) -> None:
    table = months_table(make_story())
    plots = yaml.safe_load((Path(__file__).parents[2] / "dvc.yaml").read_text(encoding="utf-8"))["plots"]
    drawn = [plot for one in plots for plot in one.values() if "reports/drift/months.csv" in plot["y"]]

    assert drawn
    assert {name for plot in drawn for name in (plot["x"], *plot["y"]["reports/drift/months.csv"])} <= set(table)
    assert list(table["month"]) == [m.label for m in make_story().months]
    assert table["alerts_firing"].tolist()[-1] == 8
