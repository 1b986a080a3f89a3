from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from pipelines.errors import LabError
from pipelines.replay.stage import lived as lived_through
from pipelines.world.levers.catalogue import pulled
from scenarios.incident.answers.cause import cause
from scenarios.incident.bank.catalogue import INCIDENTS, incident
from scenarios.incident.bank.incident import ACTIONS, MECHANISMS, PLACES
from scenarios.incident.exam.hidden import first_hurt
from scenarios.incident.exam.package import packages
from scenarios.incident.exam.plant import silent
from scenarios.incident.system.dashboard import dashboard
from scenarios.incident.system.harm import harm
from scenarios.incident.system.run import Lived, live
from tests.incident.conftest import LEARNING_START, START, material

NAMES = [one.name for one in INCIDENTS]

Run = Callable[[str], Lived]


def start_of(name: str) -> int:
    return LEARNING_START if incident(name).learns else START


def test_the_bank_is_large_and_its_words_are_those_of_the_brief() -> None:
    assert len(INCIDENTS) >= 12
    assert len({one.mechanism for one in INCIDENTS}) >= 12
    assert all(one.mechanism in MECHANISMS and one.action in ACTIONS for one in INCIDENTS)
    assert all({one.place, *one.also} <= set(PLACES) for one in INCIDENTS)


def test_an_unknown_incident_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(LabError, match="Did you mean 'eternal_cache'"):
        incident("eternal_cahe")


@pytest.mark.parametrize("name", NAMES)
def test_an_incident_is_silent_costs_money_and_hits_nobody_before_it_starts(
    twin: Lived, struck: Run, name: str
) -> None:
    months = harm(struck(name), twin)

    assert silent(dashboard(struck(name).runs, np.random.default_rng(1)))
    assert sum(one.cost for one in months) > 0.0
    assert sum(len(one.affected) for one in months[: start_of(name)]) == 0
    assert sum(one.cost for one in months[: start_of(name)]) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_guard_speaks_within_a_month_and_not_before(
    twin: Lived, struck: Run, guard: ModuleType, name: str
) -> None:
    lived, start = struck(name), start_of(name)
    hurt = first_hurt(lived, twin, start)
    months = list(packages(lived).values())
    first = len(months) - len(lived.runs)

    spoke = {at: guard.check(months[first + at], months[: first + at]) for at in (start - 1, *range(start, hurt + 2))}

    assert spoke.pop(start - 1) == []
    assert any(spoke.values())


@pytest.mark.parametrize("swing", [0.0, 0.8])
def test_the_reference_guard_is_silent_in_quiet_and_in_seasonal_months(
    twin: Lived, guard: ModuleType, swing: float
) -> None:
    past = twin.past
    levers = [pulled("seasonal_swing", start=past.base.company.calendar.history, dose=swing)] if swing else []
    lived = live(past, lived_through(past, levers)) if swing else twin
    months = list(packages(lived).values())

    first = len(months) - len(lived.runs)
    assert [guard.check(months[at], months[:at]) for at in range(first, len(months))] == [[]] * len(lived.runs)


@pytest.mark.parametrize("name", NAMES)
def test_going_along_the_chain_names_place_mechanism_and_action(struck: Run, name: str) -> None:
    found = cause(material(struck(name)))

    one = incident(name)
    assert found is not None
    assert found.where in (one.place, *one.also)
    assert (found.mechanism, found.action) == (one.mechanism, one.action)
    assert found.since == struck(name).runs[start_of(name)].label


def test_going_along_the_chain_of_a_sound_system_names_nothing(twin: Lived) -> None:
    assert cause(material(twin)) is None
