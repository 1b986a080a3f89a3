"""A scenario together with the folder it lives in: what the kit needs to pose it and to grade it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from scenarios.base import Scenario


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    """A graded scenario. `folder` holds its rubric, its brief and its starter."""

    scenario: Scenario[Any]
    folder: Path


Bank: TypeAlias = Callable[[str], Exercise]
"""From a scenario's name to the exercise; raises LabError, with the names there are, for one that is not graded."""
