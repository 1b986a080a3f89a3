"""Domain classifier: whether a model can tell the customers of a month from those of the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats
from monitoring.drift.limits import FALSE_DISCOVERY_RATE, MIN_ROWS, Limits, learn_limits
from monitoring.drift.reference import ColumnReference, Scale, baseline
from monitoring.months import index_of
from monitoring.thinning import places
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

ROWS = 1500
"""Rows of a month that are looked at, evenly thinned."""

DOMAIN_FLOOR = 0.05
"""Smallest excess of the AUC over one half worth a word."""

STAMPED = 0.3
"""Columns whose limit of drift is larger than this are left out."""

SUBJECT = Subject(table="model_view")
"""What the classifier looks at."""

METHOD = "two-sample classifier, cross-fitted AUC, DeLong test"
"""How months are told apart."""

_TELLING = 0.15
"""Share of the split gain from which a column is named."""

_ROUNDS: Final = 30
_SETTINGS: Final[Mapping[str, Any]] = {
    "objective": "binary",
    "num_leaves": 7,
    "learning_rate": 0.15,
    "min_child_samples": 40,
    "lambda_l2": 5.0,
    "max_bin": 31,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainReference:
    """Thinned, encoded rows of each reference month and of all of them, shape (n, columns), with the limits."""

    scales: tuple[Scale, ...]
    months: Mapping[str, Floats]
    pooled: Floats
    limits: Limits
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """How well two sets of rows are told apart: AUC (.5 not at all), its standard error, gain by column."""

    auc: float
    error: float
    gain: Floats

    @property
    def p_value(self) -> float:
        """The chance of so high an AUC where nothing has changed."""
        from scipy.special import ndtr

        return float(ndtr((0.5 - self.auc) / self.error)) if self.error > 0.0 else float(self.auc <= 0.5)  # noqa: PLR2004


def build_domain(
    views: Mapping[str, pd.DataFrame],
    columns: Sequence[ColumnReference],
    weights: Mapping[str, float],
    *,
    column_limits: Mapping[str, Limits],
    seed: int = 0,
) -> DomainReference | None:
    """Return the reference of the columns the model uses; None where it uses none, or a good month has few rows.

    Columns that stamp every month (days since something that happens on a date, prices after a yearly rise) are
    left out, or they would tell good months apart by themselves. `column_limits` shows which ones those are.
    """
    used = [one.scale for one in columns if weights.get(one.name, 0.0) > 0.0]
    scales = tuple(one for one in used if _widest(column_limits[one.name]) <= STAMPED)
    in_order = sorted(views, key=index_of) if scales else []
    months = {month: encoded(scales, views[month]) for month in in_order if len(views[month])}
    if min(map(len, months.values()), default=0) < MIN_ROWS:
        return None
    pooled = thinned(np.concatenate(list(months.values())), ROWS)
    limits = learn_limits(months, pooled, partial(_excess, seed=seed), floor=DOMAIN_FLOOR)
    return DomainReference(scales=scales, months=months, pooled=pooled, limits=limits, seed=seed)


def _widest(limits: Limits) -> float:
    return max(limits.seasonal, limits.pooled)


def encoded(scales: Sequence[Scale], view: pd.DataFrame) -> Floats:
    """Return at most 1500 rows of a view as codes, shape (n, columns); columns that did not arrive are NaN.

    A number becomes the place of its quantile bin in the reference, so that a column which tells the date (days
    since the last bill) does not give every month away.
    """
    rows = view.iloc[places(len(view), ROWS)]
    nothing = np.full(len(rows), np.nan)
    return np.column_stack([_codes(one, rows) if one.name in rows.columns else nothing for one in scales])


def _codes(scale: Scale, rows: pd.DataFrame) -> Floats:
    values = scale.encode(rows)
    if scale.grid is None:
        return values
    bins = np.searchsorted(scale.grid.bins, scale.grid.cells(values), side="right") - 1.0
    return np.where(np.isnan(values), np.nan, bins)


def thinned(rows: Floats, count: int) -> Floats:
    """Return at most `count` rows, evenly spaced over all of them."""
    return rows[places(len(rows), count)]


def _excess(before: Floats, current: Floats, *, seed: int) -> float:
    return max(tell_apart(before, current, seed=seed).auc - 0.5, 0.0)


def tell_apart(before: Floats, current: Floats, *, seed: int) -> Apart:
    """Return how well a small model that has not seen a row says which set it comes from.

    Two folds, each judged by the model fitted on the other. Chance that makes one fold look different makes the
    other look the same way, so their mean AUC is given the error of one fold, not that of two independent ones.

    Parameters
    ----------
    before, current
        Rows by column, shapes (n, k) and (m, k).

    References
    ----------
    Lopez-Paz & Oquab 2017 (classifier two-sample tests); DeLong, DeLong & Clarke-Pearson 1988 (the error).
    """
    rows, label = np.vstack([before, current]), np.repeat([0.0, 1.0], [len(before), len(current)])
    rng = np.random.default_rng(seed)
    fold = np.concatenate([rng.permutation(np.arange(len(side)) % 2) for side in (before, current)])
    parts, gain = [], np.zeros(rows.shape[1])
    for held_out in (0, 1):
        booster = _fit(rows[fold != held_out], label[fold != held_out], seed)
        score = np.asarray(booster.predict(rows[fold == held_out], num_threads=1))
        parts.append(auc_with_error(score, label[fold == held_out] > 0.0))
        gain += booster.feature_importance("gain")
    aucs, errors = zip(*parts, strict=True)
    return Apart(auc=float(np.mean(aucs)), error=float(np.mean(errors)), gain=gain / max(gain.sum(), 1e-12))


def _fit(rows: Floats, label: Floats, seed: int) -> Any:  # noqa: ANN401 - untyped library
    import lightgbm

    names = [f"c{place}" for place in range(rows.shape[1])]
    return lightgbm.train(
        {**_SETTINGS, "seed": seed}, lightgbm.Dataset(rows, label, feature_name=names), num_boost_round=_ROUNDS
    )


def auc_with_error(score: Floats, positive: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return the AUC of scores, shape (n,), and its standard error by DeLong's method, ties counted as halves."""
    from scipy.stats import rankdata

    ours, others = score[positive], score[~positive]
    rank = rankdata(score)
    above = (rank[positive] - rankdata(ours)) / len(others)
    below = 1.0 - (rank[~positive] - rankdata(others)) / len(ours)
    variance = np.var(above, ddof=1) / len(ours) + np.var(below, ddof=1) / len(others)
    return float(above.mean()), float(np.sqrt(variance))


