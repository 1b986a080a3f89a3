"""All worlds, one line each in a scratch file: a study that was interrupted goes on where it stopped."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harm.archetypes import ARCHETYPES, Archetype
from benchmarks.harm.ground import ground
from benchmarks.harm.measure import Line, measure

Notice = Callable[[str], None]
Missing = Mapping[int, tuple[str, ...]]
"""Names of the archetypes that are still to be made, by seed."""

Keep = Callable[[int, Iterable[Line]], None]
"""Takes the lines of a seed as they are made."""

Maker = Callable[[Missing, int, Keep], None]
"""Makes what is missing, with so many customers, and hands over each seed's lines, in any order of seeds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Which worlds to make, of what size, and the scratch folder in which they are kept."""

    archetypes: Sequence[Archetype]
    seeds: Sequence[int]
    customers: int
    scratch: Path


def study(plan: Plan, notice: Notice, maker: Maker | None = None) -> list[Line]:
    """The lines of all worlds, seed after seed; those in the scratch folder are not made again.

    `maker` makes them elsewhere, several seeds at a time; without it they are made here, one after another.
    """
    plan.scratch.mkdir(parents=True, exist_ok=True)
    missing = {seed: names for seed in plan.seeds if (names := _missing(plan, seed))}

    def keep(seed: int, lines: Iterable[Line]) -> None:
        for line in lines:
            _append(_path(plan, seed), line)
        notice(f"seed {seed}: {len(missing[seed])} worlds")

    if missing:
        (maker or _here)(missing, plan.customers, keep)
    return [line for seed in plan.seeds for line in _known(plan, seed)]


def worlds(seed: int, names: Sequence[str], customers: int) -> Iterator[Line]:
    """The lines of some archetypes in the company of one seed."""
    start = time.process_time()
    base = ground(seed, customers)
    for archetype in ARCHETYPES:
        if archetype.name in names:
            line = measure(base, archetype)
            yield line | {"cpu_seconds": time.process_time() - start}
            start = time.process_time()


def made(plan: Plan) -> list[Line]:
    """The lines that are in the scratch folder already, of seeds that are complete."""
    seeds = [_read(_path(plan, seed)) for seed in plan.seeds]
    return [line for lines in seeds if len(lines) == len(plan.archetypes) for line in lines]


def _here(missing: Missing, customers: int, keep: Keep) -> None:
    for seed, names in missing.items():
        keep(seed, worlds(seed, names, customers))


def _path(plan: Plan, seed: int) -> Path:
    return plan.scratch / f"{plan.customers}-{seed}.jsonl"


def _missing(plan: Plan, seed: int) -> tuple[str, ...]:
    kept = {line["archetype"] for line in _read(_path(plan, seed))}
    return tuple(one.name for one in plan.archetypes if one.name not in kept)


def _known(plan: Plan, seed: int) -> list[Line]:
    kept = {line["archetype"]: line for line in _read(_path(plan, seed))}
    return [kept[one.name] for one in plan.archetypes]


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _append(path: Path, line: Line) -> None:
    with path.open("a") as file:
        file.write(json.dumps(line, default=_plain) + "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 - numpy scalars
    return value.item()
