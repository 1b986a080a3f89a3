"""Every trap: planting shows it, curing takes it away, and it buys what it must; harmless sins buy nothing."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from pipelines.recorded import World
from scenarios.base import Level
from scenarios.validation.engine import run_pipeline
from scenarios.validation.panel import HALF_MONTHLY, MONTHLY, UP_TO_DATE, WEEKLY, Cadence
from scenarios.validation.plan import Plan, plan, planned
from scenarios.validation.pricing import price
from scenarios.validation.traps import TRAPS, shown, trap

Bite: TypeAlias = tuple[str, Cadence, float]
Tables: TypeAlias = Callable[..., dict[str, pd.DataFrame]]


EXTRACT = "2024-01-01"
LEVELS = tuple(Level)
SEEDS = (1, 2)


def of(*codes: str, level: Level = Level.MID, sins: tuple[str, ...] = ()) -> Plan:
    return planned(level, codes, sins, extract=EXTRACT, random=np.random.default_rng(0))


def all_planted() -> list[str]:
    return [one.code for one in TRAPS if one.code not in ("scaled-before-split", "filled-before-split")]


@pytest.mark.parametrize("code", [one for one in all_planted() if one != "no-gap-before-test"])
def test_a_planted_trap_shows_and_a_cured_one_does_not(code: str) -> None:
    spec = of(code).spec
    assert trap(code) in shown(spec)
    assert trap(code) not in shown(trap(code).cure(spec))


@pytest.mark.parametrize("code", ["scaled-before-split", "filled-before-split", "no-gap-before-test"])
def test_a_harmless_sin_shows_and_a_cured_one_does_not(code: str) -> None:
    spec = of(sins=(code,)).spec
    assert trap(code) in shown(spec)
    assert trap(code) not in shown(trap(code).cure(spec))


def test_a_sound_pipeline_shows_nothing() -> None:
    assert shown(of().spec) == ()


BITES = (
    ("random-split-of-panel", WEEKLY, 0.0),
    ("random-split-of-panel", HALF_MONTHLY, 0.0),
    ("duplicates-before-split", MONTHLY, 0.3),
    ("oversampled-before-split", MONTHLY, 0.0),
    ("encoded-before-split", MONTHLY, 0.0),
    ("immature-labels", UP_TO_DATE, 0.0),
    ("rebalanced-holdout", MONTHLY, 0.0),
    ("pooled-churners", MONTHLY, 0.0),
    ("selected-before-split", MONTHLY, 0.0),
    ("tuned-on-test", MONTHLY, 0.0),
    ("stopped-on-test", MONTHLY, 0.0),
    ("threshold-on-test", MONTHLY, 0.0),
    ("best-slice-reported", MONTHLY, 0.0),
    ("filtered-holdout", MONTHLY, 0.0),
    ("accuracy-at-low-churn", MONTHLY, 0.0),
)


@pytest.mark.parametrize("bite", BITES, ids=[f"{one[0]}-{one[1].name}" for one in BITES])
def test_a_trap_bites_on_average_over_seeds(bite: Bite, tables: Tables, world: World) -> None:
    code, cadence, copied = bite
    extract = str(world.cutoff(world.company.calendar.history).date())
    spec = planned(Level.JUNIOR, (code,), (), extract=extract, random=np.random.default_rng(0)).spec
    given = tables(cadence, copied)
    found = []
    for seed in SEEDS:
        seeded = {"seed": seed, **spec}
        found.append(price(trap(code), seeded, run_pipeline(seeded, given)).bites)
    assert np.mean(found) >= 1.0


@pytest.mark.parametrize(
    "code",
    [
        "scaled-before-split",
        "filled-before-split",
        "duplicates-before-split",
        "immature-labels",
        "encoded-before-split",
    ],
)
def test_a_harmless_sin_does_not_bite_on_average(code: str, tables: Tables, world: World) -> None:
    extract = str(world.cutoff(world.company.calendar.history).date())
    spec = planned(Level.MID, (), (code,), extract=extract, random=np.random.default_rng(0)).spec
    given = tables(MONTHLY)
    found = []
    for seed in SEEDS:
        seeded = {"seed": seed, **spec}
        found.append(price(trap(code), seeded, run_pipeline(seeded, given)).points)
    assert abs(np.mean(found)) < 0.01


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(20))
def test_a_plan_shows_every_trap_it_planted_and_every_sin_it_added(level: Level, seed: int) -> None:
    drawn = plan(level, np.random.default_rng(seed), EXTRACT, control=False)
    codes = {one.code for one in shown(drawn.spec)}
    assert {*drawn.planted} <= codes
    assert 1 <= len(drawn.planted) <= 4


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(10))
def test_a_control_plants_nothing_and_shows_sins_all_the_same(level: Level, seed: int) -> None:
    drawn = plan(level, np.random.default_rng(seed), EXTRACT, control=True)
    assert drawn.planted == ()
    assert len(shown(drawn.spec)) >= 3


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(20))
def test_a_control_has_the_steps_of_a_planted_pipeline(level: Level, seed: int) -> None:
    """Whoever has seen another pack must not tell a control by the length of its pipeline, its panel or its claims."""
    set_up, sound = (plan(level, np.random.default_rng(seed), EXTRACT, control=control) for control in (False, True))

    assert sorted(step["do"] for step in sound.spec["steps"]) == sorted(step["do"] for step in set_up.spec["steps"])
    assert (sound.cadence, sound.copied) == (set_up.cadence, set_up.copied)
    assert not {*set_up.planted} & {one.code for one in shown(sound.spec)}
