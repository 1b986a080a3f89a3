"""Dependence: do columns still belong together as they did? Catches swapped columns and rows joined wrongly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats
from monitoring.drift.limits import FALSE_DISCOVERY_RATE, MIN_ROWS, Limits, learn_limits
from monitoring.drift.pairs import Part, correlate, count_pairs, part_of, places_of_pairs
from monitoring.drift.reference import ColumnReference, baseline
from monitoring.drift.statistics import benjamini_hochberg
from monitoring.months import index_of
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

MOST_COLUMNS = 10
"""Columns whose pairs are watched: those the model uses most."""

DEPENDENCE_FLOOR = 0.1
"""Smallest change of a correlation worth a word."""

METHOD = "change of rank correlation, delta method"
"""How pairs are compared."""

_SEEN_IN = 0.8416
"""Standard errors that turn "alarms in one month of two" into four of five."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DependenceReference:
    """The watched columns, and their tables of counts by reference month and of all of them, with the limits."""

    parts: tuple[Part, ...]
    months: Mapping[str, Counts]
    pooled: Counts
    limits: tuple[Limits, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names of the columns of each pair."""
        names = [one.scale.name for one in self.parts]
        return tuple((names[left], names[right]) for left, right in places_of_pairs(len(names)))


def build_dependence(
    views: Mapping[str, pd.DataFrame], columns: Sequence[ColumnReference], weights: Mapping[str, float]
) -> DependenceReference | None:
    """Return the reference of the pairs of the most used columns; None where the model uses fewer than two."""
    used = sorted((one for one in columns if weights.get(one.name, 0.0) > 0.0), key=lambda one: -weights[one.name])
    if len(used) < 2:  # noqa: PLR2004 - a pair
        return None
    parts = tuple(part_of(one) for one in used[:MOST_COLUMNS])
    months = {month: count_pairs(parts, views[month]) for month in sorted(views, key=index_of) if len(views[month])}
    pooled = np.sum(list(months.values()), axis=0)
    return DependenceReference(parts=parts, months=months, pooled=pooled, limits=_limits(parts, months, pooled))


def _limits(parts: Sequence[Part], months: Mapping[str, Counts], pooled: Counts) -> tuple[Limits, ...]:
    values = {month: correlate(parts, tables).value for month, tables in months.items()}
    among_all = correlate(parts, pooled).value
    return tuple(
        learn_limits(
            {month: value[place] for month, value in values.items()}, among_all[place], _change, floor=DEPENDENCE_FLOOR
        )
        for place in range(len(pooled))
    )


def _change(before: Floats, now: Floats) -> float:
    """Return the largest change among a pair's correlations, 0 where it has none."""
    moved = np.abs(now - before)
    return float(np.nanmax(moved)) if np.isfinite(moved).any() else 0.0


def measure_dependence(
    reference: DependenceReference, view: pd.DataFrame, month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return one measurement "dependence_change" a pair, subject "a ~ b"; pairs that did not arrive have none.

    A pair alarms when a correlation has changed significantly, after Bonferroni over its levels and
    Benjamini-Hochberg over the pairs, and by more than good months show. The value is the change, 0 to 2.
    """
    return judge_tables(reference, count_pairs(reference.parts, view), month, weights)


def judge_tables(
    reference: DependenceReference, tables: Counts, month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return the same measurements for a month whose pairs have been counted already."""
    name, before = baseline(month, reference.months, reference.pooled)
    found = [
        one for one in _moves(reference, before, tables, name) if one.rows and max(one.before, one.now, key=abs) != 0.0
    ]
    adjusted = benjamini_hochberg([one.p_value for one in found])
    level = FALSE_DISCOVERY_RATE / max(len(found), 1)
    return [
        _judged(one, float(p), level=level, month=month, weight=min(weights.get(column, 0.0) for column in one.columns))
        for one, p in zip(found, adjusted, strict=True)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """The correlation of a pair that has changed most, before and now, with its standard error and p-value."""

    columns: tuple[str, str]
    baseline: str
    limit: float
    before: float
    now: float
    error: float
    p_value: float
    rows: int


def _moves(reference: DependenceReference, before: Counts, tables: Counts, name: str) -> list[_Move]:
    from scipy.special import ndtr

    old, new = correlate(reference.parts, before), correlate(reference.parts, tables)
    rows = np.maximum(np.stack([old.rows, new.rows]), 1)[:, :, None, None]
    error = np.sqrt(old.variance / rows[0] + new.variance / rows[1])
    z = np.nan_to_num(np.abs(new.value - old.value) / error).reshape(len(tables), -1)
    ways = np.maximum(np.isfinite(new.value).reshape(len(tables), -1).sum(axis=1), 1)
    p_values = np.minimum(2.0 * ndtr(-z.max(axis=1)) * ways, 1.0)
    moved = np.nan_to_num(np.abs(new.value - old.value)).reshape(len(tables), -1).argmax(axis=1)
    flat = [np.nan_to_num(one.reshape(len(tables), -1)) for one in (old.value, new.value, error)]
    return [
        _Move(
            columns=columns,
            baseline=name,
            limit=reference.limits[place].of(name),
            before=float(flat[0][place, moved[place]]),
            now=float(flat[1][place, moved[place]]),
            error=float(flat[2][place, moved[place]]),
            p_value=float(p_values[place]),
            rows=int(min(old.rows[place], new.rows[place])),
        )
        for place, columns in enumerate(reference.pairs)
    ]


def _judged(one: _Move, adjusted: float, *, level: float, month: str, weight: float) -> Measurement:
    change = abs(one.now - one.before)
    verdict = _verdict(one, adjusted, change)
    return Measurement(
        month=month,
        layer=Layer.INPUT,
        signal="dependence_change",
        subject=Subject(feature=" ~ ".join(one.columns)),
        value=change,
        threshold=one.limit,
        method=METHOD,
        unit="change of correlation, 0 to 2",
        verdict=verdict,
        note=_note(one, verdict),
        weight=weight,
        details=(
            ("baseline", one.baseline),
            ("p_value", one.p_value),
            ("p_value_adjusted", adjusted),
            ("rows", float(one.rows)),
            ("smallest_visible", _visible(one, level)),
            ("correlation", one.now),
            ("expected", one.before),
        ),
    )


def _verdict(one: _Move, adjusted: float, change: float) -> Verdict:
    if one.rows < MIN_ROWS:
        return Verdict.CANNOT_TELL
    return Verdict.ALARM if adjusted < FALSE_DISCOVERY_RATE and change > one.limit else Verdict.OK


def _visible(one: _Move, level: float) -> float:
    from scipy.special import ndtri

    return float(min(max(one.limit, -float(ndtri(level / 2.0)) * one.error) + _SEEN_IN * one.error, 2.0))


def _note(one: _Move, verdict: Verdict) -> str:
    if verdict is Verdict.CANNOT_TELL:
        return f"{one.rows} rows with both cells filled, {MIN_ROWS} needed"
    if verdict is Verdict.ALARM:
        return f"correlated by {one.now:.2f} where {one.before:.2f} was usual ({one.baseline})"
    return ""
