from dataclasses import replace

import pytest

from monitoring.alerts.advice import ADVICE
from monitoring.alerts.book import AlertBook, acknowledge
from monitoring.alerts.causes import FAULTY
from monitoring.alerts.incidents import fault_incident, incidents
from monitoring.alerts.lifecycle import advance
from monitoring.alerts.settings import AlertSettings
from monitoring.errors import MonitorError
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Subject, Verdict

SETTINGS = AlertSettings()


def said(  # noqa: PLR0913 - the fields of a measurement
    layer: Layer,
    signal: str,
    feature: str = "",
    *,
    table: str = "",
    verdict: Verdict = Verdict.ALARM,
    hard: bool = False,
    weight: float = 1.0,
    value: float = 2.0,
    details: tuple[tuple[str, float | str], ...] = (),
) -> Measurement:
    return Measurement(
        month="2025-01",
        layer=layer,
        signal=signal,
        subject=Subject(table=table, feature=feature),
        value=value,
        threshold=1.0,
        method="by hand",
        unit="units",
        verdict=verdict,
        note="it moved",
        weight=weight,
        hard=hard,
        details=details,
    )


DRIFT = said(Layer.INPUT, "drift", "tenure")
BREAK = said(Layer.GATE, "level", "amount", table="invoices", hard=True)
VIEW_BREAK = said(Layer.GATE, "level", "amount_90d", table="model_view", hard=True)
SCORE = said(Layer.PREDICTION, "mean_score", "score")
MORE_CHURN = said(
    Layer.REALISED, "cusum_more_churn", "score", hard=True, details=(("since", "2024-11"), ("money_per_1000", 512.0))
)
RANKING = said(Layer.REALISED, "cusum_ranking", "score", hard=True)
AUC = said(Layer.REALISED, "auc", "score")


def ok(one: Measurement) -> Measurement:
    return replace(one, verdict=Verdict.OK, hard=False, value=0.5, details=())


def live(*months: list[Measurement], settings: AlertSettings = SETTINGS) -> list[tuple[Alert, ...]]:
    return [book.alerts for book, _ in lived(*months, settings=settings)]


def calls(*months: list[Measurement]) -> list[tuple[str, ...]]:
    return [called for _, called in lived(*months)]


def lived(*months: list[Measurement], settings: AlertSettings = SETTINGS) -> list[tuple[AlertBook, tuple[str, ...]]]:
    book, told = AlertBook(), []
    for number, measurements in enumerate(months, start=1):
        book, called = advance(book, measurements, f"2025-{number:02d}", settings)
        told.append((book, called))
    return told


def states(told: list[tuple[Alert, ...]]) -> list[list[str]]:
    return [[one.state for one in alerts] for alerts in told]


def test_a_quiet_month_has_no_alerts() -> None:
    assert live([ok(DRIFT), ok(BREAK), ok(AUC)]) == [()]


def test_drift_waits_a_month_then_fires_then_needs_two_quiet_months() -> None:
    told = live([DRIFT], [DRIFT], [ok(DRIFT)], [ok(DRIFT)], [ok(DRIFT)])

    assert states(told) == [["pending"], ["firing"], ["firing"], ["resolved"], []]


def test_a_blip_of_drift_never_fires() -> None:
    assert states(live([DRIFT], [ok(DRIFT)], [DRIFT])) == [["pending"], [], ["pending"]]


def test_a_hard_break_fires_at_once_and_is_resolved_as_soon_as_it_is_repaired() -> None:
    told = live([BREAK], [BREAK], [ok(BREAK)], [ok(BREAK)])

    assert states(told) == [["firing"], ["firing"], ["resolved"], []]
    assert [one[0].first_seen for one in told[:3]] == ["2025-01"] * 3
    assert [one[0].streak for one in told[:3]] == [1, 2, -1]


def test_a_signal_that_is_not_looked_at_stays_as_it_was() -> None:
    told = live([MORE_CHURN], [DRIFT], [ok(MORE_CHURN)])

    assert [one.state for one in told[1] if one.layer is Layer.REALISED] == ["firing"]
    assert told[2][0].streak == -1


def test_cannot_tell_leaves_an_alert_as_it_was() -> None:
    unsure = said(Layer.GATE, "level", "amount", table="invoices", verdict=Verdict.CANNOT_TELL)

    assert states(live([BREAK], [unsure])) == [["firing"], ["firing"]]


