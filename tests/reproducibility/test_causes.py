"""The definition tests: each cause is real code that gives the record where that was made, and not elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pytest

from scenarios.reproducibility.causes.catalogue import CAUSES, cause
from scenarios.reproducibility.causes.cause import Cause, Family
from scenarios.reproducibility.causes.hash_order import columns_of
from scenarios.reproducibility.conditions import HOME, Conditions
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.hidden import AWAY
from scenarios.reproducibility.planting import BITES_FROM
from scenarios.reproducibility.recording import as_csv
from scenarios.reproducibility.running import TEXTS, Job, Ran, run_all
from tests.reproducibility.conftest import Ground

MODEL, STATE = "out/model.txt", "state/shuffle.json"
ALL = [pytest.param(one.code, id=one.code) for one in CAUSES]


@dataclass(frozen=True)
class Trial:
    """One cause alone: the recorded run, what is handed over on the first machine, and the cure on two unlike ones."""

    recorded: Ran
    left: Ran
    elsewhere: Ran
    home: Ran
    away: Ran


def settings_with(ground: Ground, one: Cause) -> dict[str, Any]:
    """The settings of the recorded run where that cause is planted."""
    other = {"wall-clock": {"as_of": "2024-01-01"}, "metric-of-another-split": {"judge_on": "valid"}}
    return {**ground.settings, **other.get(one.code, {})}


def recorded_job(ground: Ground, one: Cause) -> Job:
    start = Conditions(clock=ground.begun, threads=2, hash_seed=77, luck=77)
    given = one.given(start, settings_with(ground, one))
    then = {name: text for name, text in one.then(ground.sound).items() if "scorelib-1.3" not in name}
    return Job(repository=then, data=ground.data, conditions=given, texts=(*TEXTS, MODEL, STATE))


def handed_over(ground: Ground, one: Cause, ran: Ran) -> Files:
    """The repository today: a later run's model in the registry, and state where the run left any."""
    files = {**one.now(ground.sound), "registry/model.txt": ran.texts[MODEL].replace("=0.", "=0.9").encode()}
    return {**files, STATE: ran.texts[STATE].encode()} if STATE in ran.texts else files


def cure_of(ground: Ground, one: Cause, files: Files, ran: Ran) -> dict[str, bytes]:
    known = {"columns": columns_of(ran.texts[MODEL]), "scorelib": "1.2"}
    restored = as_csv(ground.taken.tables["customers.csv"]).decode()
    return one.cure(files, {**settings_with(ground, one), **known, "restored": restored})


def data_today(ground: Ground, one: Cause) -> Files:
    overwritten = one.code == "overwritten-in-place"
    return {**ground.today, "customers.csv": as_csv(ground.taken.later)} if overwritten else ground.today


@pytest.fixture(scope="session")
def trials(ground: Ground) -> Mapping[str, Trial]:
    """Every cause tried out alone; all runs together, so that few interpreters start."""
    then = run_all([recorded_job(ground, one) for one in CAUSES], trusted=True)
    jobs = []
    for one, ran in zip(CAUSES, then, strict=True):
        left = handed_over(ground, one, ran)
        cured, data = cure_of(ground, one, left, ran), data_today(ground, one)
        there = (one.elsewhere or (lambda home: home))(replace(HOME, luck=2))
        for files, at in ((left, replace(HOME, luck=1)), (left, there), (cured, HOME), (cured, AWAY)):
            jobs.append(Job(repository=files, data=data, conditions=at))
    ran = run_all(jobs, trusted=True)
    four = [ran[at : at + 4] for at in range(0, len(ran), 4)]
    return {one.code: Trial(first, *rest) for one, first, rest in zip(CAUSES, then, four, strict=True)}


@pytest.mark.xdist_group("reproducibility causes")
@pytest.mark.parametrize("code", ALL)
def test_a_cause_moves_the_recorded_figure(trials: Mapping[str, Trial], code: str) -> None:
    trial = trials[code]

    assert trial.recorded.figure is not None, trial.recorded.error
    assert trial.left.figure is None or abs(trial.left.figure - trial.recorded.figure) >= BITES_FROM


@pytest.mark.xdist_group("reproducibility causes")
@pytest.mark.parametrize("code", ALL)
def test_with_the_cure_the_recorded_figure_and_bytes_come_back_on_two_unlike_machines(
    trials: Mapping[str, Trial], code: str
) -> None:
    trial = trials[code]

    assert trial.home.figure == trial.recorded.figure, trial.home.error
    assert trial.home.hashes == trial.away.hashes, trial.away.error
    assert trial.home.hashes["out/prepared.csv"] == trial.recorded.hashes["out/prepared.csv"]


@pytest.mark.xdist_group("reproducibility causes")
@pytest.mark.parametrize("code", [one for one in ALL if cause(str(one.id)).elsewhere is not None])
def test_a_cause_that_is_said_to_make_machines_differ_does(trials: Mapping[str, Trial], code: str) -> None:
    trial = trials[code]

    assert trial.left.hashes != trial.elsewhere.hashes


@pytest.mark.xdist_group("reproducibility causes")
@pytest.mark.parametrize("code", [one for one in ALL if cause(str(one.id)).elsewhere is None])
def test_a_cause_that_is_said_to_be_steady_gives_the_same_bytes_twice(trials: Mapping[str, Trial], code: str) -> None:
    trial = trials[code]

    assert trial.left.hashes == trial.elsewhere.hashes


def test_there_are_at_least_fourteen_causes_in_four_families() -> None:
    assert len(CAUSES) >= 14
    assert {one.family for one in CAUSES} == set(Family)
    assert len({one.code for one in CAUSES}) == len(CAUSES)


def test_any_two_causes_can_be_planted_together_and_cured_in_either_order(ground: Ground) -> None:
    values = {**ground.settings, "scorelib": "1.2", "restored": ""}
    for first, second in combinations(CAUSES, 2):
        planted = second.now(first.now(ground.sound))

        one_way = second.cure(first.cure(planted, values), values)
        other_way = first.cure(second.cure(planted, values), values)

        assert _code(one_way) == _code(other_way) == _code(ground.sound), (first.code, second.code)


def _code(files: Files) -> dict[str, bytes]:
    """The files with the settings in the order of their names, as a cure puts them at the end."""
    lines = b"\n".join(sorted(files["params.yaml"].splitlines()))
    return {**files, "params.yaml": lines}


@pytest.mark.parametrize("code", ALL)
def test_a_cause_changes_code_or_data_and_no_setting_but_its_own(ground: Ground, code: str) -> None:
    one = cause(code)
    before, after = (set(files["params.yaml"].splitlines()) for files in (ground.sound, one.now(ground.sound)))

    assert len(before - after) <= 1
    assert all(
        name in one.where or name == "params.yaml" for name, text in _changed(ground.sound, one.now(ground.sound))
    )


def _changed(before: Files, after: Files) -> list[tuple[str, bytes]]:
    return [(name, text) for name, text in after.items() if before.get(name) != text]
