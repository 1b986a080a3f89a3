"""Runs, datasets, metrics and model versions in MLflow: the only package that knows it.

The store is embedded: SQLite in ``mlruns/mlflow.db``, files in ``mlruns/artifacts``.
"""

from pipelines.tracking.alerts import RunAlerts
from pipelines.tracking.models import MODEL, load, log_model, register, set_alias, version_of
from pipelines.tracking.recorded_runs import RecordedRun, keep_lineage, recorded_run
from pipelines.tracking.runs import Run, close_stale_runs, run
from pipelines.tracking.store import EXPERIMENT, Store, open_store

__all__ = [
    "EXPERIMENT",
    "MODEL",
    "RecordedRun",
    "Run",
    "RunAlerts",
    "Store",
    "close_stale_runs",
    "keep_lineage",
    "load",
    "log_model",
    "open_store",
    "recorded_run",
    "register",
    "run",
    "set_alias",
    "version_of",
]
