"""Mutes, calls, hysteresis and cooldown, each on a story small enough to follow by hand."""

from dataclasses import replace

import pytest

from monitoring.alerts import book as books
from monitoring.alerts.book import AlertBook, acknowledge, mute, unmute
from monitoring.alerts.causes import FAULTY
from monitoring.alerts.effects import money_of
from monitoring.alerts.incidents import incidents
from monitoring.alerts.lifecycle import advance
from monitoring.alerts.mutes import Mute
from monitoring.alerts.settings import AlertSettings
from monitoring.alerts.severity import severity_of
from monitoring.errors import MonitorError
from monitoring.vocabulary import Layer, Measurement, Severity, State, Subject, Verdict

SETTINGS = AlertSettings()


def alarm(layer: Layer, signal: str, table: str = "", feature: str = "", **changes: object) -> Measurement:
    return replace(
        Measurement(
            month="2025-01",
            layer=layer,
            signal=signal,
            subject=Subject(table=table, feature=feature),
            value=2.0,
            threshold=1.0,
            method="by hand",
            unit="units",
            verdict=Verdict.ALARM,
            note="it moved",
        ),
        **changes,
    )


BREAK = alarm(Layer.GATE, "level", "usage", "sessions", hard=True)
DRIFT = alarm(Layer.INPUT, "drift", feature="sessions_90d")
SCORE = alarm(Layer.PREDICTION, "mean_score", feature="score")
HARM = alarm(Layer.REALISED, "cusum_ranking", feature="score", hard=True)


def quiet(one: Measurement, value: float = 0.1) -> Measurement:
    return replace(one, verdict=Verdict.OK, value=value, hard=False)


def live(book: AlertBook, *months: list[Measurement], first: int = 1) -> tuple[AlertBook, list[tuple[str, ...]]]:
    called = []
    for at, said in enumerate(months, start=first):
        book, pages = advance(book, said, f"2025-{at:02d}", SETTINGS)
        called.append(pages)
    return book, called


def state(book: AlertBook, signal: str) -> State:
    return next(one.state for one in book.alerts if one.signal == signal)


@pytest.mark.parametrize("what", ["2025-01/usage", "level", "usage", "usage.sessions", "sessions"])
def test_a_mute_silences_an_incident_a_signal_or_a_subject(what: str) -> None:
    book = mute(AlertBook(), Mute(what=what, until="2025-02", why="the feed moves house"))

    book, called = live(book, [BREAK], [BREAK])

    assert called == [(), ()]
    assert state(book, "level") is State.MUTED


def test_an_expired_mute_speaks_again_and_calls() -> None:
    book = mute(AlertBook(), Mute(what="level", until="2025-02", why="known"))

    book, called = live(book, [BREAK], [BREAK], [BREAK], [BREAK])

    assert called == [(), (), ("2025-01/usage",), ()]
    assert book.mutes == ()


def test_a_mute_does_not_reach_other_signals() -> None:
    book = mute(AlertBook(), Mute(what="freshness", until="2025-09", why="known"))

    assert live(book, [BREAK])[1] == [("2025-01/usage",)]


def test_muting_what_fires_takes_effect_at_once_and_unmuting_with_the_next_month() -> None:
    book, _ = live(AlertBook(), [BREAK])

    hushed = mute(book, Mute(what="usage", until="2025-05", why="known"))
    spoken, called = live(unmute(hushed, "usage"), [BREAK], first=2)

    assert state(hushed, "level") is State.MUTED
    assert state(spoken, "level") is State.FIRING
    assert called == [()], "the call was made before the mute"


def test_a_muted_incident_is_resolved_like_any_other() -> None:
    book = mute(AlertBook(), Mute(what="usage", until="2025-09", why="known"))

    assert state(live(book, [BREAK], [quiet(BREAK)])[0], "level") is State.RESOLVED


def test_unmuting_what_is_not_muted_says_what_is() -> None:
    book = mute(AlertBook(), Mute(what="level", until="2025-02", why="known"))

    with pytest.raises(MonitorError, match=r'"usage" is not muted\. Muted are: "level"'):
        unmute(book, "usage")


@pytest.mark.parametrize(("what", "until", "why"), [("", "2025-02", "x"), ("level", "2025-02", " ")])
def test_a_mute_without_reason_is_refused(what: str, until: str, why: str) -> None:
    with pytest.raises(MonitorError, match="A mute needs what and why"):
        Mute(what=what, until=until, why=why)


def test_a_mute_until_no_month_is_refused() -> None:
    with pytest.raises(MonitorError, match='"tomorrow" is not a month'):
        Mute(what="level", until="tomorrow", why="x")


def test_a_fault_of_months_that_moves_inputs_and_later_the_labels_of_its_cohort_is_one_call() -> None:
    labels = alarm(Layer.REALISED, "auc", feature="score", hard=True, details=((FAULTY, "2025-01/usage"),))
    view = alarm(Layer.GATE, "null_share", "model_view", "sessions_90d", hard=True)

    book, called = live(
        AlertBook(),
        [BREAK, view, DRIFT, SCORE],
        [BREAK, view, DRIFT, SCORE],
        [quiet(BREAK), quiet(view), quiet(DRIFT), labels],
        [quiet(BREAK), quiet(view), quiet(DRIFT), labels],
    )

    assert [name for pages in called for name in pages] == ["2025-01/usage"]
    assert {one.incident for one in book.alerts} == {"2025-01/usage"}


