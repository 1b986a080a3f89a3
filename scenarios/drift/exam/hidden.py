"""Years that no candidate sees: twenty worlds of one company, and what doing nothing and knowing everything cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from pipelines.replay.engine import replay
from pipelines.replay.ledger import Ledger
from pipelines.replay.oracle import oracle
from pipelines.replay.policies.never import never
from pipelines.replay.stage import lived, stage_of
from pipelines.replay.workshop import Workshop
from scenarios.drift.exam.company import hidden_past, luck
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
"""The families of each hidden world: fourteen years with harm, four in which inputs move, two in which nothing does."""

STARTS: Final = (1, 2)
"""Months of the year (0 is the first) in which the first event may start."""

LATER: Final = 2
"""Months after the first in which a second event starts."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """One hidden year. `since` is the month index from which something hurts; None in a quiet year."""

    name: str
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
    return tuple(_world(seed, f"year {place + 1}", _events(PLAN[int(i)], rng)) for place, i in enumerate(order))


@lru_cache(maxsize=len(PLAN))
def best(world: Hidden) -> Ledger:
    """The cheapest sequence of actions in a hidden year, with the future known."""
    return oracle(world.workshop)


def _world(seed: int, name: str, events: Sequence[Pulled]) -> Hidden:
    past = hidden_past(seed)
    levers = [lever for one in events if (lever := one.lever) is not None]
    faults = [fault for one in events if (fault := one.fault) is not None]
    workshop = Workshop(stage_of(past, lived(past, levers), faults))
    hurting = [one.start for one in events if one.what.family is not Family.HARMLESS]
    return Hidden(
        name=name,
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
