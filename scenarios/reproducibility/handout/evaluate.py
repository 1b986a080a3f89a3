"""Step 3: the model's AUC, and every customer's score."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from settings import read_settings


def run(settings: Mapping[str, Any]) -> None:
    """Write out/predictions.csv and out/metrics.json."""
    table = pd.read_csv("out/prepared.csv")
    booster = lightgbm.Booster(model_file="out/model.txt")
    table["score"] = booster.predict(table[booster.feature_name()], num_threads=1)
    part = table[table["split"] == settings["judge_on"]]
    figure = auc(part["churned"].to_numpy(), part["score"].to_numpy())
    table[["customer_id", "split", "score"]].to_csv("out/predictions.csv", index=False)
    metrics = {"auc": figure, "judged": len(part)}
    Path("out/metrics.json").write_text(json.dumps(metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"evaluate: AUC {figure:.6f} on {len(part):,} customers")


def auc(left: np.ndarray, score: np.ndarray) -> float:
    """The chance that a customer who leaves has a higher score than one who stays; ties count half."""
    ranks = pd.Series(score).rank().to_numpy()
    leavers = left == 1
    first, second = leavers.sum(), (~leavers).sum()
    return float((ranks[leavers].sum() - first * (first + 1) / 2) / (first * second))


if __name__ == "__main__":
    run(read_settings(sys.argv[1:]))
