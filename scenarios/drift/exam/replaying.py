"""A candidate's monitor through every hidden year: it decides in a sandbox, and the money is reckoned out here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.features import FEATURES
from pipelines.replay.engine import replay
from pipelines.replay.ledger import Ledger
from pipelines.replay.policy import Action, Decision, Known, Seen
from scenarios.drift.exam import inside
from scenarios.drift.exam.company import HIDDEN_COMPANIES, hidden_past
from scenarios.drift.exam.hidden import Hidden, best_costs, hidden_worlds
from scenarios.drift.exam.marks import IN_TIME, TABLE
from scenarios.drift.exam.truth import DriftTruth
from scenarios.kit.pack import plain_types
from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import SessionError

FILE: Final = "monitor.py"

SECONDS, CPU_SECONDS = 1200.0, 240.0
"""A monitor's time for all twenty years: waiting, and processor time. The reference took 90 seconds of waiting for a
third of its calls on a machine with three times more work than processors.
"""


class Said(BaseModel):
    """What `decide` may hand back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    alerts: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)]
    action: Annotated[str, Field(pattern="^(keep|retrain|recalibrate|repair)$")]


def run_code(code: Mapping[str, str], truth: DriftTruth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    """The table `replay`, one row a hidden year; empty where no monitor was handed in.

    Columns: world, quiet, nothing, cost, best (money per 1,000 customers), pages, in_time, actions, trouble.
    """
    if FILE not in code:
        return {}
    return {TABLE: _years(tuple(sorted(code.items())), truth.seed, trusted).copy()}


@lru_cache(maxsize=16)
def _years(code: tuple[tuple[str, str], ...], seed: int, trusted: bool) -> pd.DataFrame:  # noqa: FBT001 - for the cache
    """The table; hidden years do not depend on the level, so the same code on the same seed is run once."""
    budget, worlds, best = Budget(seconds=SECONDS, cpu_seconds=CPU_SECONDS), hidden_worlds(seed), best_costs(seed)
    with open_box(dict(code), Path(inside.__file__), trusted=trusted, budget=budget) as box:
        first = [_kept(box, hidden_past(seed, which).known) for which in range(HIDDEN_COMPANIES)]
        rows = [_row(world, _Monitor(box, first[world.company])) for world in worlds]
    return pd.DataFrame(rows).assign(best=best.result())


def _kept(box: Box, known: Known) -> tuple[Mapping[str, Any], Mapping[str, Path]]:
    """What a monitor is told before every year of a company, its tables written once."""
    plain, tables = _told_first(known)
    return plain, box.keep(tables)


class _Monitor:
    """The candidate's monitor as a policy of the replay: it asks the box; after the first trouble it keeps."""

    def __init__(self, box: Box, first: tuple[Mapping[str, Any], Mapping[str, Path]]) -> None:
        self._box, self._first = box, first
        self._done: Action | None = None
        self.trouble = ""
        self.called: list[int] = []

    def __call__(self, seen: Seen, _known: Known, before: Sequence[Seen]) -> Decision:
        decision = Decision() if self.trouble else self._asked(seen, first=not before)
        self._done = decision.action
        if decision.alerts:
            self.called.append(len(before))
        return decision

    def end(self) -> None:
        """The year is over."""
        with suppress(SessionError):
            self._box.end()

    def _asked(self, seen: Seen, *, first: bool) -> Decision:
        try:
            if first:
                self._box.begin(FILE, *self._first)
            said = Said.model_validate(self._box.call(*_told(seen, self._done)))
        except (SessionError, ValidationError) as error:
            self.trouble = f"{seen.month}: {_short(error)}"
            return Decision()
        action = Action(said.action)
        unasked = () if action is Action.KEEP or said.alerts else (f"somebody has to {action}",)
        return Decision(action=action, alerts=(*said.alerts, *unasked))


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"the answer is not (alerts, action): {'.'.join(map(str, problem['loc']))} {problem['msg']}"
    return str(error)


def _told_first(known: Known) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    plain = {
        "weights": {name: known.weights.get(name, 0.0) for name in FEATURES},
        "threshold": known.threshold,
        "economics": asdict(known.economics),
        "costs": asdict(known.costs),
    }
    views = {f"view {month}": plain_types(view.reset_index()) for month, view in known.views.items()}
    return plain, views | {f"cohort {month}": cohort.reset_index() for month, cohort in known.cohorts.items()}


def _told(seen: Seen, done: Action | None) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    plain = {"month": seen.month, "model": seen.model, "landed_month": seen.landed_month}
    view = plain_types(seen.view.reset_index()).assign(score=seen.score.to_numpy())
    landed = {} if seen.landed is None else {"landed": seen.landed.reset_index()}
    return plain | {"done": None if done is None else str(done)}, {"view": view} | landed


def _row(world: Hidden, monitor: _Monitor) -> dict[str, Any]:
    ledger = replay(world.workshop, monitor)
    monitor.end()
    return {
        "world": world.name,
        "quiet": world.quiet,
        "nothing": world.nothing.cost,
        "cost": ledger.cost,
        "pages": ledger.pages,
        "in_time": _in_time(world, monitor),
        "actions": _actions(ledger),
        "trouble": monitor.trouble,
    }


def _in_time(world: Hidden, monitor: _Monitor) -> bool:
    """Whether the first call came within the months allowed from the start of harm on, and not before."""
    if world.since is None or not monitor.called:
        return False
    start = world.since - world.workshop.stage.scenes[0].month
    return 0 <= monitor.called[0] - start <= IN_TIME


def _actions(ledger: Ledger) -> str:
    """What was done, a word a month."""
    return " ".join(str(entry.action) for entry in ledger.entries)