def test_a_gate_signal_not_among_the_worst_counts_as_quiet_when_its_table_was_checked() -> None:
    other = said(Layer.GATE, "schema", table="invoices", verdict=Verdict.OK)
    elsewhere = said(Layer.GATE, "schema", table="usage", verdict=Verdict.OK)

    assert states(live([BREAK], [other])) == [["firing"], ["resolved"]]
    assert states(live([BREAK], [elsewhere])) == [["firing"], ["firing"]]


def test_severity_follows_layer_hardness_and_use() -> None:
    unused = said(Layer.GATE, "level", "amount", table="invoices", hard=True, weight=0.0)
    soft = said(Layer.GATE, "out_of_range", "amount", table="usage")
    told = {
        name: live([one])[0][0].severity
        for name, one in {
            "break": BREAK,
            "unused": unused,
            "soft": soft,
            "drift": DRIFT,
            "score": SCORE,
            "auc": AUC,
        }.items()
    }

    assert told == {
        "break": Severity.CRITICAL,
        "unused": Severity.INFO,
        "soft": Severity.WARNING,
        "drift": Severity.INFO,
        "score": Severity.WARNING,
        "auc": Severity.WARNING,
    }


def test_columns_of_one_table_broken_together_are_one_incident() -> None:
    second = said(Layer.GATE, "null_share", "due_at", table="invoices", hard=True)

    found = incidents(live([BREAK, second])[0])

    assert len(found) == 1
    assert found[0].cause is Cause.DATA_FAULT
    assert set(found[0].subjects) == {"invoices.amount", "invoices.due_at"}


def test_what_follows_from_a_broken_feed_belongs_to_its_incident() -> None:
    found = incidents(live([DRIFT, SCORE, VIEW_BREAK, BREAK])[0])

    assert [one.name for one in found] == ["2025-01/invoices"]
    assert {one.cause for one in live([DRIFT, SCORE, VIEW_BREAK, BREAK])[0]} == {Cause.DATA_FAULT}


def test_two_broken_feeds_are_two_incidents() -> None:
    other = said(Layer.GATE, "freshness", table="tickets", hard=True)

    assert {one.name for one in incidents(live([BREAK, other])[0])} == {"2025-01/invoices", "2025-01/tickets"}


def test_drift_from_before_a_break_is_not_put_down_to_it() -> None:
    told = live([DRIFT], [DRIFT, BREAK])

    assert {one.signal: one.cause for one in told[1]} == {"drift": Cause.COVARIATE, "level": Cause.DATA_FAULT}
    assert len(incidents(told[1])) == 2


def test_drift_and_moved_scores_without_a_break_are_one_covariate_incident() -> None:
    found = incidents(live([DRIFT, SCORE], [DRIFT, SCORE])[1])

    assert [(one.name, one.cause, one.severity) for one in found] == [
        ("2025-01/inputs", Cause.COVARIATE, Severity.WARNING)
    ]
    assert "No action" in found[0].lead.what_to_do


def test_scores_that_move_without_their_inputs_are_unexplained() -> None:
    unused = said(Layer.INPUT, "drift", "spare", weight=0.0)

    assert {one.signal: one.cause for one in live([SCORE, unused])[0]}["mean_score"] is Cause.UNKNOWN


@pytest.mark.parametrize(
    ("measurements", "cause"),
    [
        ([MORE_CHURN], Cause.CONCEPT),
        ([MORE_CHURN, SCORE], Cause.LABEL_SHIFT),
        ([MORE_CHURN, SCORE, RANKING], Cause.CONCEPT),
        ([RANKING], Cause.CONCEPT),
        ([said(Layer.REALISED, "cusum_less_churn", "score"), SCORE], Cause.CONCEPT),
        (
            [said(Layer.REALISED, "cusum_less_churn", "score"), said(Layer.PREDICTION, "mean_score", value=0.5)],
            Cause.LABEL_SHIFT,
        ),
        ([AUC, DRIFT], Cause.COVARIATE),
        ([AUC], Cause.UNKNOWN),
    ],
    ids=[
        "more churn",
        "with scores",
        "and ranking",
        "ranking",
        "against the scores",
        "with falling scores",
        "auc and drift",
        "auc",
    ],
)
def test_what_labels_say_is_put_down_to_the_likeliest_cause(measurements: list[Measurement], cause: Cause) -> None:
    found = [one for one in live(measurements)[0] if one.layer is Layer.REALISED]

    assert {one.cause for one in found} == {cause}


