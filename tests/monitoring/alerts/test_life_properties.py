"""Whatever the months bring and whatever people write into the book, these hold."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts import book as books
from monitoring.alerts.book import AlertBook
from monitoring.alerts.lifecycle import advance
from monitoring.alerts.mutes import Mute, silenced
from monitoring.alerts.settings import AlertSettings
from monitoring.months import name_of
from monitoring.vocabulary import Alert, Layer, Measurement, Severity, State, Subject, Verdict

SETTINGS = AlertSettings()
START = 12 * 2025

SIGNALS = (
    (Layer.GATE, "level", Subject(table="usage", feature="sessions")),
    (Layer.GATE, "freshness", Subject(table="tickets")),
    (Layer.GATE, "level", Subject(table="model_view", feature="sessions_90d")),
    (Layer.INPUT, "drift", Subject(feature="sessions_90d")),
    (Layer.PREDICTION, "mean_score", Subject(feature="score")),
    (Layer.REALISED, "cusum_ranking", Subject(feature="score")),
    (Layer.REALISED, "auc", Subject(feature="score", segment="plan=pro")),
)
NAMES = ("level", "usage", "usage.sessions", "score", "2025-01/usage", "2025-02/outcome", "cusum_ranking")

VERDICTS = (None, Verdict.OK, Verdict.OK, Verdict.ALARM, Verdict.ALARM, Verdict.CANNOT_TELL)

Action = Callable[[AlertBook, str], AlertBook]


@dataclass(frozen=True)
class Month:
    """What is measured in a month, and what people write into the book after it."""

    name: str
    said: tuple[Measurement, ...]
    actions: tuple[Action, ...]


@st.composite
def measured(draw: st.DrawFn, month: str) -> tuple[Measurement, ...]:
    found = []
    for layer, signal, subject in SIGNALS:
        verdict = draw(
            st.sampled_from((None, Verdict.OK, Verdict.OK, Verdict.ALARM, Verdict.ALARM, Verdict.CANNOT_TELL))
        )
        if verdict is None:
            continue
        value = draw(st.sampled_from((1.2, 5.0) if verdict is Verdict.ALARM else (0.1, 0.9)))
        found.append(
            Measurement(
                month=month,
                layer=layer,
                signal=signal,
                subject=subject,
                value=None if verdict is Verdict.CANNOT_TELL else value,
                threshold=1.0,
                method="by hand",
                unit="units",
                verdict=verdict,
                hard=verdict is Verdict.ALARM and draw(st.booleans()),
            )
        )
    return tuple(found)


def muted(what: str, months: int) -> Action:
    return lambda book, month: books.mute(book, Mute(what=what, until=later(month, months), why="known"))


def acknowledged(at: int) -> Action:
    def act(book: AlertBook, _month: str) -> AlertBook:
        names = sorted({one.incident for one in book.alerts if one.active})
        return books.acknowledge(book, names[at % len(names)]) if names else book

    return act


def deployed(book: AlertBook, month: str) -> AlertBook:
    return books.with_new_model(book, month)


ACTIONS = st.one_of(
    st.builds(muted, st.sampled_from(NAMES), st.integers(0, 3)),
    st.builds(acknowledged, st.integers(0, 5)),
    st.just(deployed),
)


def later(month: str, months: int) -> str:
    return name_of(START + int(month[-2:]) - 1 + months)


@st.composite
def years(draw: st.DrawFn) -> tuple[Month, ...]:
    return tuple(
        Month(name_of(START + at), draw(measured(name_of(START + at))), tuple(draw(st.lists(ACTIONS, max_size=1))))
        for at in range(draw(st.integers(2, 9)))
    )


@dataclass(frozen=True)
class Told:
    """A month: the book a person left before it, the book after it, and the calls."""

    month: Month
    before: AlertBook
    after: AlertBook
    pages: tuple[str, ...]


def lived(year: tuple[Month, ...], book: AlertBook | None = None) -> list[Told]:
    book, told = book or AlertBook(), []
    for month in year:
        after, pages = advance(book, month.said, month.name, SETTINGS)
        told.append(Told(month, book, after, pages))
        for action in month.actions:
            after = action(after, month.name)
        book = after
    return told


def threads(told: list[Told]) -> dict[tuple[object, ...], list[Alert]]:
    """Each alert over the months of its life."""
    found: dict[tuple[object, ...], list[Alert]] = {}
    for one in told:
        for alert in one.after.alerts:
            found.setdefault((alert.key, alert.incident, alert.first_seen), []).append(alert)
    return found


@given(years())
def test_nothing_fires_while_it_is_muted(year: tuple[Month, ...]) -> None:
    for told in lived(year):
        firing = [one for one in told.after.alerts if one.state is State.FIRING]

        assert not [one for one in firing if silenced(one, told.before.mutes, told.month.name)]


@given(years())
def test_nobody_is_called_twice_for_one_incident(year: tuple[Month, ...]) -> None:
    called = [name for told in lived(year) for name in told.pages]

    assert len(called) == len(set(called))


@given(years())
def test_a_call_is_always_about_something_critical_that_fires(year: tuple[Month, ...]) -> None:
    for told in lived(year):
        loud = {a.incident for a in told.after.alerts if a.state is State.FIRING and a.severity is Severity.CRITICAL}

        assert set(told.pages) <= loud


@given(years())
def test_every_critical_incident_that_fires_was_called_for(year: tuple[Month, ...]) -> None:
    for told in lived(year):
        loud = {a.incident for a in told.after.alerts if a.state is State.FIRING and a.severity is Severity.CRITICAL}

        assert loud <= set(told.after.called)


@given(years())
def test_severity_never_falls_while_an_alert_is_open(year: tuple[Month, ...]) -> None:
    for life in threads(lived(year)).values():
        ranks = [one.severity.rank for one in life]

        assert ranks == sorted(ranks)


@given(years())
def test_an_alert_is_resolved_only_by_a_month_that_looked_and_found_it_quiet(year: tuple[Month, ...]) -> None:
    for told in lived(year):
        by_key = {one.key: one for one in told.month.said}
        spoke = {(one.layer, one.subject.table) for one in told.month.said}
        for alert in told.after.alerts:
            if alert.state is State.RESOLVED:
                own = by_key.get(alert.key)
                assert own.verdict is Verdict.OK if own else (alert.layer, alert.subject.table) in spoke
                assert alert.streak < 0


@given(years())
def test_every_alarm_is_recorded_whoever_muted_it(year: tuple[Month, ...]) -> None:
    for told in lived(year):
        alarms = {one.key for one in told.month.said if one.verdict is Verdict.ALARM}

        assert alarms <= {one.key for one in told.after.alerts}


@given(years(), st.integers(1, 8))
def test_a_book_read_back_from_json_has_the_same_future(year: tuple[Month, ...], cut: int) -> None:
    straight = lived(year)
    at = min(cut, len(year) - 1)

    read = AlertBook.from_plain(json.loads(json.dumps(straight[at].before.to_plain())))

    assert [(one.after, one.pages) for one in lived(year[at:], read)] == [
        (one.after, one.pages) for one in straight[at:]
    ]


@given(years())
def test_the_order_in_which_measurements_arrive_changes_nothing(year: tuple[Month, ...]) -> None:
    turned = tuple(Month(one.name, one.said[::-1], one.actions) for one in year)

    assert [one.after for one in lived(turned)] == [one.after for one in lived(year)]
