"""Runs: parameters, metrics by month, datasets and files, written in few calls."""

import contextlib
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pipelines.tracking.store import Store

_PARENT_TAG = "mlflow.parentRunId"
_OWNER_TAG = "lab.process"
_METRICS_A_BATCH = 1000
_PARAMS_A_BATCH = 100
"""MLflow's own limits for one call of log_batch."""

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run that is being recorded."""

    store: Store
    id: str

    def log_params(self, params: Mapping[str, object]) -> None:
        """Record parameters; a name can be recorded once a run."""
        from mlflow.entities import Param

        for batch in _batches((Param(name, str(value)) for name, value in params.items()), _PARAMS_A_BATCH):
            self.store.client.log_batch(self.id, params=batch)

    def log_metrics(self, metrics: Mapping[str, float], *, step: int = 0) -> None:
        """Record one value a metric; `step` is the month's index."""
        self.log_series({name: {step: value} for name, value in metrics.items()})

    def log_series(self, series: Mapping[str, Mapping[int, float]]) -> None:
        """Record metrics by month: metric name -> month index -> value. One write for all of them."""
        from mlflow.entities import Metric

        now = _milliseconds()
        metrics = (
            Metric(name, float(value), now, step) for name, values in series.items() for step, value in values.items()
        )
        for batch in _batches(metrics, _METRICS_A_BATCH):
            self.store.client.log_batch(self.id, metrics=batch)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Add or change tags."""
        for name, value in tags.items():
            self.store.client.set_tag(self.id, name, value)

    def log_dataset(self, name: str, path: Path, *, digest: str, context: str = "training") -> None:
        """Record which data the run read; `digest` is its DVC hash."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        # MLflow holds a digest in 36 characters; DVC's "md5.dir" has exactly that.
        dataset = Dataset(name=name, digest=digest[:36], source_type="local", source=path.as_posix())
        tag = InputTag(key="mlflow.data.context", value=context)
        self.store.client.log_inputs(self.id, [DatasetInput(dataset, [tag])])

    def log_artifact(self, path: Path, *, folder: str | None = None) -> None:
        """Copy a file or a folder's content to the run's artifacts, below `folder` when given."""
        log = self.store.client.log_artifacts if path.is_dir() else self.store.client.log_artifact
        log(self.id, str(path), folder)


@contextlib.contextmanager
def run(store: Store, name: str, *, parent: Run | None = None, tags: Mapping[str, str] | None = None) -> Iterator[Run]:
    """Record a run for the length of the block: then finished, failed on an error, or killed on an interrupt."""
    owner = {_OWNER_TAG: f"{socket.gethostname()}:{os.getpid()}"}
    family = {_PARENT_TAG: parent.id} if parent else {}
    made = store.client.create_run(store.experiment, run_name=name, tags={**owner, **family, **(tags or {})})
    handle = Run(store=store, id=made.info.run_id)
    status = "KILLED"
    try:
        yield handle
        status = "FINISHED"
    except Exception:
        status = "FAILED"
        raise
    finally:
        store.client.set_terminated(handle.id, status=status)


def close_stale_runs(store: Store) -> int:
    """How many runs were still marked as running though their process has gone; they are now marked as killed."""
    running = store.client.search_runs([store.experiment], "attributes.status = 'RUNNING'")
    stale = [found for found in running if not _owner_lives(found.data.tags.get(_OWNER_TAG, ""))]
    for found in stale:
        store.client.set_terminated(found.info.run_id, status="KILLED")
    return len(stale)


def _owner_lives(owner: str) -> bool:
    """Whether the process that opened a run may still be at work; on another machine that cannot be known."""
    host, _, pid = owner.rpartition(":")
    if not pid.isdigit() or host != socket.gethostname():
        return bool(host)
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _milliseconds() -> int:
    return int(time.time() * 1000)
