"""What features and looked-up labels are worth: the fixed learner, trained and scored on the sealed months."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from pipelines.world.truth import expected_auc
from scenarios.features.exam.learner import Fitted, fit
from scenarios.features.exam.truth import FeaturesTruth

KEYS: Final = ("session", "cutoff", "customer_id")
_SAME: Final = 1e-6
"""Relative difference up to which two numbers of the same code are equal."""


@dataclass(frozen=True, slots=True)
class Lift:
    """AUC on the sealed months, and the share of the way from the baseline to the best possible score."""

    auc: float
    share: float


def reviewed(truth: FeaturesTruth, listed: pd.DataFrame) -> pd.DataFrame:
    """The label rows after the listed ones (customer_id, cutoff) were looked up; those that had left are taken out."""
    keys = truth.labels[["customer_id", "cutoff"]]
    looked_up = keys.merge(listed, on=["customer_id", "cutoff"], how="left", indicator=True)["_merge"] == "both"
    after = truth.labels["churned"].mask(looked_up.to_numpy(), truth.labels["right"])
    return truth.labels.assign(churned=after).dropna(subset=["churned"])


def lift(features: pd.DataFrame, labels: pd.DataFrame, truth: FeaturesTruth) -> Lift:
    """Train the fixed learner on the features of the extract, and score the sealed months from the live ones."""
    auc = sealed_auc(fitted(features, labels), features, truth)
    return Lift(auc, share_closed(auc, truth))


def fitted(features: pd.DataFrame, labels: pd.DataFrame) -> Fitted:
    """The fixed learner on the label rows' features."""
    table, churned = learning_rows(features, labels)
    return fit(table, churned)


def learning_rows(features: pd.DataFrame, labels: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Features of the label rows as the extract gives them, shape (n, k), and their labels, shape (n,)."""
    keys = ["customer_id", "cutoff"]
    rows = labels[[*keys, "churned"]].merge(_session(features, "extract"), on=keys, how="left")
    return rows.drop(columns=[*keys, "churned"]), rows["churned"].to_numpy(np.float64)


def share_closed(auc: float, truth: FeaturesTruth) -> float:
    """The share of the way from the baseline to the best possible score that an AUC has gone."""
    return (auc - truth.baseline) / (truth.bayes - truth.baseline)


def sealed_auc(model: Fitted, features: pd.DataFrame, truth: FeaturesTruth) -> float:
    """The exact AUC of a model, the mean over the sealed months; who has no features gets a score all the same."""
    live = _session(features, "live")
    found = []
    for month in truth.sealed:
        rows = live[live["cutoff"] == month.cutoff].set_index("customer_id").reindex(month.customers)
        found.append(expected_auc(_scored(model, rows), month.p))
    return float(np.mean(found))


def _scored(model: Fitted, rows: pd.DataFrame) -> Floats:
    return model.score(rows.drop(columns="cutoff"))


def _session(features: pd.DataFrame, name: str) -> pd.DataFrame:
    return features[features["session"] == name].drop(columns="session")


def peeking(features: pd.DataFrame, truth: FeaturesTruth) -> dict[str, float]:
    """Columns that change when the tables are cut at the cutoff, with the share of cells that do."""
    extract, live = (_session(features, name) for name in ("extract", "live"))
    both = [_pair(extract, live, cutoff) for cutoff in truth.checked]
    names = [name for name in features.columns if name not in KEYS]
    shares = {name: float(np.mean([_changed(one[name], other[name]) for one, other in both])) for name in names}
    return {name: share for name, share in shares.items() if share > 0.0}


def _pair(extract: pd.DataFrame, live: pd.DataFrame, cutoff: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables of a cutoff, customers of either."""
    one, other = (rows[rows["cutoff"] == cutoff].set_index("customer_id") for rows in (extract, live))
    customers = one.index.union(other.index)
    return one.reindex(customers), other.reindex(customers)


def _changed(one: pd.Series, other: pd.Series) -> float:
    if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other):
        a, b = one.to_numpy(np.float64), other.to_numpy(np.float64)
        return float((~np.isclose(a, b, rtol=_SAME, atol=1e-9, equal_nan=True)).mean())
    return float((one.astype("object").fillna("") != other.astype("object").fillna("")).mean())
