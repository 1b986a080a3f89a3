import json
import math

from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Severity, State, Subject, Verdict


def measurement(**changes: object) -> Measurement:
    plain = {
        "month": "2025-03",
        "layer": Layer.GATE,
        "signal": "level",
        "subject": Subject(table="usage", feature="minutes", segment="plan=pro"),
        "value": 99.5,
        "threshold": 2.5,
        "method": "ratio of medians",
        "unit": "ratio",
        "verdict": Verdict.ALARM,
        "details": (("baseline", "2024-03"), ("p_value", 0.01)),
    }
    return Measurement(**(plain | changes))


def alert() -> Alert:
    return Alert(
        month="2025-03",
        layer=Layer.GATE,
        signal="level",
        subject=Subject(table="usage"),
        severity=Severity.CRITICAL,
        state=State.FIRING,
        value=99.5,
        threshold=2.5,
        cause=Cause.DATA_FAULT,
        effect_money=None,
        first_seen="2025-02",
        message="usage: typical size changed by x100",
        what_to_do="repair the feed",
        incident="2025-02/usage",
        streak=2,
    )


def test_a_measurement_survives_the_trip_through_json() -> None:
    there = measurement()

    back = Measurement.from_plain(json.loads(json.dumps(there.to_plain())))

    assert back == there


def test_an_alert_survives_the_trip_through_json() -> None:
    there = alert()

    back = Alert.from_plain(json.loads(json.dumps(there.to_plain())))

    assert back == there


def test_numbers_that_json_does_not_know_become_none() -> None:
    odd = measurement(value=math.nan, threshold=math.inf, details=(("p_value", math.nan),)).to_plain()

    assert json.dumps(odd, allow_nan=False)
    assert (odd["value"], odd["threshold"], odd["details"]) == (None, None, {"p_value": None})


def test_a_subject_reads_as_feature_by_segment() -> None:
    assert str(Subject(table="usage", feature="minutes", segment="plan=pro")) == "usage.minutes [plan=pro]"
    assert str(Subject(feature="tenure")) == "tenure"
    assert str(Subject()) == "model"


def test_severities_rank_from_note_to_call() -> None:
    assert [one.rank for one in (Severity.INFO, Severity.WARNING, Severity.CRITICAL)] == [0, 1, 2]
