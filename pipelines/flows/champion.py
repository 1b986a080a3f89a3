"""The flow that builds training data, validates by walking forward, trains the champion and registers it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.runtime import flow_run

from pipelines import artefacts, store
from pipelines.dataset import Cohort, Feed, cohort
from pipelines.flows.registry import record_champion
from pipelines.flows.steps import step, unread
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.model import ChurnModel
from pipelines.parameters import Parameters
from pipelines.progress import say
from pipelines.train import quality, train_champion
from pipelines.world.recorder import TABLES
from pipelines.world.truth import expected_auc, expected_log_loss

VERSION = "champion-1"
"""Name of the first deployed model in prediction logs."""


@flow(name="train champion", validate_parameters=False)
def train(parameters: Parameters, layout: Layout) -> Runs:
    """Train on the history months, write the model, its reference and its metrics, and register it as `champion`."""
    cohorts = _build_cohorts(parameters, layout)
    model, held_out = _walk_forward(unread(cohorts), parameters)
    metrics = _measure(held_out, model, parameters, layout)
    _write(model, held_out, unread(cohorts), metrics=metrics, layout=layout)
    recorded = record_champion(model, metrics, held_out, cohorts[-1].features, layout=layout, parameters=parameters)
    say(
        f"walk-forward AUC {metrics['auc']:.3f} (best possible {metrics['bayes_auc']:.3f}, "
        f"logistic baseline {metrics['baseline_auc']:.3f}), calibration error {metrics['ece']:.4f}"
    )
    return Runs(prefect_flow_run=flow_run.id, mlflow_run=recorded)


@step("build features")
def _build_cohorts(parameters: Parameters, layout: Layout) -> list[Cohort]:
    """Every history cutoff from the warm-up on, with the labels known on the day the model goes live."""
    calendar = parameters.world.calendar
    labels = [calendar.label(month) for month in range(calendar.history)]
    feed = Feed(store.read_months(layout.tables(), TABLES, labels))
    months = range(parameters.champion.warm_up, calendar.history)
    cohorts = [cohort(feed, calendar, month, known_at=calendar.history) for month in months]
    say(f"features of {len(cohorts)} cutoffs, {sum(len(c.features) for c in cohorts):,} rows")
    return cohorts


@step("validate and train")
def _walk_forward(cohorts: Sequence[Cohort], parameters: Parameters) -> tuple[ChurnModel, pd.DataFrame]:
    labelled = [c for c in cohorts if c.labelled().any()]
    return train_champion(labelled, parameters.champion, parameters.economics.economics, version=VERSION)


@step("measure")
def _measure(held_out: pd.DataFrame, model: ChurnModel, parameters: Parameters, layout: Layout) -> dict[str, float]:
    """Held-out quality, and how far it stays from the best any model could do on the same customers."""
    metrics = quality(held_out, model, parameters.economics.economics)
    truth = pd.concat(
        [store.read_month(layout.truth(), "months", month).assign(month=month) for month in held_out["month"].unique()]
    )
    known = held_out.merge(truth[["customer_id", "month", "bayes"]], on=["customer_id", "month"], how="inner")
    p = known["bayes"].to_numpy()
    metrics["bayes_auc"] = expected_auc(p, p)
    metrics["bayes_log_loss"] = expected_log_loss(p, p)
    metrics["auc_below_bayes"] = metrics["bayes_auc"] - metrics["auc"]
    return {name: round(float(value), 6) for name, value in metrics.items()}


@step("write model and reference")
def _write(
    model: ChurnModel,
    held_out: pd.DataFrame,
    cohorts: Sequence[Cohort],
    *,
    metrics: dict[str, float],
    layout: Layout,
) -> None:
    artefacts.write_model(layout.champion, model)
    for c in cohorts:
        artefacts.write_cohort(layout.reference, c)
    store.write_frame(layout.reference / "held_out.parquet", held_out)
    store.write_json(layout.report("champion") / "metrics.json", metrics)
    store.write_text(layout.report("champion") / "walk_forward.csv", walk_forward_table(held_out).to_csv(index=False))
    store.write_text(layout.report("champion") / "calibration.csv", calibration_table(held_out).to_csv(index=False))
    create_table_artifact(key="champion-quality", table=[metrics], description="Held-out quality of the champion")


def walk_forward_table(held_out: pd.DataFrame) -> pd.DataFrame:
    """One row a test month: customers, churn rate, AUC of champion and baseline."""
    from monitoring.performance.metrics import auc

    rows: list[dict[str, Any]] = [
        {
            "month": month,
            "customers": len(rows),
            "churn_rate": round(float(rows["churned"].mean()), 6),
            "auc": round(auc(rows["churned"], rows["score"]).value, 6),
            "baseline_auc": round(auc(rows["churned"], rows["baseline"]).value, 6),
        }
        for month, rows in held_out.groupby("month")
    ]
    return pd.DataFrame(rows)


def calibration_table(held_out: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Mean score and observed churn in `bins` groups of equal size, lowest scores first."""
    ordered = held_out.sort_values("score", kind="stable")
    groups = np.array_split(np.arange(len(ordered)), bins)
    rows = [ordered.iloc[group][["score", "churned"]].mean() for group in groups]
    return pd.DataFrame(
        {
            "decile": range(1, bins + 1),
            "predicted": [round(r["score"], 6) for r in rows],
            "observed": [round(r["churned"], 6) for r in rows],
        }
    )
