"""The scoring job's arithmetic: a row of the registry and a table of features to scores."""

import lightgbm
import numpy as np
import pandas as pd
from features import CATEGORICAL, FEATURES


def live(registry: pd.DataFrame) -> pd.Series:
    """The row of the model that should serve."""
    return registry[registry["status"] == "live"].iloc[0]


def score(model: pd.Series, features: pd.DataFrame) -> pd.Series:
    """Scores of a table of features by customer_id, as a Series; `model` is a row of the registry."""
    view = np.column_stack([_column(features[name], name) for name in FEATURES])
    booster = lightgbm.Booster(model_str=model["trees"])
    raw = np.clip(np.asarray(booster.predict(view, num_threads=1)), 1e-6, 1 - 1e-6)
    log_odds = model["intercept"] + model["slope"] * np.log(raw / (1 - raw))
    return pd.Series(1 / (1 + np.exp(-log_odds)), index=features.index, name="score")


def _column(values: pd.Series, name: str) -> np.ndarray:
    if name not in CATEGORICAL:
        return values.to_numpy(np.float64)
    codes = pd.Index(CATEGORICAL[name]).get_indexer(values.astype("object"))
    return np.where(codes < 0, np.nan, codes.astype(np.float64))
