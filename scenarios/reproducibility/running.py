"""A repository run in clean copies: in a sandbox, under given conditions, with nothing but data handed back."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import SessionError
from scenarios.kit.sandbox.limits import Limits
from scenarios.reproducibility import inside
from scenarios.reproducibility.conditions import Conditions

Files = Mapping[str, bytes]
"""A folder's files by relative path."""

TEXTS: Final = ("out/metrics.json", "out/predictions.csv", "out/params.json")

LIMITS: Final = Limits(
    cpu_seconds=40, seconds_a_call=40.0, scratch_bytes=96 << 20, line_bytes=4 << 20, file_bytes=16 << 20
)
"""A run of the repository as it is takes about a third of a second."""

_CHILDREN: Final = 2
"""Children at work at the same time."""


class Ran(BaseModel):
    """What one run gave: hashes of the files in ``out/``, texts of some, its log, its error (empty: it ended well)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: str
    hashes: dict[str, str]
    texts: dict[str, str]
    log: str

    @property
    def figure(self) -> float | None:
        """The AUC in ``out/metrics.json``; None where there is none."""
        try:
            value = json.loads(self.texts["out/metrics.json"])["auc"]
        except (KeyError, TypeError, ValueError):
            return None
        return float(value) if isinstance(value, int | float) and not self.error else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One run: a repository's files, its data, conditions, and texts to hand back."""

    repository: Files
    data: Files
    conditions: Conditions
    texts: tuple[str, ...] = TEXTS


def run_all(jobs: Sequence[Job], *, trusted: bool, budget: Budget | None = None) -> list[Ran]:
    """What each job gave, in their order. Jobs whose interpreters start alike share a child; each run is a process.

    All of them share the `budget`; without one, as for the lab's own repositories, only each run has its limit.

    Raises
    ------
    NoIsolationError
        Where the code is not trusted and the machine cannot isolate it.
    """
    numbered = sorted(enumerate(jobs), key=lambda one: _interpreter(one[1]))
    groups = [list(group) for _, group in groupby(numbered, key=lambda one: _interpreter(one[1]))]
    found: dict[int, Ran] = {}
    with ThreadPoolExecutor(max_workers=_CHILDREN) as pool:
        given = [[job for _, job in members] for members in groups]
        run_group = partial(_run_group, trusted=trusted, budget=budget or Budget.endless())
        for members, ran in zip(groups, pool.map(run_group, given), strict=True):
            found.update(zip([number for number, _ in members], ran, strict=True))
    return [found[number] for number in range(len(jobs))]


def _interpreter(job: Job) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(job.conditions.interpreter().items()))


def _run_group(jobs: Sequence[Job], *, trusted: bool, budget: Budget) -> list[Ran]:
    """Jobs whose interpreters start alike, one after the other in one child."""
    environment = jobs[0].conditions.interpreter()
    shelf = _Shelf()
    orders = [_order(job, shelf) for job in jobs]
    lead = Path(inside.__file__)
    open_shelf = partial(open_box, {}, lead, limits=LIMITS, files=shelf.files, environment=environment)
    with open_shelf(trusted=trusted, budget=budget) as box:
        return [_ran(box, order) for order in orders]


class _Shelf:
    """Contents by number, each once, however many runs read it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._known: dict[bytes, str] = {}

    def place(self, content: bytes) -> str:
        if content not in self._known:
            self._known[content] = f"{len(self._known):06d}"
            self.files[self._known[content]] = content
        return self._known[content]


def _order(job: Job, shelf: _Shelf) -> dict[str, Any]:
    given = job.conditions
    data = {f"data/{name}": content for name, content in job.data.items()}
    together = {**data, **job.repository}
    return {
        "files": {name: shelf.place(content) for name, content in together.items()},
        "folder": given.folder,
        "environment": given.variables(),
        "clock": given.clock,
        "luck": given.luck,
        "order": given.order,
        "encoding": given.encoding,
        "arguments": list(given.arguments),
        "also": dict(given.also),
        "entries": list(given.entries),
        "times": given.times,
        "texts": list(job.texts),
    }


def _ran(box: Box, order: Mapping[str, Any]) -> Ran:
    """One run in a session of its own; trouble of the candidate's is part of the answer."""
    try:
        box.begin("", {}, {})
        return Ran.model_validate(box.call(order, {}))
    except SessionError as error:
        return Ran(error=str(error), hashes={}, texts={}, log="")
    except ValidationError as error:
        return Ran(error=f"no readable answer: {error.errors()[0]['msg']}", hashes={}, texts={}, log="")
    finally:
        with suppress(SessionError):
            box.end()
