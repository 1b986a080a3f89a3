"""The estimator's own record: what it said of each month, and how that compares with what labels say."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from monitoring.errors import MonitorError
from monitoring.months import index_of
from monitoring.performance.cohort import Cohort, read
from monitoring.performance.estimated.measure import SIGNALS
from monitoring.performance.estimated.reference import EstimateReference
from monitoring.vocabulary import Detail, Layer, Measurement, Plain, Subject, Verdict

CLAIM = 0.9
"""Share of landed cohorts whose AUC the interval claims to hold, at least."""

_BROKEN = 0.02
"""The claim is called broken when so many misses would come less often than this were it true."""

_KEPT = 24
"""Months remembered, of estimates and of their errors."""

_ENOUGH = 0.8
"""Share of a month's customers whose labels must have landed before its estimate is scored."""

_USUAL_SQUARE = 0.25
"""Mean square of an error in half-widths while intervals reach two standard deviations."""

_PRIOR_COHORTS = 6.0
"""So many cohorts of usual errors does the claim weigh against the record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was said of a month: rows scored, and for each figure (low, value, high)."""

    rows: float
    figures: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateState:
    """Estimates that wait for labels, by month, and the landed ones' AUC errors: 1 is the interval's own end."""

    waiting: Mapping[str, Said] = field(default_factory=dict)
    errors: tuple[tuple[str, float], ...] = ()

    @property
    def coverage(self) -> float:
        """Share of landed cohorts whose AUC lay inside its interval; NaN before the first."""
        return float(np.mean([abs(error) <= 1.0 for _, error in self.errors])) if self.errors else float("nan")

    @property
    def widening(self) -> float:
        """How much wider intervals must be for what the record shows; at least 1."""
        squares = sum(min(error**2, 16.0) for _, error in self.errors)
        usual = _PRIOR_COHORTS * _USUAL_SQUARE
        return max(math.sqrt((usual + squares) / (usual + len(self.errors) * _USUAL_SQUARE)), 1.0)

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "waiting": {
                month: {"rows": said.rows, "figures": {name: list(three) for name, three in said.figures.items()}}
                for month, said in self.waiting.items()
            },
            "errors": [list(pair) for pair in self.errors],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(
            waiting={
                month: Said(
                    rows=said["rows"],
                    figures={name: (low, value, high) for name, (low, value, high) in said["figures"].items()},
                )
                for month, said in plain["waiting"].items()
            },
            errors=tuple((str(month), float(error)) for month, error in plain["errors"]),
        )


def remembered(state: EstimateState, month: str, measurements: Iterable[Measurement]) -> EstimateState:
    """Return the state with a month's estimates, if it has any, waiting for labels."""
    found = {one.signal: one for one in measurements}
    figures = {
        figure: three for figure, signal in SIGNALS.items() if signal in found and (three := _three(found[signal]))
    }
    if not figures:
        return state
    rows = found[SIGNALS["churn_rate"]].detail("rows")
    said = Said(rows=float(rows or 0.0), figures=figures)
    waiting = {**state.waiting, month: said}
    kept = sorted(waiting, key=index_of)[-_KEPT:]
    return replace(state, waiting={one: waiting[one] for one in kept})


def _three(one: Measurement) -> tuple[float, float, float] | None:
    low, value, high = one.detail("low"), one.value, one.detail("high")
    if not isinstance(low, float) or not isinstance(high, float) or value is None:
        return None
    return low, value, high


def score_landed(
    reference: EstimateReference | None,
    state: EstimateState,
    cohorts: Mapping[str, pd.DataFrame],
    month: str,
    *,
    faulty: Iterable[str] = (),
) -> tuple[EstimateState, list[Measurement]]:
    """Return the state and the measurements after the labels that landed this month replaced their estimates.

    Parameters
    ----------
    cohorts
        Month to the columns `score` and `churned`, as they came.
    month
        The month in which this is said.
    faulty
        Months of broken data: their estimates are dropped unscored.

    Notes
    -----
    An estimate waits until most of its month's labels have landed, and is scored once.
    """
    waiting = {one: said for one, said in state.waiting.items() if one not in set(faulty)}
    state, measured = replace(state, waiting=waiting), list[Measurement]()
    due = sorted(set(cohorts) & set(waiting), key=index_of) if reference else []
    for cohort in due:
        landed = _landed(reference, cohort, cohorts[cohort], waiting[cohort]) if reference else None
        if landed is not None:
            state, found = _scored(state, landed, waiting[cohort], month)
            measured += found
    return state, [*measured, *([_coverage(state, month)] if measured else [])]


