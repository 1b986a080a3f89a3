"""What happens in a drift case, over many draws: how many things, of which kinds, when, how large, how soon."""

import numpy as np
import pytest

from scenarios.base import Level
from scenarios.drift.exam.compose import EASY, GROWS_BY, HERRINGS_SHOWN, harmful_events, red_herrings
from scenarios.drift.exam.events import Family
from scenarios.drift.exam.timeline import HISTORY, YEAR


def draws() -> list[np.random.Generator]:
    """The luck of three hundred cases."""
    return [np.random.default_rng(seed) for seed in range(300)]


@pytest.mark.parametrize("level", Level)
def test_every_dose_is_one_that_the_level_allows_and_every_event_is_shown(level: Level) -> None:
    for rng in draws():
        for one in harmful_events(level, rng):
            weakest, strongest = one.what.doses
            assert one.what.shown, one.what.name
            assert weakest + EASY[level] * (strongest - weakest) - 1e-3 <= one.dose <= strongest + 1e-3
            assert HISTORY < one.start < HISTORY + YEAR


def test_seniors_get_people_that_change_and_then_a_record_that_breaks() -> None:
    for rng in draws():
        people, record = harmful_events(Level.SENIOR, rng)
        assert people.what.family in (Family.CONCEPT, Family.LABEL)
        assert record.what.family is Family.FAULT
        assert record.start - people.start >= 3


def test_what_grows_has_time_to_grow_before_the_record_breaks() -> None:
    drawn = [harmful_events(Level.SENIOR, rng)[0] for rng in draws()]
    growing = [one.start - HISTORY for one in drawn if one.gradual]
    sudden = [one.start - HISTORY for one in drawn if not one.gradual]
    assert max(growing) == GROWS_BY < max(sudden)
    assert min(growing) == min(sudden)
    assert len(growing) > len(drawn) / 3


@pytest.mark.parametrize("level", [Level.JUNIOR, Level.MID])
def test_one_thing_hurts_below_senior_and_every_kind_comes_up(level: Level) -> None:
    drawn = [harmful_events(level, rng) for rng in draws()]
    assert {len(events) for events in drawn} == {1}
    assert {events[0].what.family for events in drawn} == {Family.CONCEPT, Family.LABEL, Family.FAULT}
    assert not any(events[0].gradual for events in drawn)


@pytest.mark.parametrize("level", Level)
def test_no_two_red_herrings_are_alike_and_none_hurts(level: Level) -> None:
    for rng in draws():
        events = red_herrings(level, rng)
        assert len({one.what.name for one in events}) == len(events) == HERRINGS_SHOWN[level]
        assert {one.what.family for one in events} <= {Family.HARMLESS}
