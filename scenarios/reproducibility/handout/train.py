"""Step 2: gradient-boosted trees on the training part, in one thread."""

import shutil
import sys
from collections.abc import Mapping
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from settings import read_settings


def run(settings: Mapping[str, Any]) -> None:
    """Write out/model.txt."""
    table = pd.read_csv("out/prepared.csv")
    rows = table[table["split"] == "train"]
    columns = settings["columns"]
    rng = np.random.default_rng(settings["model_seed"])
    rows = rows.iloc[rng.permutation(len(rows))]
    data = lightgbm.Dataset(rows[columns], rows["churned"])
    booster = lightgbm.train(learner(settings), data, num_boost_round=settings["rounds"])
    booster.save_model("out/model.txt")
    print(f"train: {len(rows):,} rows, {len(columns)} columns")
    if settings["promote"]:
        shutil.copy("out/model.txt", "registry/model.txt")
        print("train: promoted to registry/model.txt")


def learner(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The learner's parameters."""
    return {
        "objective": "binary",
        "num_leaves": settings["leaves"],
        "learning_rate": settings["learning_rate"],
        "min_data_in_leaf": settings["min_rows"],
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": settings["model_seed"],
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }


if __name__ == "__main__":
    run(read_settings(sys.argv[1:]))