def test_tables_broken_in_one_month_in_the_same_way_are_one_incident() -> None:
    copies = [alarm(Layer.GATE, "row_count", table, hard=True) for table in ("customers", "history", "subscriptions")]

    book, called = live(AlertBook(), copies, copies)

    assert called == [("2025-01/customers",), ()]
    assert len(incidents(book.alerts)) == 1


def test_what_flares_up_again_soon_is_the_same_incident_and_later_a_new_one() -> None:
    soon = live(AlertBook(), [BREAK], [quiet(BREAK)], [BREAK])[1]
    late = live(AlertBook(), [BREAK], *[[quiet(BREAK)]] * 4, [BREAK])[1]

    assert soon == [("2025-01/usage",), (), ()]
    assert late[-1] == ("2025-06/usage",)


def test_another_break_of_the_same_table_soon_after_is_a_new_incident() -> None:
    other = alarm(Layer.GATE, "freshness", "usage", hard=True)

    assert live(AlertBook(), [BREAK], [quiet(BREAK)], [other])[1][-1] == ("2025-03/usage",)


def test_an_alert_is_over_only_when_its_figure_is_clearly_below_the_limit() -> None:
    near, far = quiet(HARM, 0.9), quiet(HARM, 0.7)

    assert state(live(AlertBook(), [HARM], *[[near]] * 5)[0], "cusum_ranking") is State.FIRING
    assert state(live(AlertBook(), [HARM], [far], [far])[0], "cusum_ranking") is State.RESOLVED
    assert state(live(AlertBook(), [HARM], [far], [near], [far])[0], "cusum_ranking") is State.FIRING


def test_a_fall_is_over_only_when_it_has_come_back_towards_what_is_usual() -> None:
    fallen = alarm(Layer.REALISED, "auc", value=0.70, threshold=0.80, details=(("expected", 0.90),))
    near, far = quiet(fallen, 0.81), quiet(fallen, 0.85)

    assert state(live(AlertBook(), [fallen], [near], [near])[0], "auc") is State.FIRING
    assert state(live(AlertBook(), [fallen], [far], [far])[0], "auc") is State.RESOLVED


def test_a_new_model_is_given_time_but_broken_data_are_not() -> None:
    book = books.with_new_model(AlertBook(), "2025-01")

    _, called = live(book, [HARM, BREAK], [HARM, BREAK], [HARM, BREAK], first=2)

    assert called == [("2025-02/usage",), (), ("2025-02/outcome",)]


def test_what_was_said_of_the_old_model_is_closed() -> None:
    book, _ = live(AlertBook(), [HARM, SCORE, BREAK])

    assert {one.layer for one in books.with_new_model(book, "2025-01").alerts} == {Layer.GATE}


def test_what_joins_an_incident_somebody_is_on_is_taken_on_too_unless_it_is_louder() -> None:
    soft = replace(BREAK, hard=False)
    other, louder = alarm(Layer.GATE, "range", "usage"), alarm(Layer.GATE, "nulls", "usage", hard=True)
    book, _ = live(AlertBook(), [soft])

    book, called = live(acknowledge(book, "2025-01/usage"), [soft, other], [soft, other, louder], first=2)

    assert {one.signal: one.state for one in book.alerts} == {
        "level": State.ACKNOWLEDGED,
        "range": State.ACKNOWLEDGED,
        "nulls": State.FIRING,
    }
    assert called == [(), ("2025-01/usage",)]


def test_labels_alarms_cost_what_their_cohort_fell_behind() -> None:
    auc = alarm(Layer.REALISED, "auc", details=(("cohort", "2024-11"),))
    profit = replace(
        quiet(alarm(Layer.BUSINESS, "realised_profit")),
        details=(("cohort", "2024-11"), ("campaign_gap", 120.0), ("value_gap", 310.0)),
    )
    elsewhere = replace(profit, details=(("cohort", "2024-10"), ("campaign_gap", 999.0)))

    assert money_of(auc, [elsewhere, profit]) == 310.0
    assert money_of(replace(auc, details=(("money_per_1000", 5.0),)), [profit]) == 5.0
    assert money_of(BREAK, [profit]) is None


def test_suspicions_never_call_however_hard() -> None:
    estimate = alarm(Layer.ESTIMATE, "estimated_auc", hard=True)

    assert severity_of(estimate, SETTINGS) is Severity.WARNING
    assert severity_of(HARM, SETTINGS) is Severity.CRITICAL


def test_a_moved_input_is_worth_a_look_only_where_asked_and_when_it_moved_far() -> None:
    assert severity_of(DRIFT, SETTINGS) is Severity.INFO
    assert severity_of(DRIFT, AlertSettings(strong_input=1.5)) is Severity.WARNING
    assert severity_of(DRIFT, AlertSettings(strong_input=2.5)) is Severity.INFO
    assert severity_of(replace(DRIFT, weight=0.0), AlertSettings(strong_input=1.5)) is Severity.INFO


def test_charts_explain_harm_and_are_notes_unless_they_confirm_it() -> None:
    assert severity_of(replace(HARM, hard=False), SETTINGS) is Severity.INFO
    assert severity_of(replace(HARM, signal="auc", hard=False), SETTINGS) is Severity.WARNING
