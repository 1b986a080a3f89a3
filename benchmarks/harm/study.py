"""All worlds, one line each in a scratch file: a study that was interrupted goes on where it stopped."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harm.archetypes import Archetype
from benchmarks.harm.ground import ground
from benchmarks.harm.measure import Line, measure

Notice = Callable[[str], None]


def study(
    archetypes: Sequence[Archetype], seeds: Sequence[int], customers: int, scratch: Path, notice: Notice
) -> list[Line]:
    """The lines of all worlds, seed after seed; those in the scratch folder are not made again."""
    scratch.mkdir(parents=True, exist_ok=True)
    return [line for seed in seeds for line in _seed(archetypes, seed, customers, scratch, notice)]


def _seed(archetypes: Sequence[Archetype], seed: int, customers: int, scratch: Path, notice: Notice) -> list[Line]:
    path = scratch / f"{customers}-{seed}.jsonl"
    known = {line["archetype"]: line for line in _read(path)}
    missing = [one for one in archetypes if one.name not in known]
    if missing:
        start = time.process_time()
        base = ground(seed, customers)
        for archetype in missing:
            line = measure(base, archetype)
            known[archetype.name] = line
            _append(path, line | {"cpu_seconds": time.process_time() - start})
            start = time.process_time()
        notice(f"seed {seed}: {len(missing)} worlds")
    return [known[one.name] for one in archetypes]


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _append(path: Path, line: Line) -> None:
    with path.open("a") as file:
        file.write(json.dumps(line, default=_plain) + "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 - numpy scalars
    return value.item()
