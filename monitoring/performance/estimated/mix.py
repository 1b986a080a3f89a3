"""The mix of customers: good cohorts reweighted to a month's mix, and whether a label shift explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats
from monitoring.months import index_of
from monitoring.performance.estimated.axes import Axis, Codes, leading_axes, number_axis
from monitoring.performance.estimated.recalibration import Counted, probability, shift_of

BOUND = 5.0
"""An importance weight is at most this large, and at least its inverse."""

LEAST_ROWS = 1000.0
"""With a smaller effective sample the reweighted cohorts say nothing."""

_MOST_ROWS = 60_000
"""Labelled rows kept for reweighting."""

_SWEEPS = 8
"""Times every axis is fitted in turn; the mix is met to a thousandth long before."""

_CLEARLY = 4.0
"""Times the chi-square distance of luck and of good months from which a movement can be told from these."""

_LEAST_MOVE = 0.001
"""A chi-square distance per row below this is no movement to speak of."""

_SCORE = "score"

_SPREAD = 0.1
"""Standard deviation believed of the intercept and slope that a change of mix can bring about."""

_RARE_CELL = 1e-3
"""Least share a cell is taken to have: movement into cells the reference lacks counts, and stays finite."""

_TINY = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Mix:
    """Labelled customers of the good cohorts: recalibrated `log_odds`, `churned`, and cells by axis.

    `codes` has one array of cells an axis, in the order of `axes`; the first axis is the score itself. `usual` is
    the mean chi-square distance of a good month from all of them along each axis, beyond luck.
    """

    axes: tuple[Axis, ...]
    codes: tuple[Codes, ...]
    log_odds: Floats
    churned: Floats
    usual: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reweighted:
    """The intercept and slope that reweighted cohorts show, their covariance, and the effective rows behind them.

    `distance` is how far the mix has moved: 0 as before, 1 nobody alike (the share of rows lost to the weights).
    """

    shift: Floats
    cover: Floats
    effective_rows: float
    distance: float


def build_mix(cohorts: Mapping[str, tuple[pd.DataFrame, Floats, Floats]], weights: Mapping[str, float]) -> Mix:
    """Return the mix of good cohorts: month to (view, recalibrated log-odds, churned), row by row."""
    months = sorted(cohorts, key=index_of)
    step = max(sum(len(cohorts[month][0]) for month in months) // _MOST_ROWS, 1)
    views = [cohorts[month][0].iloc[::step] for month in months]
    log_odds, churned = (np.concatenate([cohorts[month][place][::step] for month in months]) for place in (1, 2))
    score = number_axis(_SCORE, log_odds, 1.0)
    axes = (score, *leading_axes(views, weights))
    codes = [score.codes(pd.DataFrame({_SCORE: log_odds}))]
    codes += [np.concatenate([axis.codes(view) for view in views]) for axis in axes[1:]]
    starts = np.cumsum([0, *map(len, views)])[:-1]
    return Mix(
        axes=axes,
        codes=tuple(codes),
        log_odds=log_odds,
        churned=churned,
        usual=tuple(_usual(axis, one, starts) for axis, one in zip(axes, codes, strict=True)),
    )


def cells_of(mix: Mix, log_odds: Floats, view: pd.DataFrame | None) -> tuple[Floats, ...]:
    """Return a month's rows by cell, axis by axis, thinned evenly where there are very many.

    Without a view there is the score's axis alone.
    """
    step = max(len(log_odds) // (2 * _MOST_ROWS), 1)
    score = mix.axes[0].codes(pd.DataFrame({_SCORE: log_odds[::step]}))
    found = [mix.axes[0].counts(score)]
    if view is not None:
        table = view.iloc[::step]
        found += [axis.counts(axis.codes(table)) for axis in mix.axes[1:]]
    return tuple(found)


def reweighted(mix: Mix, cells: Sequence[Floats], centre: float) -> Reweighted | None:
    """Return what the good cohorts say of calibration once they have a month's mix; None where too few are alike.

    `cells` are the month's; with the score's axis alone there is nothing to learn, and the answer is None too.

    The density ratio is the one nearest to 1 that meets the month's share of every cell (raking), bounded. It
    corrects for covariate shift along the axes; what moves elsewhere it cannot see.

    References
    ----------
    Deming & Stephan 1940 (raking); Hainmueller 2012 (entropy balancing); Bialek et al. 2024 (M-CBPE).
    """
    if len(cells) == 1:
        return None
    weights = np.ones(len(mix.churned))
    along = [(axis, codes.astype(np.int64), now) for axis, codes, now in _along(mix, cells)]  # looked up many times
    for _ in range(_SWEEPS):
        for axis, codes, now in along:
            weights = weights * _missing_part(axis.counts(codes, weights), now)[codes]
        weights = np.clip(weights / weights.mean(), 1.0 / BOUND, BOUND)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    if effective < LEAST_ROWS:
        return None
    shift, cover = _changed(mix, weights, centre)
    held = np.asarray(np.linalg.inv(np.linalg.inv(cover) + np.eye(2) / _SPREAD**2), dtype=np.float64)
    return Reweighted(
        shift=np.asarray(held @ np.linalg.solve(cover, shift)),
        cover=held,
        effective_rows=effective,
        distance=1.0 - effective / len(weights),
    )


def _changed(mix: Mix, weights: Floats, centre: float) -> tuple[Floats, Floats]:
    """Return what the weights change of intercept and slope, and the covariance of that change alone."""
    rows = Counted(log_odds=mix.log_odds, rows=np.ones(len(weights)), churned=mix.churned)
    plain, _ = shift_of(rows, centre)
    shift, _ = shift_of(rows, centre, weights)
    design = np.column_stack([np.ones(len(weights)), mix.log_odds - centre])
    p = probability(mix.log_odds)
    inverse = np.linalg.inv((design * (weights * p * (1.0 - p))[:, None]).T @ design)
    middle = (design * ((weights - 1.0) ** 2 * p * (1.0 - p))[:, None]).T @ design
    return shift - plain, np.asarray(inverse @ middle @ inverse + _TINY * np.eye(2))


def _missing_part(have: Floats, want: Floats) -> Floats:
    """Return the factor that brings each cell to its share; 1 for cells the reference does not have."""
    both = have > 0.0
    target = want / max(want[both].sum(), _TINY)
    share = have / have.sum()
    return np.asarray(np.where(both, np.maximum(target, _TINY) / np.where(both, share, 1.0), 1.0))


def agreement(mix: Mix, cells: Sequence[Floats], rate: float) -> float:
    """Return how well churn rate `rate` (0 to 1) alone explains a month's mix, axis by axis: at most 1, 0 not at all.

    Under a pure label shift churners and stayers each look as before, so that every axis must move as far as another
    mixture of the two moves it. Of each axis along which something moved, or should have, it is asked which part
    of that movement the mixture meets; the answer is the mean. 1 where nothing moved and nothing should have.
    """
    parts = [
        _met(axis.counts(codes, mix.churned), axis.counts(codes, 1.0 - mix.churned), now, rate, usual=usual)
        for (axis, codes, now), usual in zip(_along(mix, cells), mix.usual, strict=False)
    ]
    spoken = [one for one in parts if one is not None]
    return float(np.mean(spoken)) if spoken else 1.0


def _along(mix: Mix, cells: Sequence[Floats]) -> list[tuple[Axis, Codes, Floats]]:
    return list(zip(mix.axes, mix.codes, cells, strict=False))


def _met(left: Floats, stayed: Floats, now: Floats, rate: float, *, usual: float) -> float | None:
    """Return the part of one axis' movement that the mixture meets, None where there is none to speak of.

    `left`, `stayed` and `now` are the reference's churners and stayers and the month's customers by cell.
    """
    every = left + stayed
    before = every / every.sum()
    mixed = rate * left / max(left.sum(), 1.0) + (1.0 - rate) * stayed / max(stayed.sum(), 1.0)
    share, rows = now / max(now.sum(), 1.0), max(now.sum(), 1.0)
    noise = usual + _luck(before, rows) + _luck(before, every.sum())
    moved, due = _distance(share, before, before) - noise, _distance(mixed, before, before)
    if max(moved, due) < max(_LEAST_MOVE, _CLEARLY * noise):
        return None
    missed = max(_distance(share, mixed, before) - noise, 0.0)
    return float(max(1.0 - missed / max(moved, due), 0.0))


def _luck(share: Floats, rows: float) -> float:
    """Return the chi-square distance per row that so many rows have by luck alone."""
    return float((np.count_nonzero(share) - 1) / rows)


def _usual(axis: Axis, codes: Codes, starts: Counts) -> float:
    """Return the mean distance of the good months, which begin at rows `starts`, from all of them, beyond luck."""
    months = [axis.counts(part) for part in np.split(codes, starts[1:])]
    pooled = axis.counts(codes) / len(codes)
    beyond = [_distance(one / one.sum(), pooled, pooled) - _luck(pooled, one.sum()) for one in months]
    return max(float(np.mean(beyond)), 0.0)


def _distance(one: Floats, other: Floats, scale: Floats) -> float:
    """Return the chi-square distance of two mixes of cells, per row."""
    return float(np.sum((one - other) ** 2 / np.maximum(scale, _RARE_CELL)))
