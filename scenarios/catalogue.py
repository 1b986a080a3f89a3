"""The scenarios, in reading order."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pipelines.errors import LabError

if TYPE_CHECKING:
    from scenarios.kit.exercise import Exercise

SCENARIOS: tuple[str, ...] = ("validation", "leakage", "features", "drift", "reproducibility", "incident")
"""Folder, make target and DVC stage of each; written out, so that the order is the lesson's and not the disk's."""


def require_known(name: str) -> None:
    """Raise LabError for a name that is not in `SCENARIOS`; nothing is loaded for it."""
    if name not in SCENARIOS:
        raise LabError(f"There is no scenario '{name}'. Scenarios: {', '.join(SCENARIOS)}.")


def scenario_module(name: str) -> ModuleType:
    """The module ``scenarios.<name>.scenario``, loaded when asked for.

    Raises
    ------
    LabError
        For a name that is not in `SCENARIOS`.
    """
    require_known(name)
    return importlib.import_module(f"scenarios.{name}.scenario")


GRADED: tuple[str, ...] = ("validation", "leakage", "features", "drift", "reproducibility", "incident")
"""Scenarios that fulfil the contract of `scenarios.base`: each module has a `SCENARIO`."""


def exercise(name: str) -> "Exercise":
    """A graded scenario with its folder.

    Raises
    ------
    LabError
        For a name that is not in `GRADED`.
    """
    if name not in GRADED:
        raise LabError(f"There is no graded scenario '{name}'. Allowed: {', '.join(GRADED)}.")
    from scenarios.kit.exercise import Exercise

    module = scenario_module(name)
    return Exercise(scenario=module.SCENARIO, folder=Path(str(module.__file__)).parent)
