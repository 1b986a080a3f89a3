"""All worlds, one line each in a scratch file: a study that was interrupted goes on where it stopped."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harm.archetypes import Archetype
from benchmarks.harm.ground import ground
from benchmarks.harm.measure import Line, measure

Notice = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Which worlds to make, of what size, and the scratch folder in which they are kept."""

    archetypes: Sequence[Archetype]
    seeds: Sequence[int]
    customers: int
    scratch: Path


def study(plan: Plan, notice: Notice) -> list[Line]:
    """The lines of all worlds, seed after seed; those in the scratch folder are not made again."""
    plan.scratch.mkdir(parents=True, exist_ok=True)
    return [line for seed in plan.seeds for line in _seed(plan, seed, notice)]


def made(plan: Plan) -> list[Line]:
    """The lines that are in the scratch folder already, of seeds that are complete."""
    seeds = [_read(_path(plan, seed)) for seed in plan.seeds]
    return [line for lines in seeds if len(lines) == len(plan.archetypes) for line in lines]


def _path(plan: Plan, seed: int) -> Path:
    return plan.scratch / f"{plan.customers}-{seed}.jsonl"


def _seed(plan: Plan, seed: int, notice: Notice) -> list[Line]:
    path = _path(plan, seed)
    known = {line["archetype"]: line for line in _read(path)}
    missing = [one for one in plan.archetypes if one.name not in known]
    if missing:
        start = time.process_time()
        base = ground(seed, plan.customers)
        for archetype in missing:
            line = measure(base, archetype)
            line["cpu_seconds"] = time.process_time() - start
            known[archetype.name] = line
            _append(path, line)
            start = time.process_time()
        notice(f"seed {seed}: {len(missing)} worlds")
    return [known[one.name] for one in plan.archetypes]


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _append(path: Path, line: Line) -> None:
    with path.open("a") as file:
        file.write(json.dumps(line, default=_plain) + "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 - numpy scalars
    return value.item()
