"""What a grader knows of a case."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.base import Level
from scenarios.reproducibility.causes.overwritten_table import CODE as OVERWRITTEN
from scenarios.reproducibility.files import Files


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """The sealed part of a case.

    Attributes
    ----------
    planted
        Codes of the causes, in the order of the catalogue.
    metrics
        The recorded run's `metrics.json`, which is public.
    gone
        Whether the data of the recorded run are nowhere any more.
    without
        Code -> what the repository gives with every cause cured but that one; None where it breaks.
    decoys
        Oddities that move nothing: (mechanism, file).
    lineage
        What the recorded run came from, by the names the brief asks for.
    recorded
        Hashes of what the recorded run wrote.
    head, data
        The repository and the data as handed over.
    cures
        What the cures need to know, by name.
    begun
        The day of the recorded run.
    """

    level: Level
    planted: tuple[str, ...]
    metrics: bytes
    gone: bool
    without: Mapping[str, float | None]
    decoys: frozenset[tuple[str, str]]
    lineage: Mapping[str, Any]
    recorded: Mapping[str, str]
    head: Files
    data: Files
    cures: Mapping[str, Any]
    begun: str

    @property
    def figure(self) -> float:
        """The recorded AUC."""
        return float(json.loads(self.metrics)["auc"])

    @property
    def expected(self) -> float:
        """What the repository gives with every cause cured: another figure than the recorded one if its rows are gone.

        Raises
        ------
        ValueError
            Where it gives none, which no case does.
        """
        figure = self.without[OVERWRITTEN] if self.gone else self.figure
        if figure is None:
            raise ValueError("a cured repository gives a figure")
        return figure

    @property
    def control(self) -> bool:
        """Whether nothing was planted."""
        return not self.planted