def test_scores_moved_by_broken_data_are_no_sign_of_label_shift() -> None:
    told = live([BREAK, SCORE], [ok(BREAK), ok(SCORE), MORE_CHURN])

    assert next(one for one in told[1] if one.layer is Layer.REALISED).cause is Cause.CONCEPT


def test_a_cohort_of_broken_data_belongs_to_the_incident_of_then() -> None:
    late = said(Layer.REALISED, "auc", "score", details=((FAULTY, "2024-11/invoices"),))

    found = live([late])[0][0]

    assert (found.cause, found.incident) == (Cause.DATA_FAULT, "2024-11/invoices")


def test_harm_that_outlives_the_broken_data_is_an_incident_of_its_own() -> None:
    late = said(Layer.REALISED, "auc", "score", details=((FAULTY, "2024-11/invoices"),))

    told = live([late], [AUC, RANKING])[1]

    assert {(one.incident, one.first_seen) for one in told} == {("2025-02/outcome", "2025-02")}


def test_money_and_advice_come_with_the_alert() -> None:
    found = live([MORE_CHURN])[0][0]

    assert found.effect_money == 512.0
    assert found.what_to_do == ADVICE[Cause.CONCEPT]
    assert found.message == "score: it moved"


def test_every_cause_has_advice() -> None:
    assert set(ADVICE) == set(Cause)
    assert "Do not retrain" in ADVICE[Cause.DATA_FAULT]
    assert "ecalibrate" in ADVICE[Cause.LABEL_SHIFT]


def test_a_person_is_called_once_per_incident() -> None:
    second = said(Layer.GATE, "null_share", "due_at", table="invoices", hard=True)
    told = calls([BREAK, DRIFT], [BREAK, second], [BREAK, MORE_CHURN])

    assert told == [("2025-01/invoices",), (), ("2025-03/outcome",)]


def test_an_acknowledged_incident_stays_so_until_it_is_resolved() -> None:
    seen = acknowledge(lived([BREAK])[0][0], "2025-01/invoices")

    later, _ = advance(seen, [BREAK], "2025-02", SETTINGS)
    repaired, _ = advance(later, [ok(BREAK)], "2025-03", SETTINGS)

    states_seen = [one.state for book in (seen, later, repaired) for one in book.alerts]
    assert states_seen == [State.ACKNOWLEDGED, State.ACKNOWLEDGED, State.RESOLVED]


def test_acknowledging_what_is_not_there_says_what_is() -> None:
    with pytest.raises(MonitorError, match=r'no incident "x"\. Open are: 2025-01/invoices'):
        acknowledge(lived([BREAK])[0][0], "x")


def test_the_order_of_measurements_does_not_matter() -> None:
    month = [DRIFT, SCORE, VIEW_BREAK, BREAK, AUC, said(Layer.GATE, "freshness", table="tickets", hard=True)]

    assert live(month) == live(month[::-1])


def test_the_fault_of_a_month_is_its_loudest_incident_of_broken_data() -> None:
    assert fault_incident(live([DRIFT, BREAK])[0]) == "2025-01/invoices"
    assert fault_incident(live([DRIFT])[0]) == ""


def test_patience_can_be_set() -> None:
    patient = AlertSettings(confirm_months={Layer.GATE: 3}, clear_months={})

    assert states(live([BREAK], [BREAK], [BREAK], settings=patient)) == [["pending"], ["pending"], ["firing"]]


def test_severity_never_falls_while_an_alert_lasts_so_nobody_is_called_twice() -> None:
    softer = said(Layer.REALISED, "cusum_more_churn", "score")
    months = ([MORE_CHURN], [softer], [MORE_CHURN])

    assert [one[0].severity for one in live(*months)] == [Severity.CRITICAL] * 3
    assert calls(*months) == [("2025-01/outcome",), (), ()]


def test_a_hard_break_the_model_hardly_leans_on_is_no_more_than_a_warning() -> None:
    slight = said(Layer.GATE, "level", "price_rise", table="model_view", hard=True, weight=0.002)

    found = live([slight])[0][0]

    assert (found.severity, found.cause) == (Severity.WARNING, Cause.UNKNOWN)


def test_an_odd_raw_table_is_the_root_of_a_broken_view() -> None:
    odd = said(Layer.GATE, "default_share", "sessions", table="usage")

    found = live([VIEW_BREAK, odd, DRIFT])[0]

    assert {one.incident for one in found} == {"2025-01/usage"}
    assert {one.cause for one in found} == {Cause.DATA_FAULT}
