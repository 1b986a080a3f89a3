"""Recorded against made anew: which output differs, in which file, and by which figures."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.dvc_cache import cached, listing

MOST_FIGURES: Final = 8
"""Figures shown of one file that differs."""

_ABSENT: Final = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """One output: its hash as recorded and now (a dash where there is none), and what in it differs, a line each."""

    path: str
    recorded: str
    now: str
    differences: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the bytes are those that were recorded."""
        return self.recorded == self.now


def compare(recorded: Mapping[str, str], now: Mapping[str, str], *, root: Path, clone: Path) -> tuple[Output, ...]:
    """Every output by path. Recorded contents are looked up in the DVC cache of `root`, the new ones in `clone`'s."""
    found = []
    for path in sorted(recorded.keys() | now.keys()):
        before, after = recorded.get(path, _ABSENT), now.get(path, _ABSENT)
        lines = () if before == after else tuple(_differences(path, (before, after), root, clone))
        found.append(Output(path=path, recorded=before, now=after, differences=lines))
    return tuple(found)


def figures_off(recorded: Mapping[str, float], file: Path) -> tuple[str, ...]:
    """Tracked figures that a run's metrics.json has otherwise, a line each; empty where there is no such file."""
    now = dict(_numbers(json.loads(file.read_text(encoding="utf-8")))) if file.is_file() else {}
    return tuple(_line(name, recorded[name], now[name]) for name in sorted(recorded) if _unlike(name, recorded, now))


def _unlike(name: str, recorded: Mapping[str, float], now: Mapping[str, float]) -> bool:
    return name in now and not math.isclose(recorded[name], now[name], rel_tol=0.0, abs_tol=0.0)


def _differences(path: str, digests: tuple[str, str], root: Path, clone: Path) -> Iterator[str]:
    if _ABSENT in digests:
        yield f"{path}: {'not recorded' if digests[0] == _ABSENT else 'not made'}"
        return
    before, after = listing(root, digests[0]), listing(clone, digests[1])
    if before is None and after is None:
        yield from _figures(path, cached(root, digests[0]), cached(clone, digests[1]))
        return
    if before is None or after is None:
        yield f"{path}: which of its files, cannot be said: the recorded listing is no longer in the DVC cache"
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            pair = (before.get(name, _ABSENT), after.get(name, _ABSENT))
            yield from _differences(f"{path}/{name}", pair, root, clone)


def _figures(path: str, before: Path, after: Path) -> Iterator[str]:
    """The figures of a JSON file that are not what they were; of other files only that they differ."""
    if not path.endswith(".json") or not before.is_file() or not after.is_file():
        yield path
        return
    was, now = (dict(_numbers(json.loads(one.read_text(encoding="utf-8")))) for one in (before, after))
    moved = [name for name in sorted(was.keys() & now.keys()) if was[name] != now[name]]
    yield f"{path}: {len(moved)} figures differ"
    yield from (f"  {_line(name, was[name], now[name])}" for name in moved[:MOST_FIGURES])


def _line(name: str, was: float, now: float) -> str:
    return f"{name}: recorded {was:.10g}, now {now:.10g}"


def _numbers(value: Any, name: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield name, float(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _numbers(inner, f"{name}[{at}]")