def _landed(reference: EstimateReference, month: str, table: pd.DataFrame, said: Said) -> Cohort | None:
    try:
        cohort = read(month, table, reference.threshold, reference.economics)
    except MonitorError:  # the layer of realised performance reports it
        return None
    return cohort if cohort.usable and cohort.rows >= _ENOUGH * said.rows else None


def _scored(state: EstimateState, landed: Cohort, said: Said, month: str) -> tuple[EstimateState, list[Measurement]]:
    waiting = {one: kept for one, kept in state.waiting.items() if one != landed.month}
    if "auc" not in said.figures:
        return replace(state, waiting=waiting), []
    error = in_half_widths(said.figures["auc"], landed.auc.value)
    state = replace(state, waiting=waiting, errors=(*state.errors, (landed.month, error))[-_KEPT:])
    return state, [_error(landed, said, month)]


def in_half_widths(said: tuple[float, float, float], real: float) -> float:
    """Return how far the real figure lies from the estimate, 1 (or -1) at the interval's upper (lower) end.

    >>> in_half_widths((0.5, 0.75, 0.875), 0.625)
    -0.5
    """
    low, value, high = said
    reach = high - value if real > value else value - low
    return (real - value) / max(reach, 1e-9)


def _error(landed: Cohort, said: Said, month: str) -> Measurement:
    low, value, high = said.figures["auc"]
    real = landed.auc.value
    inside = low <= real <= high
    figures = {"log_loss": landed.log_loss, "churn_rate": landed.churners / landed.rows, "profit": landed.profit}
    others = {f"{name}_error": figures[name] - said.figures[name][1] for name in figures if name in said.figures}
    held = {
        f"{name}_inside": float(said.figures[name][0] <= figures[name] <= said.figures[name][2])
        for name in figures
        if name in said.figures
    }
    return _measurement(
        "estimate_error",
        month,
        value=real - value,
        threshold=None,
        method="realised less estimated AUC of the cohort; judged by estimate_coverage",
        unit="probability",
        verdict=Verdict.OK,
        note=f"{landed.month}: AUC {real:.3f}, estimated {value:.3f} ({low:.3f} to {high:.3f})"
        + ("" if inside else ", outside"),
        details=(
            ("cohort", landed.month),
            ("realised", real),
            ("estimated", value),
            ("low", low),
            ("high", high),
            ("inside", float(inside)),
            *others.items(),
            *held.items(),
        ),
    )


def _coverage(state: EstimateState, month: str) -> Measurement:
    cohorts = len(state.errors)
    hits = sum(abs(error) <= 1.0 for _, error in state.errors)
    chance = tail(hits, cohorts, CLAIM)
    broken = chance < _BROKEN
    return _measurement(
        "estimate_coverage",
        month,
        value=state.coverage,
        threshold=CLAIM,
        method="landed cohorts whose AUC lay inside its interval; exact binomial test of the claim",
        unit="share of cohorts",
        verdict=Verdict.ALARM if broken else Verdict.OK,
        note=f"{hits} of {cohorts} landed cohorts inside the estimate's interval: do not trust the next one" * broken,
        details=(("cohorts", float(cohorts)), ("p_value", chance), ("widening", state.widening)),
    )


def tail(hits: int, cohorts: int, share: float) -> float:
    """Return the chance of at most so many hits if each cohort is one with probability `share`.

    >>> round(tail(1, 2, 0.9), 2)
    0.19
    """
    return sum(math.comb(cohorts, one) * share**one * (1.0 - share) ** (cohorts - one) for one in range(hits + 1))


def _measurement(  # noqa: PLR0913 - the fields of a measurement
    signal: str,
    month: str,
    *,
    value: float,
    threshold: float | None,
    method: str,
    unit: str,
    verdict: Verdict,
    note: str,
    details: tuple[tuple[str, Detail], ...],
) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.REALISED,
        signal=signal,
        subject=Subject(feature="score"),
        value=value,
        threshold=threshold,
        method=method,
        unit=unit,
        verdict=verdict,
        note=note,
        details=details,
    )
