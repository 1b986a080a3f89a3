"""The scenarios, in reading order."""

import importlib
from types import ModuleType

from pipelines.errors import LabError

SCENARIOS: tuple[str, ...] = ("validation", "leakage", "drift")
"""Folder, make target and DVC stage of each; written out, so that the order is the lesson's and not the disk's."""


def scenario_module(name: str) -> ModuleType:
    """The module ``scenarios.<name>.scenario``, loaded when asked for.

    Raises
    ------
    LabError
        For a name that is not in `SCENARIOS`.
    """
    if name not in SCENARIOS:
        raise LabError(f"There is no scenario '{name}'. Scenarios: {', '.join(SCENARIOS)}.")
    return importlib.import_module(f"scenarios.{name}.scenario")


GRADED: tuple[str, ...] = ("validation", "leakage", "drift")
"""Scenarios that fulfil the contract of `scenarios.base`: each module has a `SCENARIO`."""
