"""Findings against faults, worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.base import AnswerSheet, Finding
from scenarios.features.exam.found import Found, found
from scenarios.features.exam.truth import FeaturesTruth


def said(truth: FeaturesTruth, *pairs: tuple[str, str], probability: float = 1.0) -> Found:
    findings = tuple(Finding(where=where, mechanism=what, probability=probability) for where, what in pairs)
    return found(AnswerSheet(scenario="features", trust=False, findings=findings), truth)


FULL, TWICE = ("usage.sessions", "sentinel value"), ("tickets", "duplicate rows")


def test_place_and_mechanism_earn_everything(toy: FeaturesTruth) -> None:
    assert said(toy, FULL, TWICE).f_score == 1.0


def test_the_column_alone_earns_a_quarter_and_counts_as_no_more(toy: FeaturesTruth) -> None:
    located = said(toy, ("usage.sessions", "time zone"))

    assert located.credit == {"full": 0.25}
    assert located.recall == pytest.approx(0.125)
    assert located.precision == pytest.approx(0.25)


def test_a_table_with_the_wrong_mechanism_is_a_false_alarm(toy: FeaturesTruth) -> None:
    guess = said(toy, ("usage", "time zone"))

    assert guess.credit == {}
    assert [one.where for one in guess.wrong] == ["usage"]


def test_naming_a_fault_twice_counts_once_and_costs_nothing(toy: FeaturesTruth) -> None:
    assert said(toy, FULL, ("usage", "sentinel value"), TWICE).f_score == 1.0


def test_a_second_guess_at_the_mechanism_of_a_fault_that_was_found_is_a_false_alarm(toy: FeaturesTruth) -> None:
    assert [one.mechanism for one in said(toy, FULL, TWICE, ("usage", "time zone")).wrong] == ["time zone"]


def test_what_is_odd_and_sound_costs_double(toy: FeaturesTruth) -> None:
    one, odd = (
        said(toy, FULL, ("invoices", "missing rows")),
        said(toy, FULL, ("tickets.satisfaction", "missing values")),
    )

    assert one.precision == pytest.approx(1 / 2)
    assert odd.precision == pytest.approx(1 / 3)


def test_places_that_do_not_exist_and_doubts_are_not_looked_at(toy: FeaturesTruth) -> None:
    assert said(toy, ("no.such", "missing rows")).wrong == ()
    assert said(toy, FULL, probability=0.4).credit == {}


def test_nothing_said_earns_nothing(toy: FeaturesTruth) -> None:
    assert said(toy).f_score == 0.0


places = st.sampled_from(
    ["usage", "usage.sessions", "tickets", "tickets.ticket_id", "invoices", "tickets.satisfaction"]
)
words = st.sampled_from(["sentinel value", "duplicate rows", "missing rows", "time zone"])


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(places, words), max_size=8))
def test_a_sound_place_accused_on_top_never_pays(toy: FeaturesTruth, pairs: list[tuple[str, str]]) -> None:
    before = said(toy, *pairs)
    after = said(toy, *pairs, ("invoices", "unit or currency"))

    assert after.f_score <= before.f_score
    assert 0.0 <= after.f_score <= 1.0
