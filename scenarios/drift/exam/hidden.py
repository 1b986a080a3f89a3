"""Years that no candidate sees: twenty worlds of two companies, and what doing nothing and knowing everything cost."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from pipelines.flows.beside import beside
from pipelines.replay.engine import replay
from pipelines.replay.ledger import Ledger
from pipelines.replay.oracle import oracle
from pipelines.replay.past import Past
from pipelines.replay.policies.never import never
from pipelines.replay.stage import Stage, lived, stage_of
from pipelines.replay.workshop import Workshop
from scenarios.drift.exam.company import HIDDEN_COMPANIES, hidden_past, luck
from scenarios.drift.exam.compose import Pulled
from scenarios.drift.exam.events import HERRINGS, Family, Possible, of_family
from scenarios.drift.exam.timeline import HISTORY

_HIDDEN = 70
"""Purpose of the hidden worlds' random draws."""

_CONCEPT, _LABEL, _FAULT, _QUIET = (Family.CONCEPT,), (Family.LABEL,), (Family.FAULT,), (Family.HARMLESS,)

PLAN: Final[tuple[tuple[Family, ...], ...]] = (
    *(_CONCEPT,) * 4,
    *(_LABEL,) * 3,
    *(_FAULT,) * 4,
    *((Family.CONCEPT, Family.FAULT),) * 2,
    (Family.LABEL, Family.FAULT),
    *(_QUIET,) * 4,
    *((),) * 2,
)
"""The families of each hidden world: fourteen years with harm, four in which inputs move, two in which nothing does.

The companies take them in turn, so that each has its share of every family.
"""

STARTS: Final = (1, 2)
"""Months of the year (0 is the first) in which the first event may start."""

LATER: Final = 2
"""Months after the first in which a second event starts."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """One hidden year. `since` is the month index from which something hurts; None in a quiet year.

    `company` says whose it is, as `hidden_past` counts them.
    """

    name: str
    company: int
    events: tuple[Pulled, ...]
    workshop: Workshop
    nothing: Ledger
    since: int | None

    @property
    def quiet(self) -> bool:
        """Whether nothing hurts the model."""
        return self.since is None


@lru_cache(maxsize=1)
def hidden_worlds(seed: int) -> tuple[Hidden, ...]:
    """The hidden years of a draw, in an order that tells nothing."""
    rng = luck(seed, _HIDDEN)
    order = rng.permutation(len(PLAN))
    return tuple(
        _world(seed, f"year {place + 1}", int(i) % HIDDEN_COMPANIES, _events(PLAN[int(i)], rng))
        for place, i in enumerate(order)
    )


@lru_cache(maxsize=1)
def best_costs(seed: int) -> Future[list[float]]:
    """What the cheapest sequence of actions costs in each hidden year, with the future known, in their order.

    It is worked out in a process beside this one, while a monitor is asked.
    """
    pasts = [_sendable(hidden_past(seed, which)) for which in range(HIDDEN_COMPANIES)]
    years = [
        (None if world.quiet else replace(world.workshop.stage, past=pasts[world.company]), world.nothing.cost)
        for world in hidden_worlds(seed)
    ]
    helper = beside()
    costs = helper.submit(_cheapest, years)
    helper.shutdown(wait=False)
    return costs


def _sendable(past: Past) -> Past:
    """The past without what only this process can use."""
    return replace(past, features=past.base.features, challengers={})


def _cheapest(years: Sequence[tuple[Stage | None, float]]) -> list[float]:
    """The costs, from each year's stage and what doing nothing costs; without a stage that is the cheapest."""
    return [nothing if stage is None else oracle(Workshop(stage)).cost for stage, nothing in years]


def _world(seed: int, name: str, company: int, events: Sequence[Pulled]) -> Hidden:
    past = hidden_past(seed, company)
    levers = [lever for one in events if (lever := one.lever) is not None]
    faults = [fault for one in events if (fault := one.fault) is not None]
    workshop = Workshop(stage_of(past, lived(past, levers), faults))
    hurting = [one.start for one in events if one.what.family is not Family.HARMLESS]
    return Hidden(
        name=name,
        company=company,
        events=tuple(events),
        workshop=workshop,
        nothing=replay(workshop, never),
        since=min(hurting, default=None),
    )


def _events(families: Sequence[Family], rng: np.random.Generator) -> tuple[Pulled, ...]:
    first = HISTORY + int(rng.integers(STARTS[0], STARTS[1] + 1))
    return tuple(_event(family, first + LATER * place, rng) for place, family in enumerate(families))


def _event(family: Family, start: int, rng: np.random.Generator) -> Pulled:
    pool: Sequence[Possible] = HERRINGS if family is Family.HARMLESS else of_family(family, hidden=True)
    what = pool[int(rng.integers(len(pool)))]
    weakest, strongest = what.doses
    dose = round(weakest + float(rng.random()) * (strongest - weakest), 3)
    return Pulled(what=what, dose=dose, start=start)
