"""The study itself: what is kept is not made again, and several processes make the worlds that one makes."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.harm.archetypes import ARCHETYPES
from benchmarks.harm.cluster import on_processes
from benchmarks.harm.measure import Line
from benchmarks.harm.study import Keep, Maker, Missing, Plan, study, worlds


def plan(folder: Path, *names: str) -> Plan:
    chosen = [one for one in ARCHETYPES if one.name in names]
    return Plan(archetypes=chosen, seeds=range(1, 3), customers=1200, scratch=folder)


def said_by(asked: list[Missing], *, broken_at: int | None = None) -> Maker:
    """Makes lines of a name and a seed, notes what was asked for, and breaks in the middle of a seed if told to."""

    def lines(seed: int, names: tuple[str, ...]) -> Iterable[Line]:
        for place, name in enumerate(names):
            if seed == broken_at and place == 1:
                raise KeyboardInterrupt
            yield {"archetype": name, "seed": seed}

    def make(missing: Missing, _customers: int, keep: Keep) -> None:
        asked.append(missing)
        for seed, names in missing.items():
            keep(seed, lines(seed, names))

    return make


def test_an_interrupted_study_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked: list[Missing] = []
    with pytest.raises(KeyboardInterrupt):
        study(plan(tmp_path, "null", "macro_shock"), print, said_by(asked, broken_at=2))

    found = study(plan(tmp_path, "null", "macro_shock"), print, said_by(asked))
    study(plan(tmp_path, "null", "macro_shock"), print, said_by(asked))

    assert asked == [{1: ("null", "macro_shock"), 2: ("null", "macro_shock")}, {2: ("macro_shock",)}]
    assert [(line["seed"], line["archetype"]) for line in found] == [
        (seed, name) for seed in (1, 2) for name in ("null", "macro_shock")
    ]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # importing Evidently warns
def test_worlds_made_on_dask_are_those_made_here(tmp_path: Path) -> None:
    there = study(plan(tmp_path, "null", "macro_shock"), print, on_processes(2))
    here = [line for seed in (1, 2) for line in worlds(seed, ["null", "macro_shock"], 1200)]

    assert [line | {"cpu_seconds": 0.0} for line in there] == [line | {"cpu_seconds": 0.0} for line in here]
