"""What each way of going on from the stuck model is worth: another learner, better labels, better features, both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from monitoring.performance.metrics import auc
from scenarios.features.exam.learner import SETTINGS, Fitted, fit
from scenarios.features.exam.lift import fitted, learning_rows, reviewed, sealed_auc, share_closed
from scenarios.features.exam.starting import FILE, Build, loaded
from scenarios.features.exam.truth import FeaturesTruth
from scenarios.features.story import Kind, Step

THREE: Final = Path(__file__).parent / "answers" / "code" / "three.py"
"""The stuck model's features and three more."""

Settings = tuple[Mapping[str, Any], int]
"""LightGBM's settings, and the number of trees."""

BIGGER: Final[Settings] = ({**SETTINGS, "num_leaves": 63, "min_child_samples": 20}, 300)
"""A bigger model: nine times the leaves and almost three times the trees."""

SEARCHED: Final[tuple[Settings, ...]] = tuple(
    ({**SETTINGS, "num_leaves": leaves, "learning_rate": rate, "lambda_l2": l2}, trees)
    for leaves, rate, trees in ((3, 0.1, 150), (7, 0.03, 150), (15, 0.05, 120))
    for l2 in (1.0, 50.0)
)
"""Settings that the search tries."""


def ladder(truth: FeaturesTruth, listed: pd.DataFrame, sound: pd.DataFrame) -> tuple[Step, ...]:
    """Every step; `listed` are the label rows that sound practice reviews, `sound` its features."""
    stuck, three = (features_here(loaded(path), truth) for path in (FILE, THREE))
    given, better = truth.labels, reviewed(truth, listed)
    models: Sequence[tuple[tuple[str, str, Kind], Fitted, pd.DataFrame]] = (
        (_BIGGER, _with(BIGGER, stuck, given), stuck),
        (_SEARCHED, _with(searched(stuck, given), stuck, given), stuck),
        (("labels reviewed", f"{len(listed):,} rows looked up, nothing else", "labels"), fitted(stuck, better), stuck),
        (_THREE, fitted(three, given), three),
        (("three features, labels reviewed", "the two together", "both"), fitted(three, better), three),
        (_REPAIRED, fitted(sound, better), sound),
    )
    first = Step(name="the stuck model", what="as handed over", kind="stuck", auc=truth.baseline, share=0.0)
    last = Step(name="the best possible", what="the true probabilities", kind="best", auc=truth.bayes, share=1.0)
    return (first, *(_step(*one, truth=truth) for one in models), last)


_BIGGER: Final = ("a bigger model", "63 leaves and 300 trees instead of 7 and 110", "learner")
_SEARCHED: Final = (
    "a hyper-parameter search",
    f"the best of {len(SEARCHED)} settings on the newest labelled cutoff",
    "learner",
)
_THREE: Final = ("three features", "decline of use, time to the contract's end, declined payments", "features")
_REPAIRED: Final = ("tables repaired", "every fault repaired, some thirty features, labels reviewed", "both")


def features_here(build: Build, truth: FeaturesTruth) -> pd.DataFrame:
    """The table that `run_code` makes, of the lab's own code, built in this process."""
    labelled = [("extract", cutoff, truth.extract) for cutoff in truth.trained]
    sealed = [("live", one.cutoff, one.cutoff) for one in truth.sealed]
    parts = []
    for session, cutoff, known_at in (*labelled, *sealed):
        known = {name: rows[rows["available_at"] < known_at] for name, rows in truth.tables.items()}
        table = build(known, cutoff).rename_axis("customer_id").reset_index()
        parts.append(table.assign(session=session, cutoff=cutoff))
    return pd.concat(parts, ignore_index=True)


def searched(features: pd.DataFrame, labels: pd.DataFrame) -> Settings:
    """The settings that do best on the newest labelled cutoff, trained on the older ones, labels as they stand."""
    newest = labels["cutoff"].max()
    table, churned = learning_rows(features, labels[labels["cutoff"] < newest])
    test, left = learning_rows(features, labels[labels["cutoff"] == newest])

    def quality(one: Settings) -> float:
        return auc(left, fit(table, churned, settings=one[0], rounds=one[1]).score(test)).value

    return max(SEARCHED, key=quality)


def _with(settings: Settings, features: pd.DataFrame, labels: pd.DataFrame) -> Fitted:
    table, churned = learning_rows(features, labels)
    return fit(table, churned, settings=settings[0], rounds=settings[1])


def _step(told: tuple[str, str, Kind], model: Fitted, features: pd.DataFrame, *, truth: FeaturesTruth) -> Step:
    value = sealed_auc(model, features, truth)
    name, what, kind = told
    return Step(name=name, what=what, kind=kind, auc=round(value, 4), share=round(share_closed(value, truth), 4))
