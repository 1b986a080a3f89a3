"""Input drift, per column: a change must be real (significance) and larger than good months show (effect)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from monitoring.columns import Kind, first_of, kind_of
from monitoring.drift.reference import (
    POOLED,
    ColumnReference,
    Comparison,
    Sample,
    build,
    compare,
    effect,
    largest_change,
    usable,
)
from monitoring.drift.statistics import benjamini_hochberg, missing_p_value
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

MIN_ROWS = 300
"""With fewer usable rows in the month the answer is "cannot tell": thresholds are not calibrated there."""

FALSE_DISCOVERY_RATE = 0.01
"""Share of wrong ones accepted among the columns called significant, over all columns of a month."""

EFFECT_FLOOR = 0.05
"""Smallest distance (0 to 1) worth a word, however steady the reference was."""

EFFECT_MARGIN = 1.5
"""A month may move this many times as far as the farthest pair of good months."""

MISSING_FLOOR = 0.02
"""Smallest change in the share of empty cells worth a word."""


UNKNOWN_FACTOR = 2.0
"""With a single good month nothing is known about normal change: the floors are multiplied by this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The largest effect that passes, with a baseline of the same calendar month and with all months pooled."""

    seasonal: float
    pooled: float

    def of(self, baseline: str) -> float:
        """Return the limit that goes with a baseline's name."""
        return self.pooled if baseline == POOLED else self.seasonal


@dataclass(frozen=True, kw_only=True, slots=True)
class InputReference:
    """Every column's cached reference and limits, for drift of values and of empty cells."""

    columns: tuple[ColumnReference, ...]
    limits: Mapping[str, Limits]
    missing_limits: Mapping[str, Limits]


def build_inputs(views: Mapping[str, pd.DataFrame], *, leave_out: tuple[str, ...] = ()) -> InputReference:
    """Return the input reference of good months: month to the model's view.

    Times and identifiers are left out, and the columns named.
    """
    newest = views[max(views)]
    skip = (Kind.TIME, Kind.IDENTIFIER)
    names = [str(name) for name in newest.columns if kind_of(first_of(newest, name)) not in skip]
    columns = tuple(build(views, name) for name in names if name not in leave_out)
    return InputReference(
        columns=columns,
        limits={one.name: effect_limits(one) for one in columns},
        missing_limits={one.name: _missing_limits(one) for one in columns},
    )


def effect_limits(column: ColumnReference) -> Limits:
    """Return the largest effects that pass, from the reference months compared with one another."""
    seasonal, pooled = largest_change(column, effect)
    return Limits(seasonal=_limit(seasonal, EFFECT_FLOOR), pooled=_limit(pooled, EFFECT_FLOOR))


def _missing_limits(column: ColumnReference) -> Limits:
    seasonal, pooled = largest_change(column, _missing_change)
    return Limits(seasonal=_limit(seasonal, MISSING_FLOOR), pooled=_limit(pooled, MISSING_FLOOR))


def _limit(largest: float | None, floor: float) -> float:
    """Return the limit: a margin over what good months show, or a guess where a single month shows nothing."""
    return UNKNOWN_FACTOR * floor if largest is None else max(floor, EFFECT_MARGIN * largest)


def _missing_change(before: Sample, current: Sample) -> float:
    return abs(_empty_share(current) - _empty_share(before))


def _empty_share(one: Sample) -> float:
    return one.empty / max(one.rows, 1)


def measure_inputs(
    reference: InputReference, view: pd.DataFrame, month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return two measurements a column, "drift" and "missing_change", each with its method and baseline named.

    A column alarms when its change is significant after Benjamini-Hochberg over all columns and both kinds,
    and larger than the limit learnt from good months. Columns absent from `weights` weigh 0: the model does
    not use them. Columns that did not arrive are the gate's business.
    """
    arrived = [one for one in reference.columns if one.name in view.columns]
    found = [part for one in arrived for part in _raw(reference, one, view, month)]
    adjusted = benjamini_hochberg([one.comparison.p_value for one in found])
    return [_judged(one, float(p), month, weights) for one, p in zip(found, adjusted, strict=True)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Raw:
    """A comparison that waits for the other columns' p-values."""

    signal: str
    column: str
    baseline: str
    limit: float
    comparison: Comparison
    rows: int


def _raw(reference: InputReference, column: ColumnReference, view: pd.DataFrame, month: str) -> list[_Raw]:
    current = column.sample(view)
    baseline, before = column.baseline(month)
    missing = _Raw(
        signal="missing_change",
        column=column.name,
        baseline=baseline,
        limit=reference.missing_limits[column.name].of(baseline),
        comparison=_compare_missing(before, current),
        rows=current.rows,
    )
    values = _Raw(
        signal="drift",
        column=column.name,
        baseline=baseline,
        limit=reference.limits[column.name].of(baseline),
        comparison=_compare_values(before, current),
        rows=usable(current),
    )
    return [values, missing]


def _compare_values(before: Sample, current: Sample) -> Comparison:
    if usable(before) and usable(current):
        return compare(before, current)
    return Comparison(method="none: no usable values", effect=0.0, p_value=1.0)


def _compare_missing(before: Sample, current: Sample) -> Comparison:
    change = _missing_change(before, current)
    p_value = missing_p_value((before.empty, before.rows), (current.empty, current.rows)) if current.rows else 1.0
    return Comparison(method="two-proportion z test", effect=change, p_value=p_value)


def _judged(one: _Raw, adjusted: float, month: str, weights: Mapping[str, float]) -> Measurement:
    verdict = _verdict(one, adjusted)
    return Measurement(
        month=month,
        layer=Layer.INPUT,
        signal=one.signal,
        subject=Subject(feature=one.column),
        value=one.comparison.effect,
        threshold=one.limit,
        method=one.comparison.method,
        unit="distance, 0 to 1" if one.signal == "drift" else "change in share of rows",
        verdict=verdict,
        note=_note(one, verdict),
        weight=float(weights.get(one.column, 0.0)),
        details=(
            ("baseline", one.baseline),
            ("p_value", one.comparison.p_value),
            ("p_value_adjusted", adjusted),
            ("rows", float(one.rows)),
            *one.comparison.details,
        ),
    )


def _verdict(one: _Raw, adjusted: float) -> Verdict:
    if one.rows < MIN_ROWS:
        return Verdict.CANNOT_TELL
    moved = adjusted < FALSE_DISCOVERY_RATE and one.comparison.effect > one.limit
    return Verdict.ALARM if moved else Verdict.OK


def _note(one: _Raw, verdict: Verdict) -> str:
    if verdict is Verdict.CANNOT_TELL:
        return f"{one.rows} usable rows, {MIN_ROWS} needed"
    if verdict is Verdict.ALARM:
        return f"moved by {one.comparison.effect:.3f} against {one.baseline}; good months stay below {one.limit:.3f}"
    return ""
