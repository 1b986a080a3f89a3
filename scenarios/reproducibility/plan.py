"""Which causes a draw plants, and which oddities stand beside them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scenarios.base import Level
from scenarios.reproducibility.causes.catalogue import CAUSES
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.causes.cause import Level as Hides
from scenarios.reproducibility.decoys import ALWAYS, SOME, Decoy

HIDDEN: Final = {
    Level.JUNIOR: (Hides.LOUD, Hides.LOUD, Hides.QUIET),
    Level.MID: (Hides.LOUD, Hides.LOUD, Hides.QUIET, Hides.QUIET),
    Level.SENIOR: (Hides.LOUD, Hides.QUIET, Hides.QUIET, Hides.QUIET, Hides.FAINT),
}
"""How well the causes of each level hide."""

DECOYS: Final = {Level.JUNIOR: 2, Level.MID: 3, Level.SENIOR: 4}

FAMILIES: Final = {Level.JUNIOR: 2, Level.MID: 3, Level.SENIOR: 3}
"""From how many families the causes come at least."""

UNSTEADY: Final = ("row-order", "unseeded-sampling", "hash-order", "thread-count", "time-zone")
"""Each machine gives another figure with these; every case has one."""

GONE_SHARE: Final = 0.5
"""How often an overwritten table lies in no backup."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A case's causes in the catalogue's order, its oddities, and whether an overwritten table lies in no backup."""

    causes: tuple[Cause, ...]
    decoys: tuple[Decoy, ...]
    gone: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The causes' codes."""
        return tuple(one.code for one in self.causes)


def plan(level: Level, luck: np.random.Generator, *, control: bool) -> Plan:
    """A plan for a level; a control has the oddities alone."""
    decoys = (*ALWAYS, *(SOME[int(i)] for i in np.sort(luck.choice(len(SOME), DECOYS[level], replace=False))))
    causes = _causes(level, luck)
    gone = bool(luck.random() < GONE_SHARE) and any(one.code == "overwritten-in-place" for one in causes)
    return Plan(causes=() if control else causes, decoys=decoys, gone=gone and not control)


def _causes(level: Level, luck: np.random.Generator) -> tuple[Cause, ...]:
    """Causes that hide as the level asks, from enough families, one of them unsteady."""
    while True:
        taken: list[int] = []
        for hides in HIDDEN[level]:
            free = [i for i, one in enumerate(CAUSES) if one.hides is hides and i not in taken]
            taken.append(int(luck.choice(free)))
        causes = tuple(CAUSES[i] for i in sorted(taken))
        families = {one.family for one in causes}
        if len(families) >= FAMILIES[level] and any(one.code in UNSTEADY for one in causes):
            return causes
