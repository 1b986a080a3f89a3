"""The embedded tracking store. MLflow keeps absolute paths in it, so opening it follows a checkout that was moved."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.environment import quiet
from pipelines.laid_out import lay_out

EXPERIMENT = "drift-leakage-lab"

_PATHS = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "storage_location"),
)
"""Table and column of every absolute path in MLflow's store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """An open tracking store."""

    client: Any
    experiment: str


def open_store(root: Path) -> Store:
    """The tracking store below the project's root, made when missing."""
    quiet()
    import mlflow

    folder = root.resolve() / "mlruns"
    artifacts = folder / "artifacts"
    artifacts.mkdir(parents=True, exist_ok=True)
    database = folder / "mlflow.db"
    lay_out(database)
    _follow_move(database, artifacts)
    address = f"sqlite:///{database}"
    mlflow.set_tracking_uri(address)  # Model.log and load_model take it from here only
    mlflow.set_registry_uri(address)
    client = mlflow.MlflowClient(tracking_uri=address, registry_uri=address)
    known = client.get_experiment_by_name(EXPERIMENT)
    experiment = (
        known.experiment_id if known else client.create_experiment(EXPERIMENT, artifact_location=str(artifacts))
    )
    return Store(client=client, experiment=str(experiment))


def _follow_move(database: Path, artifacts: Path) -> None:
    """Change the absolute paths in the store when the checkout lies elsewhere than when they were written."""
    if not database.exists():
        return
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        before = _artifact_root(connection)
        if before and before != str(artifacts):
            for table, column in _PATHS:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?",  # noqa: S608
                    (str(artifacts), len(before) + 1, len(before), before),
                )


def _artifact_root(connection: sqlite3.Connection) -> str | None:
    with contextlib.suppress(sqlite3.OperationalError):  # a store whose tables were never finished
        row = connection.execute("SELECT artifact_location FROM experiments WHERE name = ?", (EXPERIMENT,)).fetchone()
        return str(row[0]) if row else None
    return None
