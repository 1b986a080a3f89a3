"""What good cohorts teach about estimating: a calibration, its strays, class shares, the mix, and what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Floats, as_numbers, first_of
from monitoring.months import index_of
from monitoring.performance.estimated.expected import Scores, expected, gather_labelled
from monitoring.performance.estimated.label_shift import Prior, confusion_at, em
from monitoring.performance.estimated.mix import Mix, build_mix
from monitoring.performance.estimated.recalibration import (
    Counted,
    Recalibration,
    Stray,
    fit_recalibration,
    log_odds_of,
    probability,
    stray,
)
from monitoring.performance.estimated.support import Support, build_support
from monitoring.performance.metrics import clipped
from monitoring.performance.profit import Economics
from monitoring.season import Season, fit

MIN_CHURNERS = 50
"""With fewer churners (or stayers) in all good cohorts together there is no estimate."""

_EM_ERROR = 0.05
"""Standard deviation (log-odds) of EM's churn rate that is allowed for even where good months show less."""

_EM_PRIOR_MONTHS = 4.0
"""So many good cohorts does that allowance weigh."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelShiftReference:
    """The churn rate of the good cohorts, BBSE's confusion matrix at its cut, and EM's own error.

    `confusion` holds joint shares (2, 2), `cut` is in log-odds, `stray` the standard deviation of EM's log-odds
    beyond its luck.
    """

    rate: float
    confusion: Floats
    cut: float
    stray: float


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateReference:
    """What the estimator has learnt.

    `usual` are the level and season of three figures of the good months as estimated: "auc", "profit" and
    "em" (log-odds of EM's churn rate). `mix` has the score's axis only where features could not be joined;
    `support` is None without good views.
    """

    threshold: float
    economics: Economics
    recalibration: Recalibration
    stray: Stray
    label_shift: LabelShiftReference
    usual: Mapping[str, Season]
    mix: Mix
    support: Support | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Good:
    """One good cohort: its scores, recalibrated or not, gathered, with the churners of each group."""

    scores: Scores
    counted: Counted

    @property
    def rate(self) -> float:
        return float(self.counted.churned.sum() / self.counted.rows.sum())


def build_estimate(
    cohorts: Mapping[str, pd.DataFrame],
    *,
    threshold: float,
    economics: Economics,
    views: Mapping[str, pd.DataFrame] | None = None,
    keys: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
) -> EstimateReference | None:
    """Return what good cohorts teach, None where they hold too few churners or stayers.

    Parameters
    ----------
    cohorts
        Month to the columns `score` (0 to 1) and `churned` (0/1) of months the model was not fitted on.
    threshold, economics
        The campaign the profit is of.
    views
        Month to what the model read. A cohort is joined to its view by the columns of `keys` both have, or row by
        row where their indices are equal; what cannot be joined is not used for reweighting.
    weights
        Column to the share of the model's use.
    """
    rows = {month: _usable(cohorts[month]) for month in sorted(cohorts, key=index_of)}
    rows = {month: table for month, table in rows.items() if len(table)}
    churners = sum(table["churned"].sum() for table in rows.values())
    if min(churners, sum(map(len, rows.values())) - churners) < MIN_CHURNERS:
        return None
    raw = {month: _gathered(table, threshold) for month, table in rows.items()}
    recalibration = fit_recalibration([one.counted for one in raw.values()])
    good = {month: _recalibrated(one, recalibration) for month, one in raw.items()}
    seen, used = views or {}, weights or {}
    mix = build_mix(_joined(rows, _alike(cohorts, seen, keys), recalibration), used)
    return EstimateReference(
        threshold=threshold,
        economics=economics,
        recalibration=recalibration,
        stray=stray([one.counted for one in good.values()]),
        label_shift=_label_shift(good),
        usual=_usual(good, economics),
        mix=mix,
        support=build_support(list(seen.values()), used),
    )


def _usable(cohort: pd.DataFrame) -> pd.DataFrame:
    """Return score and churned of the rows that have both, indexed by position in the cohort."""
    score, churned = (as_numbers(first_of(cohort, name)).cells for name in ("score", "churned"))
    known = (score >= 0.0) & (score <= 1.0) & ((churned == 0.0) | (churned == 1.0))
    return pd.DataFrame({"score": score[known], "churned": churned[known]}, index=np.flatnonzero(known))


def _gathered(table: pd.DataFrame, threshold: float) -> _Good:
    scores, churned = gather_labelled(table["score"], table["churned"], threshold)
    return _Good(scores=scores, counted=Counted(log_odds=scores.log_odds, rows=scores.rows, churned=churned))


def _recalibrated(good: _Good, recalibration: Recalibration) -> _Good:
    counted = good.counted
    log_odds = recalibration(counted.log_odds)
    return _Good(scores=good.scores, counted=Counted(log_odds=log_odds, rows=counted.rows, churned=counted.churned))


def _alike(
    cohorts: Mapping[str, pd.DataFrame], views: Mapping[str, pd.DataFrame], keys: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the views that can be joined to their cohorts, one row for each of theirs, by position."""
    found = {}
    for month, cohort in cohorts.items():
        view = views.get(month)
        if view is None:
            continue
        shared = [key for key in keys if key in cohort.columns and key in view.columns]
        if not shared and view.index.equals(cohort.index) and view.index.is_unique:
            found[month] = view.reset_index(drop=True)
        elif shared and not view.duplicated(subset=shared).any():
            found[month] = cohort[shared].merge(view, how="left", on=shared)
    return found


def _joined(
    rows: Mapping[str, pd.DataFrame], views: Mapping[str, pd.DataFrame], recalibration: Recalibration
) -> dict[str, tuple[pd.DataFrame, Floats, Floats]]:
    """Return month to (view, recalibrated log-odds, churned), row by row; without any view, views of no columns."""
    months = {month: views[month].loc[table.index] for month, table in rows.items() if month in views}
    bare = {month: pd.DataFrame(index=table.index) for month, table in rows.items()}
    return {
        month: (view, recalibration(log_odds_of(clipped(rows[month]["score"]))), rows[month]["churned"].to_numpy())
        for month, view in (months or bare).items()
    }


def _label_shift(good: Mapping[str, _Good]) -> LabelShiftReference:
    every = [np.concatenate([getattr(one.counted, name) for one in good.values()]) for name in Counted.__slots__]
    log_odds, rows, churned = every
    rate = float(churned.sum() / rows.sum())
    confusion, cut = confusion_at(log_odds, rows, churned)
    return LabelShiftReference(
        rate=rate,
        confusion=confusion,
        cut=cut,
        stray=_em_stray(list(good.values()), rate),
    )


def _em_stray(good: Sequence[_Good], rate: float) -> float:
    """Return how far EM misses the cohorts' real churn rates beyond luck, in log-odds, shrunk to an allowance."""
    beyond = 0.0
    for one in good:
        found = em(probability(one.counted.log_odds), one.counted.rows, rate)
        churners = float(np.clip(one.counted.churned.sum(), 0.5, one.scores.total - 0.5))
        luck = 1.0 / churners + 1.0 / (one.scores.total - churners)
        missed = found.log_odds - float(np.log(churners / (one.scores.total - churners)))
        beyond += missed**2 - found.error**2 - luck
    pooled = (_EM_PRIOR_MONTHS * _EM_ERROR**2 + max(beyond, 0.0)) / (_EM_PRIOR_MONTHS + len(good))
    return float(np.sqrt(max(pooled, _EM_ERROR**2)))


def _usual(good: Mapping[str, _Good], economics: Economics) -> dict[str, Season]:
    chances = {month: probability(one.counted.log_odds) for month, one in good.items()}
    figures = {month: expected(one.scores, chances[month], economics) for month, one in good.items()}
    rate = float(
        sum(one.counted.churned.sum() for one in good.values()) / sum(one.scores.total for one in good.values())
    )
    priors: dict[str, Prior] = {month: em(chances[month], one.scores.rows, rate) for month, one in good.items()}
    return {
        "auc": fit({month: float(found[0]) for month, found in figures.items()}),
        "profit": fit({month: float(found[3]) for month, found in figures.items()}),
        "em": fit({month: prior.log_odds for month, prior in priors.items()}),
    }
