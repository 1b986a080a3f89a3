"""What happens in a case: which incident by level, with which dose, and from which run on."""

from typing import Final

import numpy as np

from scenarios.base import Level
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.bank.incident import Incident
from scenarios.incident.system.run import Struck
from scenarios.incident.system.timeline import STARTS

RANK: Final = {Level.JUNIOR: 0, Level.MID: 1, Level.SENIOR: 2}
"""The hardest incidents of each level."""

PLACE_OF_DOSE: Final = {Level.JUNIOR: (0.7, 1.0), Level.MID: (0.35, 0.9), Level.SENIOR: (0.2, 0.8)}
"""Where between the weakest and the strongest dose a level's doses lie."""

LEARNING_STARTS: Final = (2, 2)
"""Runs in which the label job of an incident of learning goes wrong: with the first cohort that lands."""


def struck(level: Level, first: int, rng: np.random.Generator) -> Struck:
    """An incident of the level; `first` is the month index of the first run."""
    pool = bank(level)
    chosen = pool[int(rng.integers(len(pool)))]
    low, high = PLACE_OF_DOSE[level]
    return at_dose(chosen, low + (high - low) * float(rng.random()), first, rng)


def bank(level: Level) -> tuple[Incident, ...]:
    """The incidents of a level; seniors are spared the loudest."""
    if level is Level.SENIOR:
        return tuple(one for one in INCIDENTS if one.level > 0)
    return tuple(one for one in INCIDENTS if one.level <= RANK[level])


def at_dose(incident: Incident, place: float, first: int, rng: np.random.Generator) -> Struck:
    """The incident at a place (0 to 1) between its weakest and its strongest dose, from a run that is drawn."""
    weakest, strongest = incident.doses
    low, high = LEARNING_STARTS if incident.learns else STARTS
    start = first + int(rng.integers(low, high + 1))
    return Struck(incident=incident, dose=round(weakest + place * (strongest - weakest), 3), start=start)