def measure_domain(reference: DomainReference, view: pd.DataFrame, month: str) -> list[Measurement]:
    """Return one measurement "domain_auc" of the view, .5 where nothing tells the month from its baseline."""
    current = encoded(reference.scales, view)
    if len(current) < MIN_ROWS:
        return [_cannot_tell(len(current), month)]
    name, before = baseline(month, reference.months, reference.pooled)
    apart = tell_apart(before, current, seed=reference.seed)
    limit = min(0.5 + reference.limits.of(name), 1.0)
    alarm = apart.p_value < FALSE_DISCOVERY_RATE and apart.auc > limit
    named = _telling(reference, apart)
    return [
        Measurement(
            month=month,
            layer=Layer.INPUT,
            signal="domain_auc",
            subject=SUBJECT,
            value=apart.auc,
            threshold=limit,
            method=METHOD,
            unit="AUC, 0.5 to 1",
            verdict=Verdict.ALARM if alarm else Verdict.OK,
            note=f"told apart from {name} with AUC {apart.auc:.3f}, by {named or 'many columns'}" if alarm else "",
            details=(
                ("baseline", name),
                ("p_value", apart.p_value),
                ("rows", float(len(current))),
                ("smallest_visible", _visible(apart, limit)),
                ("columns", named),
            ),
        )
    ]


def _telling(reference: DomainReference, apart: Apart) -> str:
    order = np.argsort(-apart.gain, kind="stable")
    return ", ".join(reference.scales[place].name for place in order if apart.gain[place] >= _TELLING)


def _visible(apart: Apart, limit: float) -> float:
    from scipy.special import ndtri

    significant = 0.5 - float(ndtri(FALSE_DISCOVERY_RATE)) * apart.error
    return float(min(max(limit, significant) + float(ndtri(0.8)) * apart.error, 1.0))


def _cannot_tell(rows: int, month: str) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.INPUT,
        signal="domain_auc",
        subject=SUBJECT,
        value=None,
        threshold=None,
        method="none: too few rows",
        unit="AUC, 0.5 to 1",
        verdict=Verdict.CANNOT_TELL,
        note=f"{rows} rows, {MIN_ROWS} needed",
    )
