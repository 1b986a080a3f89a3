"""Training: walk-forward validation, the LightGBM champion, a scikit-learn baseline, calibration and threshold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from monitoring.performance import metrics, profit
from pipelines.dataset import Cohort
from pipelines.features import CATEGORICAL, FEATURES, NUMERIC
from pipelines.model import Calibration, ChurnModel, Floats, fit_calibration, model_view
from pipelines.parameters import ChampionParameters, LightGBMParameters

LABEL_GAP_MONTHS = 2
"""At a cutoff the newest mature labels are those of two months before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """One step of the walk: train on `train`, leave out the months whose labels were not yet known, test on `test`."""

    train: tuple[Cohort, ...]
    test: tuple[Cohort, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """Scores of customers the model had not seen: one row each with columns month, customer_id, churned, raw, score, baseline."""

    rows: pd.DataFrame


def walk_forward(cohorts: Sequence[Cohort], *, folds: int, fold_months: int) -> tuple[Fold, ...]:
    """The last `folds` windows of `fold_months` cutoffs, each with all cutoffs whose labels were known when it began."""
    first_test = len(cohorts) - folds * fold_months
    starts = range(first_test, len(cohorts), fold_months)
    return tuple(
        Fold(train=tuple(cohorts[: start - LABEL_GAP_MONTHS + 1]), test=tuple(cohorts[start : start + fold_months]))
        for start in starts
    )


def train_champion(
    cohorts: Sequence[Cohort], parameters: ChampionParameters, economics: profit.Economics, *, version: str
) -> tuple[ChurnModel, HeldOut]:
    """The deployed model, and the held-out scores on which its calibration, threshold and reported quality rest."""
    folds = walk_forward(cohorts, folds=parameters.folds, fold_months=parameters.fold_months)
    raw = pd.concat([_held_out(fold, parameters) for fold in folds], ignore_index=True)
    held_out = HeldOut(rows=raw.assign(score=_cross_calibrated(raw, parameters.fold_months)))
    model = fit(cohorts, parameters, economics, held_out=held_out, version=version)
    return model, held_out


def fit(
    cohorts: Sequence[Cohort],
    parameters: ChampionParameters,
    economics: profit.Economics,
    *,
    held_out: HeldOut,
    version: str,
) -> ChurnModel:
    """A model trained on all `cohorts`, calibrated and given its threshold on held-out scores."""
    booster = _boosted(cohorts, parameters.lightgbm, parameters.seed)
    rows = held_out.rows
    churned = rows["churned"].to_numpy()
    gain = booster.feature_importance("gain")
    return ChurnModel(
        version=version,
        trees=booster.model_to_string(),
        calibration=fit_calibration(rows["raw"].to_numpy(), churned),
        threshold=float(profit.best_threshold(churned, rows["score"].to_numpy(), economics)),
        trained_on=tuple(c.label for c in cohorts),
        gain={name: round(float(share), 6) for name, share in zip(FEATURES, gain / gain.sum(), strict=True)},
    )


def quality(held_out: HeldOut, model: ChurnModel, economics: profit.Economics) -> dict[str, float]:
    """Held-out quality of the champion and the baseline, as flat metrics."""
    rows = held_out.rows
    churned, score = rows["churned"].to_numpy(), rows["score"].to_numpy()
    return {
        "auc": metrics.auc(churned, score),
        "baseline_auc": metrics.auc(churned, rows["baseline"].to_numpy()),
        "log_loss": metrics.log_loss(churned, score),
        "brier": metrics.brier(churned, score),
        "ece": metrics.ece(churned, score),
        "calibration_ratio": float(churned.mean() / score.mean()),
        "lift_top_decile": metrics.lift(churned, score),
        "threshold": model.threshold,
        "flagged_share": float((score >= model.threshold).mean()),
        "profit_per_1000": profit.profit(churned, score, model.threshold, economics),
        "churn_rate": float(churned.mean()),
    }


def _held_out(fold: Fold, parameters: ChampionParameters) -> pd.DataFrame:
    booster = _boosted(fold.train, parameters.lightgbm, parameters.seed)
    baseline = _logistic(fold.train, parameters.seed)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "month": cohort.label,
                    "customer_id": cohort.features.index[cohort.labelled()],
                    "churned": cohort.churned[cohort.labelled()].to_numpy(),
                    "raw": booster.predict(model_view(cohort.features[cohort.labelled()]), num_threads=1),
                    "baseline": baseline.predict_proba(_plain(cohort.features[cohort.labelled()]))[:, 1],
                }
            )
            for cohort in fold.test
        ]
    )


def _cross_calibrated(rows: pd.DataFrame, fold_months: int) -> Floats:
    """Calibrated scores, each fold with a map fitted on the others, so that the reported calibration is honest too."""
    months = sorted(rows["month"].unique())
    fold = rows["month"].map({month: i // fold_months for i, month in enumerate(months)}).to_numpy()
    raw, churned = rows["raw"].to_numpy(), rows["churned"].to_numpy()
    score = np.empty(len(rows))
    for k in np.unique(fold):
        others = fold != k if (fold != k).any() else fold == k
        score[fold == k] = fit_calibration(raw[others], churned[others])(raw[fold == k])
    return score


def _stacked(cohorts: Sequence[Cohort]) -> tuple[pd.DataFrame, Floats]:
    features = pd.concat([c.features[c.labelled()] for c in cohorts])
    churned = np.concatenate([c.churned[c.labelled()].to_numpy() for c in cohorts])
    return features, churned


def _boosted(cohorts: Sequence[Cohort], parameters: LightGBMParameters, seed: int) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    features, churned = _stacked(cohorts)
    settings = {
        "objective": "binary",
        "num_leaves": parameters.leaves,
        "learning_rate": parameters.learning_rate,
        "min_child_samples": parameters.min_child_samples,
        "feature_fraction": parameters.feature_fraction,
        "lambda_l2": parameters.l2,
        "seed": seed,
        # One thread gives the same bytes everywhere, and on two busy cores it is also the fastest.
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    categories = [name for name in FEATURES if name in CATEGORICAL]
    data = lightgbm.Dataset(
        model_view(features), churned, feature_name=list(FEATURES), categorical_feature=categories, free_raw_data=True
    )
    return lightgbm.train(settings, data, num_boost_round=parameters.trees)


_BASELINE_ROWS = 60_000
"""Newest rows the baseline is fitted on; more change its third decimal and triple its time."""


def _logistic(cohorts: Sequence[Cohort], seed: int) -> Any:  # noqa: ANN401 - untyped library
    """A plain scikit-learn pipeline: medians for gaps, standardised numbers, one-hot categories, logistic regression."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from threadpoolctl import threadpool_limits

    features, churned = _stacked(cohorts)
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), list(NUMERIC)),
            ("levels", OneHotEncoder(handle_unknown="ignore"), list(CATEGORICAL)),
        ]
    )
    pipeline = make_pipeline(columns, LogisticRegression(max_iter=400, random_state=seed))
    with threadpool_limits(1):
        return pipeline.fit(_plain(features[-_BASELINE_ROWS:]), churned[-_BASELINE_ROWS:])


def _plain(features: pd.DataFrame) -> pd.DataFrame:
    return features.assign(**{name: features[name].astype("object").fillna("unknown") for name in CATEGORICAL})


def with_calibration(model: ChurnModel, calibration: Calibration, *, version: str) -> ChurnModel:
    """The same trees under another calibration: the repair for a base rate that moved."""
    return replace(model, calibration=calibration, version=version)
