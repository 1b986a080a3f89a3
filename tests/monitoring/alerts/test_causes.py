"""Which kind of change stands behind an alarm."""

from dataclasses import replace

import pytest

from monitoring.alerts.advice import ADVICE
from monitoring.alerts.causes import FAULTY, cause_of, weigh
from monitoring.performance.relation import CLUE
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Subject, Verdict

MONTH = "2025-06"


def said(signal: str, layer: Layer = Layer.REALISED, **given: object) -> Measurement:
    fields = {
        "subject": Subject(feature="score"),
        "value": 1.0,
        "threshold": 0.5,
        "verdict": Verdict.ALARM,
        "details": (("cohort", "2025-04"),),
    }
    return Measurement(month=MONTH, layer=layer, signal=signal, method="m", unit="u", **(fields | given))


def spread(p_level: float, p_alike: float, columns: float = 20.0) -> Measurement:
    details = (("cohort", "2025-04"), ("p_level", p_level), ("p_alike", p_alike), ("columns", columns))
    return said("churn_spread", verdict=Verdict.OK, details=details)


def open_alert(cause: Cause, first_seen: str, layer: Layer = Layer.GATE) -> Alert:
    return Alert(
        month="2025-05",
        layer=layer,
        signal="row_count",
        subject=Subject(table="usage"),
        severity=Severity.CRITICAL,
        state=State.FIRING,
        value=1.0,
        threshold=0.5,
        cause=cause,
        effect_money=None,
        first_seen=first_seen,
        message="",
        what_to_do="",
        incident=f"{first_seen}/usage",
    )


def judged(alarm: Measurement, *beside: Measurement, before: tuple[Alert, ...] = ()) -> Cause:
    return cause_of(alarm, weigh((alarm, *beside), before))


MORE = said("cusum_more_churn", hard=True)
RANKING = said("cusum_ranking", hard=True)


def test_churn_that_rose_for_all_alike_is_a_label_shift_even_while_the_scores_stand_still() -> None:
    assert judged(MORE, spread(1e-6, 0.4)) is Cause.LABEL_SHIFT


def test_churn_that_rose_for_some_more_than_for_others_is_a_changed_concept() -> None:
    assert judged(MORE, spread(1e-6, 1e-5)) is Cause.CONCEPT


def test_the_test_of_alikeness_outweighs_a_ranking_that_suffers_under_a_large_uniform_rise() -> None:
    assert judged(RANKING, spread(1e-9, 0.3)) is Cause.LABEL_SHIFT


def test_a_ranking_that_suffers_at_an_unmoved_churn_rate_is_a_changed_concept() -> None:
    assert judged(RANKING, spread(0.5, 0.5)) is Cause.CONCEPT


def test_alikeness_over_the_score_alone_proves_nothing() -> None:
    assert judged(MORE, spread(1e-6, 0.4, columns=1.0)) is Cause.CONCEPT
    assert judged(MORE, spread(1e-6, 1e-5, columns=1.0)) is Cause.CONCEPT


def test_without_the_test_the_mean_score_decides() -> None:
    up = said("mean_score", Layer.PREDICTION, value=0.06, threshold=0.05)

    assert judged(MORE, up) is Cause.LABEL_SHIFT
    assert judged(MORE) is Cause.CONCEPT


def test_a_cohort_of_broken_data_is_a_data_fault_whatever_churn_did() -> None:
    faulty = said("auc", details=(("cohort", "2025-04"), (FAULTY, "2025-04/usage")))

    assert judged(faulty, spread(1e-6, 1e-5)) is Cause.DATA_FAULT


@pytest.mark.parametrize(
    ("first_seen", "expected"),
    [("2025-04", Cause.DATA_FAULT), ("2025-05", Cause.DATA_FAULT), ("2025-06", Cause.CONCEPT)],
)
def test_open_faults_explain_cohorts_from_the_month_before_they_were_seen_on(first_seen: str, expected: Cause) -> None:
    before = (open_alert(Cause.DATA_FAULT, first_seen),)

    assert judged(MORE, spread(1e-6, 1e-5), before=before) is expected


def test_a_break_in_a_column_that_knew_the_answer_is_a_dead_leak_and_not_a_fault() -> None:
    gone = said(
        "null_share",
        Layer.GATE,
        subject=Subject(table="model_view", feature="closing_step"),
        hard=True,
        weight=0.7,
        details=((CLUE, 0.95),),
    )
    ordinary = said(
        "null_share",
        Layer.GATE,
        subject=Subject(table="model_view", feature="sessions"),
        hard=True,
        weight=0.1,
        details=(),
    )

    assert judged(gone) is Cause.LEAK_DIED
    assert judged(ordinary) is Cause.DATA_FAULT


def test_a_column_that_knew_the_answer_and_that_nobody_uses_explains_nothing() -> None:
    unused = said("drift", Layer.INPUT, subject=Subject(feature="closing_step"), weight=0.0, details=((CLUE, 0.95),))

    assert judged(unused) is Cause.COVARIATE
    assert judged(MORE, unused) is Cause.CONCEPT


def test_a_relation_that_was_lost_names_the_dead_leak_for_everything_labels_say() -> None:
    lost = said("relation_lost", subject=Subject(feature="closing_step"), weight=0.7, details=((CLUE, 0.95),))

    assert judged(lost) is Cause.LEAK_DIED
    assert judged(MORE, lost, spread(1e-9, 1e-9)) is Cause.LEAK_DIED


def test_moved_scores_after_a_dead_leak_are_put_down_to_it_and_moved_inputs_are_not() -> None:
    before = (open_alert(Cause.LEAK_DIED, "2025-05"),)
    scores = said("mean_score", Layer.PREDICTION)
    inputs = said("drift", Layer.INPUT, subject=Subject(feature="tenure"), weight=0.2, details=())

    assert judged(scores, before=before) is Cause.LEAK_DIED
    assert judged(inputs, before=before) is Cause.COVARIATE


def test_inputs_that_move_while_nothing_is_broken_are_a_covariate_shift() -> None:
    inputs = said("drift", Layer.INPUT, subject=Subject(feature="tenure"), weight=0.2, details=())

    assert judged(inputs) is Cause.COVARIATE
    assert judged(said("mean_score", Layer.PREDICTION), inputs) is Cause.COVARIATE
    assert judged(said("mean_score", Layer.PREDICTION)) is Cause.UNKNOWN


def test_every_cause_comes_with_advice() -> None:
    assert set(ADVICE) == set(Cause)
    assert "Recalibrate" in ADVICE[Cause.LABEL_SHIFT]
    assert "Take out the feature" in ADVICE[Cause.LEAK_DIED]


@pytest.mark.parametrize(("weight", "moved"), [(0.0, False), (0.3, True)])
@pytest.mark.parametrize("verdict", [Verdict.ALARM, Verdict.OK])
def test_an_open_alert_of_an_input_counts_only_where_the_model_uses_the_input(
    weight: float, verdict: Verdict, *, moved: bool
) -> None:
    column = Subject(feature="usage")
    drift = said("drift", Layer.INPUT, subject=column, weight=weight, verdict=verdict)
    score = said("mean_score", Layer.PREDICTION)
    before = replace(open_alert(Cause.COVARIATE, "2025-05", Layer.INPUT), signal="drift", subject=column)

    assert weigh((drift, score), (before,)).inputs is moved
    assert judged(score, drift, before=(before,)) is (Cause.COVARIATE if moved else Cause.UNKNOWN)
    assert weigh((score,), (before,)).inputs
