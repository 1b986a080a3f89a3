"""Training: walk-forward validation, the LightGBM champion, a scikit-learn baseline, calibration and threshold."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.performance import metrics, profit
from pipelines.dataset import Cohort
from pipelines.errors import LabError
from pipelines.features import CATEGORICAL, FEATURES, NUMERIC
from pipelines.model import Calibration, ChurnModel, Floats, fit_calibration, model_view
from pipelines.parameters import ChampionParameters

_TRAINERS = 2
"""Models trained at the same time. Each uses one thread, so that its bytes depend on no machine and no other model."""

LABEL_GAP_MONTHS = 2
"""At a cutoff the newest mature labels are those of two months before."""

CHALLENGER_MONTHS = 4
"""Newest cohorts that a challenger learns from; what older ones teach is in the champion's trees already."""

HALF_LIFE_MONTHS = 1.5
"""How fast a challenger forgets: of two cohorts this far apart the newer one weighs twice as much."""

CORRECTION = {
    "num_leaves": 7,
    "learning_rate": 0.1,
    "lambda_l2": 20.0,
    "min_child_samples": 100,
    "feature_fraction": 0.7,
}
CORRECTION_ROUNDS = 40
"""Small trees, held back hard: where nothing has changed, a challenger stays what the champion was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """One step of the walk: train on `train`, leave out the months whose labels were not yet known, test on `test`."""

    train: tuple[Cohort, ...]
    test: tuple[Cohort, ...]


def walk_forward(cohorts: Sequence[Cohort], *, folds: int, fold_months: int) -> tuple[Fold, ...]:
    """The last `folds` windows of `fold_months` cutoffs, each with all cutoffs whose labels were known as it began."""
    first_test = len(cohorts) - folds * fold_months
    starts = range(first_test, len(cohorts), fold_months)
    return tuple(
        Fold(train=tuple(cohorts[: start - LABEL_GAP_MONTHS + 1]), test=tuple(cohorts[start : start + fold_months]))
        for start in starts
    )


def train_champion(
    cohorts: Sequence[Cohort], parameters: ChampionParameters, economics: profit.Economics, *, version: str
) -> tuple[ChurnModel, pd.DataFrame]:
    """The deployed model, and the held-out rows on which its calibration and reported quality rest.

    The rows have the columns month, customer_id, churned, raw, score (calibrated on the other folds) and baseline.
    """
    folds = walk_forward(cohorts, folds=parameters.folds, fold_months=parameters.fold_months)
    with ThreadPoolExecutor(_TRAINERS) as trainers:
        booster = trainers.submit(_boosted, cohorts, parameters)
        rows = pd.concat(trainers.map(_held_out, folds, repeat(parameters)), ignore_index=True)
    rows = rows.assign(score=_cross_calibrated(rows, parameters.fold_months))
    calibration = fit_calibration(rows["raw"].to_numpy(), rows["churned"].to_numpy())
    return _model(booster.result(), calibration, cohorts, economics, version=version), rows


def train_challenger(
    cohorts: Sequence[Cohort],
    onto: ChurnModel,
    parameters: ChampionParameters,
    economics: profit.Economics,
    *,
    version: str,
) -> tuple[ChurnModel, pd.DataFrame]:
    """The trees of `onto` with more of them grown on top, on the newest cohorts that `onto` has not seen.

    A year of history is worth more than two months of a new world, so it is kept and corrected instead of being learnt
    anew. No month can be spared for calibration, since the newest count most; it rests on halves of the customers, each
    scored by trees grown on the other half. Those rows are returned too, with the columns month, customer_id, churned,
    score.

    Raises
    ------
    LabError
        Where `onto` has seen every cohort.
    """
    fresh = [c for c in cohorts if c.label not in onto.trained_on and c.labelled().any()][-CHALLENGER_MONTHS:]
    if not fresh:
        raise LabError(
            f"{onto.version} was trained on all {len(cohorts)} cohorts: a challenger needs one whose labels are new."
        )
    even, odd = (_only(fresh, half) for half in (0, 1))
    booster = _grown_further(onto, fresh, parameters.seed)
    scored = (_scored_by_other(onto, half, other, parameters.seed) for half, other in ((even, odd), (odd, even)))
    rows = pd.concat(scored, ignore_index=True)
    raw, churned = rows["raw"].to_numpy(), rows["churned"].to_numpy()
    calibration = fit_calibration(raw, churned, rows["weight"].to_numpy())
    model = _model(booster, calibration, fresh, economics, version=version)
    model = replace(model, trained_on=(*onto.trained_on, *model.trained_on))
    return model, rows.assign(score=calibration(raw)).drop(columns=["raw", "weight"])


def _grown_further(onto: ChurnModel, cohorts: Sequence[Cohort], seed: int) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    features, churned = _stacked(cohorts)
    data = _dataset(features, churned, _recency(cohorts))
    settings = {**STEADY, **CORRECTION, "seed": seed}
    base = lightgbm.Booster(model_str=onto.trees)
    return lightgbm.train(settings, data, num_boost_round=CORRECTION_ROUNDS, init_model=base)


def _scored_by_other(onto: ChurnModel, half: Sequence[Cohort], other: Sequence[Cohort], seed: int) -> pd.DataFrame:
    features, churned = _stacked(half)
    return pd.DataFrame(
        {
            "month": np.repeat([c.label for c in half], [int(c.labelled().sum()) for c in half]),
            "customer_id": features.index.to_numpy(),
            "churned": churned,
            "raw": _grown_further(onto, other, seed).predict(model_view(features), num_threads=1),
            "weight": _recency(half),
        }
    )


def _model(
    booster: Any,  # noqa: ANN401 - untyped library
    calibration: Calibration,
    cohorts: Sequence[Cohort],
    economics: profit.Economics,
    *,
    version: str,
) -> ChurnModel:
    """Trees, calibration and the break-even threshold.

    With calibrated scores, an offer pays exactly above that threshold (Elkan 2001).
    """
    gain = booster.feature_importance("gain")
    return ChurnModel(
        version=version,
        trees=booster.model_to_string(),
        calibration=calibration,
        threshold=round(profit.break_even(economics), 6),
        trained_on=tuple(c.label for c in cohorts),
        gain={name: round(float(share), 6) for name, share in zip(FEATURES, gain / gain.sum(), strict=True)},
    )


def _only(cohorts: Sequence[Cohort], half: int) -> list[Cohort]:
    """The cohorts with the customers of one half: a customer falls into the same half in every month."""
    return [_kept(c, c.features.index.to_numpy() % 2 == half) for c in cohorts]


def _kept(cohort: Cohort, rows: npt.NDArray[np.bool_]) -> Cohort:
    return replace(cohort, features=cohort.features[rows], churned=cohort.churned[rows])


def _recency(cohorts: Sequence[Cohort]) -> Floats:
    """One weight a labelled customer: 1 in the newest cohort, halving every `HALF_LIFE_MONTHS`."""
    age = np.arange(len(cohorts))[::-1]
    return np.repeat(0.5 ** (age / HALF_LIFE_MONTHS), [int(c.labelled().sum()) for c in cohorts])


def quality(rows: pd.DataFrame, model: ChurnModel, economics: profit.Economics) -> dict[str, float]:
    """Held-out quality of the champion and the baseline, as flat metrics."""
    churned, score = rows["churned"].to_numpy(), rows["score"].to_numpy()
    return {
        "auc": metrics.auc(churned, score).value,
        "baseline_auc": metrics.auc(churned, rows["baseline"].to_numpy()).value,
        "log_loss": metrics.log_loss(churned, score),
        "brier": metrics.brier(churned, score),
        "ece": metrics.calibration_error(churned, score),
        "calibration_ratio": metrics.calibration_ratio(churned, score),
        "lift_top_decile": metrics.lift(churned, score),
        "threshold": model.threshold,
        "flagged_share": float((score >= model.threshold).mean()),
        "profit_per_1000": profit.profit(churned, score, model.threshold, economics),
        "churn_rate": float(churned.mean()),
    }


def _held_out(fold: Fold, parameters: ChampionParameters) -> pd.DataFrame:
    booster = _boosted(fold.train, parameters)
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


def _boosted(cohorts: Sequence[Cohort], parameters: ChampionParameters) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    features, churned = _stacked(cohorts)
    given = parameters.lightgbm
    settings = {
        **STEADY,
        "num_leaves": given.leaves,
        "learning_rate": given.learning_rate,
        "min_child_samples": given.min_child_samples,
        "feature_fraction": given.feature_fraction,
        "lambda_l2": given.l2,
        "seed": parameters.seed,
    }
    return lightgbm.train(settings, _dataset(features, churned), num_boost_round=given.trees)


def _dataset(features: pd.DataFrame, churned: Floats, weights: Floats | None = None) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    categories = [name for name in FEATURES if name in CATEGORICAL]
    return lightgbm.Dataset(
        model_view(features),
        churned,
        weight=weights,
        feature_name=list(FEATURES),
        categorical_feature=categories,
        free_raw_data=False,
    )


_BINS = 63
"""Histogram bins per feature: half the training time of LightGBM's 255, and the same AUC to the third decimal."""

STEADY = {
    "objective": "binary",
    "max_bin": _BINS,
    # One thread gives the same bytes everywhere, and on two busy cores it is also the fastest.
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}

_BASELINE_ROWS = 60_000
"""Newest rows the baseline is fitted on; more change its third decimal and triple its time."""


def _logistic(cohorts: Sequence[Cohort], seed: int) -> Any:  # noqa: ANN401 - untyped library
    """A plain scikit-learn pipeline: medians for gaps, standardised numbers, one-hot levels, logistic regression."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from threadpoolctl import threadpool_limits

    features, churned = _stacked(cohorts)
    columns = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()),
                list(NUMERIC),
            ),
            ("levels", OneHotEncoder(handle_unknown="ignore"), list(CATEGORICAL)),
        ]
    )
    pipeline = make_pipeline(columns, LogisticRegression(max_iter=400, random_state=seed))
    with threadpool_limits(1):
        return pipeline.fit(_plain(features[-_BASELINE_ROWS:]), churned[-_BASELINE_ROWS:])


def _plain(features: pd.DataFrame) -> pd.DataFrame:
    return features.assign(**{name: features[name].astype("object").fillna("unknown") for name in CATEGORICAL})
