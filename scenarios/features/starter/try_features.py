"""Train the fixed learner on `features.py` and try it on the newest labelled cutoff. Change it as you like."""

import json
from pathlib import Path

import lightgbm
import pandas as pd
from features import build_features
from sklearn.metrics import roc_auc_score

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Build, train, score, and say how good it was on the labels as they stand."""
    told = json.loads((HERE / "model.json").read_text(encoding="utf-8"))
    tables = {path.stem: pd.read_parquet(path) for path in sorted((HERE / "tables").glob("*.parquet"))}
    labels = pd.read_parquet(HERE / "labels.parquet")
    settings = dict(told["learner"])
    rounds = settings.pop("rounds")
    parts = [_cohort(tables, labels, pd.Timestamp(cutoff)) for cutoff in told["cutoffs"]]
    older, newest = pd.concat(parts[:-1]), parts[-1]
    for name in older.columns:
        if older[name].dtype.kind not in "biuf":
            words = sorted(older[name].dropna().astype(str).unique())
            older[name] = pd.Categorical(older[name], categories=words)
            newest[name] = pd.Categorical(newest[name], categories=words)
    data = lightgbm.Dataset(older.drop(columns="churned"), older["churned"])
    steady = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1}
    model = lightgbm.train({**settings, **steady}, data, num_boost_round=rounds)
    score = model.predict(newest.drop(columns="churned"), num_threads=1)
    print(f"AUC on {told['cutoffs'][-1]}: {roc_auc_score(newest['churned'], score):.3f}")
    print(f"The stuck model will reach {told['baseline_auc']:.3f} in the months to come.")


def _cohort(tables: dict, labels: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    rows = labels[labels["cutoff"] == cutoff].set_index("customer_id")
    return build_features(tables, cutoff).reindex(rows.index).assign(churned=rows["churned"])


if __name__ == "__main__":
    main()
