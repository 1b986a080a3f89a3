"""The files a candidate gets: tables and labels as they stand at the extract, the dictionary, the stuck model."""

import json
from pathlib import Path
from typing import Final

import pandas as pd

from scenarios.base import Public
from scenarios.features.exam.learner import ROUNDS, SETTINGS
from scenarios.features.exam.truth import FeaturesTruth

_FEATURES: Final = Path(__file__).parents[1]
_STARTER: Final = ("README.md", "answer.yaml", "features.py", "labels_to_review.csv", "try_features.py")

REVIEWS: Final = 1_500
"""Label rows that the team has time to look up."""


def public_files(truth: FeaturesTruth, dictionary: pd.DataFrame) -> Public:
    """Everything that is handed out, by path; `dictionary` from `dictionary.written`."""
    files: dict[str, pd.DataFrame | str] = {
        "BRIEF.md": (_FEATURES / "brief.md").read_text(encoding="utf-8"),
        "model.json": model_json(truth),
        "labels.parquet": truth.labels[["customer_id", "cutoff", "churned"]],
        "data_dictionary.csv": dictionary,
    }
    for name in _STARTER:
        files[name] = (_FEATURES / "starter" / name).read_text(encoding="utf-8")
    for name, rows in truth.tables.items():
        files[f"tables/{name}.parquet"] = rows[rows["available_at"] < truth.extract].reset_index(drop=True)
    return files


def model_json(truth: FeaturesTruth) -> str:
    """The fixed learner, its score with the starter's features, the cutoffs, and how many labels can be looked up."""
    told = {
        "learner": {**SETTINGS, "rounds": ROUNDS},
        "baseline_auc": round(truth.baseline, 4),
        "cutoffs": [f"{cutoff:%Y-%m-%d}" for cutoff in truth.trained],
        "extract": f"{truth.extract:%Y-%m-%d}",
        "months_to_come": [f"{one.cutoff:%Y-%m-%d}" for one in truth.sealed],
        "reviews": REVIEWS,
    }
    return json.dumps(told, indent=2) + "\n"
