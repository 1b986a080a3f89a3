"""Runs that were recorded: found again by their id or its beginning, with their figures and their lineage."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.errors import LabError
from pipelines.tracking.store import Store

LINEAGE: Final = "lineage.json"
"""The artifact that says where a run came from."""

_PARENT_TAG: Final = "mlflow.parentRunId"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedRun:
    """A run as it was recorded: its id, its name, its last metrics, and the lineage kept with it (None: none was)."""

    id: str
    name: str
    metrics: Mapping[str, float]
    lineage: Path | None


def keep_lineage(store: Store, run_id: str, file: Path) -> None:
    """Keep a lineage file with the run, so that later runs of the stage do not take its place."""
    store.client.log_artifact(run_id, str(file))


def recorded_run(store: Store, wanted: str) -> RecordedRun:
    """The run whose id is or begins with `wanted`; of a nested run, the one it belongs to.

    Raises
    ------
    LabError
        Where no run's id begins so, or several do.
    """
    every = store.client.search_runs([store.experiment], max_results=_MOST)
    found = [one for one in every if one.info.run_id.startswith(wanted.lower())]
    if len(found) != 1:
        many = f"{len(found)} runs begin so: {', '.join(one.info.run_id[:12] for one in found[:5])}"
        raise LabError(f"MLflow has no run '{wanted}'." if not found else f"'{wanted}' is no one run; {many}.")
    run: Any = found[0]
    while _PARENT_TAG in run.data.tags:
        run = store.client.get_run(run.data.tags[_PARENT_TAG])
    return RecordedRun(
        id=run.info.run_id,
        name=run.info.run_name,
        metrics=dict(run.data.metrics),
        lineage=_lineage(store, run.info.run_id),
    )


_MOST: Final = 10_000
"""Runs looked through, the newest first."""


def _lineage(store: Store, run_id: str) -> Path | None:
    kept = [one.path for one in store.client.list_artifacts(run_id) if one.path.rpartition("/")[2] == LINEAGE]
    return Path(store.client.download_artifacts(run_id, kept[0])) if kept else None
