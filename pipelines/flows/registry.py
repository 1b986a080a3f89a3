"""What a stage tells MLflow: parameters, data, metrics by month, models and their aliases."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from prefect import flow
from prefect.runtime import flow_run

from pipelines import tracking
from pipelines.flows.steps import step
from pipelines.layout import Layout
from pipelines.lineage import Runs, dvc_hash
from pipelines.model import ChurnModel, model_view
from pipelines.parameters import Parameters
from pipelines.production import MonthRun
from pipelines.progress import say
from pipelines.sinks.notice import Notice
from pipelines.sinks.sink import deliver

_SIGNATURE_ROWS = 50


def flat(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """Nested parameters as ``section.key`` names; lists stay one value."""
    values: dict[str, object] = {}
    for name, value in parameters.items():
        values |= flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return values


@step("record champion in MLflow", retries=1)
def record_champion(
    model: ChurnModel,
    metrics: Mapping[str, float],
    held_out: pd.DataFrame,
    features: pd.DataFrame,
    *,
    layout: Layout,
    parameters: Parameters,
) -> str:
    """Record the training run with its data and metrics, register the model and point `champion` at it.

    Returns the run id.
    """
    store = tracking.open_store(layout.home)
    tracking.close_stale_runs(store)
    with tracking.run(store, "train champion", tags={"stage": "champion"}) as run:
        run.log_params(
            flat({"champion": parameters.champion.model_dump(), "economics": parameters.economics.model_dump()})
        )
        run.log_dataset("world", layout.tables(), digest=dvc_hash(layout.tables()))
        run.log_metrics(metrics)
        by_month = held_out.groupby("month")[["score", "churned"]].mean()
        run.log_series({str(name): dict(enumerate(by_month[name])) for name in by_month})
        version = record_model(store, run, model, features)
        tracking.set_alias(store, "champion", version)
    return run.id


def record_model(store: tracking.Store, run: tracking.Run, model: ChurnModel, features: pd.DataFrame) -> int:
    """Log a model with its signature in an open run and register it as a new version of `churn`."""
    import lightgbm

    booster = lightgbm.Booster(model_str=model.trees)
    rows = pd.DataFrame(model_view(features.iloc[:_SIGNATURE_ROWS]), columns=list(features.columns))
    scores = booster.predict(rows.to_numpy(), num_threads=1)
    uri = tracking.log_model(run, booster, features=rows, scores=scores, metadata=model.to_plain())
    return tracking.register(store, uri, tags={"version": model.version})


@flow(name="record production", validate_parameters=False)
def record_production(
    runs: Sequence[MonthRun],
    metrics: Mapping[str, float],
    series: Mapping[str, Mapping[int, float]],
    report: Path,
    *,
    layout: Layout,
    parameters: Parameters,
    name: str,
) -> Runs:
    """Tell MLflow about a scenario's production months; returns the ids of this flow run and of the MLflow run."""
    recorded = _record_production(runs, metrics, series, report, layout=layout, parameters=parameters, name=name)
    return Runs(prefect_flow_run=flow_run.id, mlflow_run=recorded)


@step("record production in MLflow", retries=1)
def _record_production(
    runs: Sequence[MonthRun],
    metrics: Mapping[str, float],
    series: Mapping[str, Mapping[int, float]],
    report: Path,
    *,
    layout: Layout,
    parameters: Parameters,
    name: str,
) -> str:
    """Record a scenario's production months: metrics by month (step = month), alerts, and every promoted model.

    Returns the run id.
    """
    store = tracking.open_store(layout.home)
    tracking.close_stale_runs(store)
    with tracking.run(store, name, tags={"stage": f"scenario@{name}"}) as run:
        run.log_params(flat(parameters.model_dump()))
        run.log_dataset("deliveries", layout.tables(name), digest=dvc_hash(layout.tables(name)), context="monitoring")
        run.log_metrics(metrics)
        run.log_series(series)
        for file in ("alerts.json", "story.json", "index.html"):
            run.log_artifact(report / file)
        _record_alerts(run, runs)
        _record_promotions(store, run, runs)
    return run.id


def _record_alerts(run: tracking.Run, runs: Sequence[MonthRun]) -> None:
    steps = {done.label: done.month for done in runs}
    sink = tracking.RunAlerts(run=run, step=steps.__getitem__)
    for done in runs:
        for failure in deliver(Notice(report=done.report, about="Churn model"), [sink]):
            say(str(failure))


def _record_promotions(store: tracking.Store, parent: tracking.Run, runs: Sequence[MonthRun]) -> None:
    """One nested run a promoted model; the aliases `challenger` and then `champion` move to it."""
    for done in runs:
        if done.promoted is None or done.trial is None or done.given.view is None:
            continue
        with tracking.run(store, f"retrain {done.label}", parent=parent) as run:
            run.log_metrics(_trial_metrics(done))
            version = record_model(store, run, done.promoted, done.given.view.drop(columns="customer_id"))
            tracking.set_alias(store, "challenger", version)
            tracking.set_alias(store, "champion", version)


def _trial_metrics(done: MonthRun) -> dict[str, float]:
    judged = ("champion_log_loss", "challenger_log_loss", "champion_profit", "challenger_profit")
    names = (*judged, "expected_gain", "kept_loss")
    return {name: getattr(done.trial, name) for name in names}
