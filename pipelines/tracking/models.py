"""Models: recorded with a run, numbered in the registry, named by aliases."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

from pipelines.errors import LabError
from pipelines.tracking.runs import Run
from pipelines.tracking.store import Store

if TYPE_CHECKING:
    import pandas as pd

MODEL = "churn"
"""The registered model; its alias `champion` is what production serves, `challenger` what would replace it."""


def log_model(
    run: Run,
    booster: Any,  # noqa: ANN401 - LightGBM ships no types
    *,
    features: "pd.DataFrame",
    scores: Sequence[float],
    metadata: Mapping[str, object] | None = None,
) -> str:
    """Record a LightGBM booster with a signature and return its address (``models:/...``).

    Parameters
    ----------
    features, scores : a few rows as the booster reads them and what it answers; they give the signature only.
    metadata : what else belongs to the model (calibration, threshold); must be plain JSON values.
    """
    import mlflow.lightgbm
    from mlflow.models import Model, infer_signature

    model = Model.log(
        artifact_path=None,
        flavor=mlflow.lightgbm,
        name="model",
        run_id=run.id,
        lgb_model=booster,
        signature=infer_signature(features, scores),
        # Named, not inferred: inferring starts a Python that imports everything, for 10 s and more.
        pip_requirements=[f"{name}=={installed(name)}" for name in ("lightgbm", "numpy", "pandas", "scipy")],
        metadata=dict(metadata or {}),
    )
    return str(model.model_uri)


def register(store: Store, model_uri: str, *, name: str = MODEL, tags: Mapping[str, str] | None = None) -> int:
    """The number of a new version of the registered model, made from what `Run.log_model` returned."""
    if not _registered(store, name):
        store.client.create_registered_model(name)
    model_id = model_uri.rsplit("/", 1)[-1]
    source_run = store.client.get_logged_model(model_id).source_run_id
    made = store.client.create_model_version(
        name, model_uri, run_id=source_run, model_id=model_id, tags=dict(tags or {})
    )
    return int(made.version)


def set_alias(store: Store, alias: str, version: int, *, name: str = MODEL) -> None:
    """Point an alias at a version, away from the one that had it."""
    store.client.set_registered_model_alias(name, alias, str(version))


def version_of(store: Store, alias: str, *, name: str = MODEL) -> int | None:
    """The version an alias points at; None when there is no such model or alias."""
    found = _registered(store, name)
    version = found[0].aliases.get(alias) if found else None
    return None if version is None else int(version)


def load(store: Store, alias: str, *, name: str = MODEL) -> Any:  # noqa: ANN401 - LightGBM ships no types
    """The LightGBM booster behind an alias. Raises LabError when nothing bears it."""
    import mlflow.lightgbm

    if version_of(store, alias, name=name) is None:
        aliases = [alias for model in _registered(store, name) for alias in model.aliases]
        raise LabError(f"No version of the model '{name}' has the alias '{alias}'. In use: {aliases or 'none'}.")
    return mlflow.lightgbm.load_model(f"models:/{name}@{alias}")


def _registered(store: Store, name: str) -> Sequence[Any]:
    found: Sequence[Any] = store.client.search_registered_models(f"name = '{name}'")
    return found
