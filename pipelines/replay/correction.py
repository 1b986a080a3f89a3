"""What labelled cohorts teach about a score: how far the truth has moved away from it, in log odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.performance.metrics import clipped
from pipelines.features import CATEGORICAL, FEATURES
from pipelines.model import Calibration, Floats, fit_calibration, model_view
from pipelines.train import CHALLENGER_MONTHS, CORRECTION, CORRECTION_ROUNDS, HALF_LIFE_MONTHS, STEADY

_SEED = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A cohort with its labels: the model's view (n, 29), the score that went out and the label (n,) each."""

    view: Floats
    score: Floats
    churned: Floats


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected score: trees on top of the log odds, on rows like those it was fitted on."""

    booster: Any

    def __call__(self, view: Floats, score: Floats) -> Floats:
        """Corrected probabilities, shape (n,)."""
        margin = log_odds(score) + np.asarray(self.booster.predict(view, raw_score=True, num_threads=1))
        return np.asarray(1.0 / (1.0 + np.exp(-margin)))


def evidence(view: pd.DataFrame, landed: pd.DataFrame) -> Evidence:
    """A landed cohort (columns score and churned by customer) with the view its customers were scored on."""
    rows = landed[landed.index.isin(view.index)].dropna()
    return Evidence(
        view=model_view(view.loc[rows.index]),
        score=rows["score"].to_numpy(np.float64),
        churned=rows["churned"].to_numpy(np.float64),
    )


def corrected(cohorts: Sequence[Evidence]) -> Correction:
    """What a challenger would learn from these cohorts, oldest first."""
    import lightgbm

    newest = cohorts[-CHALLENGER_MONTHS:]
    data = lightgbm.Dataset(
        np.concatenate([c.view for c in newest]),
        np.concatenate([c.churned for c in newest]),
        weight=_recency(newest),
        init_score=log_odds(np.concatenate([c.score for c in newest])),
        feature_name=list(FEATURES),
        categorical_feature=[name for name in FEATURES if name in CATEGORICAL],
    )
    settings = {**STEADY, **CORRECTION, "seed": _SEED}
    return Correction(lightgbm.train(settings, data, num_boost_round=CORRECTION_ROUNDS))


def recalibrated(cohorts: Sequence[Evidence]) -> Calibration:
    """Platt's two numbers on these cohorts.

    They give the scores that a recalibration of the model would, since Platt's maps follow one another as one.
    """
    score, churned = (np.concatenate([getattr(c, name) for c in cohorts]) for name in ("score", "churned"))
    return fit_calibration(score, churned)


def log_odds(score: npt.ArrayLike) -> Floats:
    """The logarithm of the odds of probabilities, kept finite."""
    p = clipped(score)
    return np.asarray(np.log(p) - np.log1p(-p))


def _recency(cohorts: Sequence[Evidence]) -> Floats:
    age = np.arange(len(cohorts))[::-1]
    return np.repeat(0.5 ** (age / HALF_LIFE_MONTHS), [len(c.churned) for c in cohorts])
