"""Every rule for one scenario: what is written, what it does, and its tasks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.errors import LabError
from scenarios.base import Level, Scenario
from scenarios.kit.dev.paper import paper_rulings
from scenarios.kit.dev.tasks import task_rulings
from scenarios.kit.dev.trial import trial_rulings
from scenarios.kit.dev.verdict import Outcome, Ruling


def rulings(
    root: Path, scenario: Scenario[Any], *, seeds: int, level: Level, say: Callable[[str], None]
) -> list[Ruling]:
    """All rulings; with no seeds, only those about what is written."""
    found = paper_rulings(root, scenario)
    if not seeds:
        return found
    folder = root / "scenarios" / scenario.name
    found += _tried("trial", lambda: trial_rulings(scenario, folder / "starter", seeds=seeds, level=level, say=say))
    return found + _tried("tasks", lambda: task_rulings(folder, root / ".lab" / "learn", scenario, say=say))


def _tried(rule: str, rule_on: Callable[[], list[Ruling]]) -> list[Ruling]:
    """The rulings, or the one that says why they could not be had: a scenario that crashes is a finding too."""
    try:
        return rule_on()
    except LabError as error:
        said = str(error)
    except Exception as error:  # noqa: BLE001 - whatever the scenario's code raises is what its author must hear
        said = f"{type(error).__name__}: {error}"
    return [Ruling(rule=rule, outcome=Outcome.ERROR, said=said)]
