"""The run that was recorded: a repository as it stood then, on its author's machine, with what it was given by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

import pandas as pd

from pipelines.errors import LabError
from scenarios.reproducibility.causes.carried_state import STATE
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.causes.hash_order import columns_of
from scenarios.reproducibility.causes.overwritten_table import TABLE
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.files import Files, with_setting
from scenarios.reproducibility.running import TEXTS, Job, Ran, run_all
from scenarios.reproducibility.tables import Extracts

MODEL: Final = "out/model.txt"
REGISTERED: Final = "registry/model.txt"
_NEWER: Final = "vendor/scorelib-1.3/scorelib.py"
"""A version that had not come yet."""

DAYS_LATER: Final = 96
"""Days from the extract to the run: the labels take 90."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """A sound repository with its oddities, the settings of the run to be recorded, and when that was."""

    sound: Files
    settings: Mapping[str, Any]
    begun: pd.Timestamp


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The recorded run, the files and data it had, and what it used; `retrained` is the model of a later run."""

    ran: Ran
    files: Files
    data: Files
    settings: Mapping[str, Any]
    retrained: str


def recorded(project: Project, causes: Sequence[Cause], taken: Extracts, *, hash_seed: int) -> Recorded:
    """Make the run that is recorded. Raises LabError where it fails, which is a fault of the lab's."""
    then = reduce(lambda files, cause: cause.then(files), causes, dict(project.sound))
    then = {name: content for name, content in then.items() if name != _NEWER}
    first = max(name for name in taken.tables if name.startswith("tickets/"))
    data = {name: as_csv(table) for name, table in taken.tables.items() if name != first}
    start = Conditions(
        folder="churn-pipeline",
        clock=project.begun.timestamp(),
        threads=2,
        hash_seed=hash_seed,
        luck=hash_seed,
    )
    given = reduce(lambda conditions, cause: cause.given(conditions, project.settings), causes, start)
    later = {name: content for name, content in project.sound.items() if name != _NEWER}
    later = with_setting(later, "model_seed", project.settings["model_seed"] + 1)
    jobs = [
        Job(repository=then, data=data, conditions=given, texts=(*TEXTS, MODEL, STATE)),
        Job(repository=later, data=data, conditions=replace(start, times=1), texts=(*TEXTS, MODEL)),
    ]
    ran, again = run_all(jobs, trusted=True)
    if ran.figure is None or again.figure is None:
        raise LabError(f"The run to be recorded failed: {ran.error or again.error}")
    values = {**project.settings, "columns": columns_of(ran.texts[MODEL])}
    return Recorded(ran=ran, files=then, data=data, settings=values, retrained=again.texts[MODEL])


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as it is handed out."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def handed_over(taken: Extracts, *, overwritten: bool, gone: bool) -> dict[str, pd.DataFrame]:
    """The data as they lie there today, by path below `data/`, with three backups of the customers' table."""
    tables = {**taken.tables, TABLE: taken.later if overwritten else taken.tables[TABLE]}
    names = sorted(taken.backups)
    backups = {**taken.backups, names[1]: taken.strayed if gone else taken.tables[TABLE]}
    return {**tables, **{f"backups/customers-{name}.csv": backups[name] for name in names}}
