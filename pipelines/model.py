"""The churn model as a value: trees, calibration and threshold, and the view of the features it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.errors import LabError
from pipelines.features import CATEGORICAL, FEATURES, as_levels

Floats = npt.NDArray[np.float64]

_CLIP = 1e-6
"""Raw scores are kept this far from 0 and 1 before taking logarithms."""


def model_view(features: pd.DataFrame) -> Floats:
    """Features as the model reads them, shape (n, 29): columns in the order of `FEATURES`, categories as codes.

    Unknown levels are NaN. Raises LabError where a column is missing or holds text instead of numbers.
    """
    missing = [name for name in FEATURES if name not in features]
    if missing:
        raise LabError(
            f"The model needs the features {missing}, which the table lacks. It has: {list(features.columns)}"
        )
    return np.column_stack([_column(features[name], name) for name in FEATURES])


def _column(values: pd.Series, name: str) -> Floats:
    if name in CATEGORICAL:
        codes = as_levels(values, name).codes
        return np.where(codes < 0, np.nan, codes.astype(np.float64))
    try:
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise LabError(f"Feature '{name}' must be numeric; it has dtype {values.dtype}: {error}") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Platt's map from a raw score s to a probability: sigmoid(intercept + slope * logit(s)) (Platt 1999)."""

    intercept: float
    slope: float

    def __call__(self, raw: Floats) -> Floats:
        """Calibrated probabilities in (0, 1), shape (n,)."""
        log_odds = self.intercept + self.slope * _logit(raw)
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def fit_calibration(raw: Floats, churned: Floats, sample_weights: Floats | None = None) -> Calibration:
    """Platt's two numbers by Newton's method on held-out scores, labels (0 or 1) and weights, shape (n,) each."""
    sample = np.ones_like(raw) if sample_weights is None else sample_weights
    design = np.column_stack([np.ones_like(raw), _logit(raw)])
    weights = np.array([0.0, 1.0])
    for _ in range(_NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-(design @ weights)))
        hessian = (design * (sample * p * (1.0 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        weights = weights + np.linalg.solve(hessian, design.T @ (sample * (churned - p)))
    return Calibration(intercept=float(weights[0]), slope=float(weights[1]))


_NEWTON_STEPS = 25


def _logit(raw: Floats) -> Floats:
    clipped = np.clip(raw, _CLIP, 1.0 - _CLIP)
    return np.asarray(np.log(clipped / (1.0 - clipped)))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChurnModel:
    """A trained model. `trees` is LightGBM's text format; `trained_on` are the labels of the cutoffs it saw.

    `threshold` is the score from which a customer is offered something; `gain` the share of split gain by feature.
    """

    version: str
    trees: str
    calibration: Calibration
    threshold: float
    trained_on: tuple[str, ...]
    gain: Mapping[str, float]

    def score(self, features: pd.DataFrame) -> pd.Series:
        """Probabilities of churn, indexed like `features`."""
        import lightgbm

        booster = lightgbm.Booster(model_str=self.trees)
        raw = np.asarray(booster.predict(model_view(features), num_threads=1))
        return pd.Series(self.calibration(raw), index=features.index, name="score")

    def to_plain(self) -> dict[str, Any]:
        """Everything but the trees, for canonical JSON."""
        return {
            "version": self.version,
            "calibration": {"intercept": self.calibration.intercept, "slope": self.calibration.slope},
            "threshold": self.threshold,
            "trained_on": list(self.trained_on),
            "gain": dict(self.gain),
            "features": list(FEATURES),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], trees: str) -> "ChurnModel":
        """The model that `to_plain` described. Raises LabError when it was trained on other features."""
        if plain["features"] != list(FEATURES):
            raise LabError(
                f"The model was trained on {len(plain['features'])} features that differ from today's {len(FEATURES)}. "
                "Train it again with: dvc repro --force champion"
            )
        return cls(
            version=plain["version"],
            trees=trees,
            calibration=Calibration(**plain["calibration"]),
            threshold=plain["threshold"],
            trained_on=tuple(plain["trained_on"]),
            gain=plain["gain"],
        )
