"""The model registry: the model that serves, its recalibration, and the canary that was tried and taken back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from pipelines.model import Calibration, ChurnModel, fit_calibration
from pipelines.replay.past import Past

LIVE, RECALIBRATED, CANARY = "churn-2", "churn-2.1", "churn-3"
"""Versions by which the models are known."""

CANARY_WEIGHT: Final = 3.0
"""How much more a leaver weighs in the canary's calibration: its scores are odds times this."""


def live_model(past: Past) -> ChurnModel:
    """The model that goes live with the first run."""
    return replace(past.champion, version=LIVE)


def canary_model(past: Past) -> ChurnModel:
    """The same trees, calibrated on held-out months in which leavers were given more weight."""
    raw, churned = (past.held_out[name].to_numpy(np.float64) for name in ("raw", "churned"))
    weighted = fit_calibration(raw, churned, np.where(churned == 1.0, CANARY_WEIGHT, 1.0))
    return replace(past.champion, version=CANARY, calibration=weighted)


def recalibrated(model: ChurnModel, cohorts: Sequence[pd.DataFrame]) -> ChurnModel:
    """The model with Platt's map fitted anew on landed cohorts (`score` as it went out, `churned`)."""
    rows = pd.concat(cohorts).dropna()
    mapped = fit_calibration(rows["score"].to_numpy(np.float64), rows["churned"].to_numpy(np.float64))
    before = model.calibration
    composed = Calibration(
        intercept=mapped.intercept + mapped.slope * before.intercept, slope=mapped.slope * before.slope
    )
    return replace(model, version=RECALIBRATED, calibration=composed)
