"""Input drift, per column: a change must be real (significance) and larger than good months show (effect)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from monitoring.columns import Kind, first_of, kind_of
from monitoring.drift.comparison import Comparison, compare, smallest_visible, visible_share
from monitoring.drift.dependence import DependenceReference, build_dependence, measure_dependence
from monitoring.drift.domain import DomainReference, build_domain, measure_domain
from monitoring.drift.limits import (
    FALSE_DISCOVERY_RATE,
    MIN_ROWS,
    Limits,
    effect_limits,
    missing_change,
    missing_limits,
)
from monitoring.drift.reference import ColumnReference, build, sketch_chunks
from monitoring.drift.sketch import Sketch, usable
from monitoring.drift.statistics import benjamini_hochberg, missing_p_value
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

NOTHING_USABLE = "none: no usable values"
"""The method where either side has nothing to compare."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputReference:
    """Every column's sketches and limits, and what is needed to look at columns together, None where nothing is."""

    columns: tuple[ColumnReference, ...]
    limits: Mapping[str, Limits]
    missing_limits: Mapping[str, Limits]
    dependence: DependenceReference | None
    domain: DomainReference | None


def build_inputs(
    views: Mapping[str, pd.DataFrame], *, weights: Mapping[str, float] | None = None, leave_out: tuple[str, ...] = ()
) -> InputReference:
    """Return the input reference of good months: month to the model's view.

    Times and identifiers are left out, and the columns named. `weights` are the columns' shares of the model's use;
    what looks at columns together looks at the used ones only, and at none without weights.
    """
    newest = views[max(views)]
    skip = (Kind.TIME, Kind.IDENTIFIER)
    names = [str(name) for name in newest.columns if kind_of(first_of(newest, name)) not in skip]
    columns = tuple(build(views, name) for name in names if name not in leave_out)
    without = input_reference(columns)
    return replace(
        without,
        dependence=build_dependence(views, columns, weights or {}),
        domain=build_domain(views, columns, weights or {}, column_limits=without.limits),
    )


def input_reference(columns: tuple[ColumnReference, ...]) -> InputReference:
    """Return the input reference of columns that have been sketched already, each by itself."""
    return InputReference(
        columns=columns,
        limits={one.name: effect_limits(one) for one in columns},
        missing_limits={one.name: missing_limits(one) for one in columns},
        dependence=None,
        domain=None,
    )


def measure_inputs(
    reference: InputReference, view: pd.DataFrame, month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return what has moved: per column, per pair of used columns, and for the used columns taken together.

    Each column has two measurements, "drift" and "missing_change", each with its method and baseline named.

    A column alarms when its change is significant after Benjamini-Hochberg over all columns and both kinds,
    and larger than the limit learnt from good months. Columns absent from `weights` weigh 0: the model does
    not use them. Columns that did not arrive are the gate's business.
    """
    scales = [one.scale for one in reference.columns]
    said = measure_columns(reference, sketch_chunks(scales, [view]), month, weights)
    if reference.dependence is not None:
        said += measure_dependence(reference.dependence, view, month, weights)
    if reference.domain is not None:
        said += measure_domain(reference.domain, view, month)
    return said


def measure_columns(
    reference: InputReference, sketches: Mapping[str, Sketch], month: str, weights: Mapping[str, float]
) -> list[Measurement]:
    """Return the same two measurements a column for a month that has been sketched already."""
    arrived = [one for one in reference.columns if one.name in sketches]
    found = [part for one in arrived for part in _raw(reference, one, sketches[one.name], month)]
    adjusted = benjamini_hochberg([one.comparison.p_value for one in found])
    level = FALSE_DISCOVERY_RATE / max(len(found), 1)
    return [
        _judged(one, float(p), level=level, month=month, weight=float(weights.get(one.column, 0.0)))
        for one, p in zip(found, adjusted, strict=True)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Raw:
    """A comparison that waits for the other columns' p-values."""

    signal: str
    column: str
    baseline: str
    limit: float
    comparison: Comparison
    rows: int
    before: Sketch
    current: Sketch


def _raw(reference: InputReference, column: ColumnReference, current: Sketch, month: str) -> list[_Raw]:
    baseline, before = column.baseline(month)
    missing = _Raw(
        signal="missing_change",
        column=column.name,
        baseline=baseline,
        limit=reference.missing_limits[column.name].of(baseline),
        comparison=_compare_missing(before, current),
        rows=current.rows,
        before=before,
        current=current,
    )
    values = _Raw(
        signal="drift",
        column=column.name,
        baseline=baseline,
        limit=reference.limits[column.name].of(baseline),
        comparison=_compare_values(column, before, current),
        rows=usable(current),
        before=before,
        current=current,
    )
    return [values, missing]


def _compare_values(column: ColumnReference, before: Sketch, current: Sketch) -> Comparison:
    if usable(before) and usable(current):
        return compare(before, current, column.scale.grid)
    return Comparison(method=NOTHING_USABLE, effect=0.0, p_value=1.0)


def _compare_missing(before: Sketch, current: Sketch) -> Comparison:
    p_value = missing_p_value((before.empty, before.rows), (current.empty, current.rows)) if current.rows else 1.0
    return Comparison(method="two-proportion z test", effect=missing_change(before, current), p_value=p_value)


def _judged(one: _Raw, adjusted: float, *, level: float, month: str, weight: float) -> Measurement:
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
        weight=weight,
        details=(
            ("baseline", one.baseline),
            ("p_value", one.comparison.p_value),
            ("p_value_adjusted", adjusted),
            ("rows", float(one.rows)),
            ("smallest_visible", _visible(one, level)),
            *one.comparison.details,
        ),
    )


def _visible(one: _Raw, level: float) -> float:
    if one.signal == "drift":
        return smallest_visible(one.before, one.current, limit=one.limit, level=level)
    share, noise = one.before.empty / max(one.before.rows, 1), 1.0 / max(one.before.rows, 1) + 1.0 / max(one.rows, 1)
    return visible_share(share, noise, limit=one.limit, level=level)


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
