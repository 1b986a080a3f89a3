"""A company, a sound repository of it, and what a machine gives: made once for all tests of the scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.reproducibility.company import AFTER, draws, world_of
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.project import levels, settings, sound
from scenarios.reproducibility.recording import DAYS_LATER, as_csv
from scenarios.reproducibility.tables import Extracts, extracts

SEED = 5


@dataclass(frozen=True)
class Ground:
    """A sound repository, its settings, the extracts it reads, and the instant of its recorded run."""

    sound: Files
    settings: Mapping[str, Any]
    taken: Extracts
    begun: float

    @property
    def data(self) -> Files:
        """The data at the time of the recorded run."""
        newest = max(name for name in self.taken.tables if name.startswith("tickets/"))
        return {name: as_csv(table) for name, table in self.taken.tables.items() if name != newest}

    @property
    def today(self) -> Files:
        """The data as they lie there today, nothing overwritten."""
        return {name: as_csv(table) for name, table in self.taken.tables.items()}


def values_of(luck: np.random.Generator, day: str) -> dict[str, Any]:
    return settings(luck, as_of=day, extract=day)


@pytest.fixture(scope="session")
def ground() -> Ground:
    world = world_of(SEED)
    taken = extracts(world, draws(SEED, "people"), month=len(world.deliveries) - AFTER)
    values = values_of(draws(SEED, "settings 1"), str(taken.day.date()))
    begun = taken.day + pd.Timedelta(days=DAYS_LATER, hours=12)
    return Ground(sound(values, levels(draws(SEED, "levels"))), values, taken, begun.tz_localize("UTC").timestamp())
