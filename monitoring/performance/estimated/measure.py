"""The month's estimate as measurements: intervals, the share of customers the model knows, and their limits."""

from dataclasses import dataclass

import pandas as pd

from monitoring.columns import Floats, as_numbers
from monitoring.performance.estimated.hypotheses import SURE, Reading, read_month
from monitoring.performance.estimated.interval import Interval, intervals
from monitoring.performance.estimated.reference import EstimateReference
from monitoring.performance.estimated.support import support_share
from monitoring.performance.profit import profit
from monitoring.vocabulary import Detail, Layer, Measurement, Subject, Verdict

CAVEAT = "strong concept drift is invisible before labels"
"""Said with every estimate."""

SIGNALS = {
    "auc": "estimated_auc",
    "log_loss": "estimated_log_loss",
    "churn_rate": "estimated_churn_rate",
    "profit": "estimated_profit",
}
"""Figure to the signal it is reported as."""

BAND_WIDTHS = 2.0
"""Standard deviations of the good months' estimates within which AUC and profit are normal."""

_FLOORS = {"auc": 0.005, "profit": 0.05}
"""Smallest standard deviation believed: of the AUC, and of the profit as a share of its usual level."""

_UNITS = {
    "auc": "probability",
    "log_loss": "nats per customer",
    "churn_rate": "share of customers",
    "profit": "money per 1000 customers",
}

_METHODS = {
    "cbpe": "confidence-based estimation (CBPE), recalibrated on good cohorts",
    "weighted": "confidence-based estimation on good cohorts reweighted to the month's mix (M-CBPE)",
    "em": "label-shift correction by expectation maximisation (EM)",
}

_SUPPORT_SLACK = 0.05
"""So much less than in any good month may the support share be."""

_MIN_SCORES = 300
"""With fewer scores there is no estimate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Month:
    """A month's usable scores with their views, row by row."""

    month: str
    scores: Floats
    view: pd.DataFrame | None


def measure_estimate(
    reference: EstimateReference | None,
    score: pd.Series,
    view: pd.DataFrame | None,
    month: str,
    *,
    widening: float = 1.0,
) -> list[Measurement]:
    """Return what a month's scores may achieve: AUC, log loss, churn rate and profit, each as an interval.

    Parameters
    ----------
    reference
        From `build_estimate`; None where good cohorts taught nothing.
    score, view
        The month's scores (0 to 1) and what the model read, row by row. Where they do not match, nothing is
        reweighted.
    widening
        From the estimator's track record, at least 1.

    Notes
    -----
    An alarm of AUC or profit says: even the best hypothesis is below what good months show, if customers behave as
    they did. What cannot be seen before labels, a changed behaviour beyond `recalibration.MILD`, is said in words.
    """
    given = _usable(score, view, month)
    if reference is None:
        return [_cannot_tell(month, "none: no reference", "the good cohorts hold too few labels to learn from")]
    if len(given.scores) < _MIN_SCORES:
        note = f"{len(given.scores)} usable scores, {_MIN_SCORES} needed"
        return [_cannot_tell(month, "none: too few scores", note)]
    seen = _support(reference, given)
    outside = 0.0 if seen is None else max(reference_share(reference) - (seen.value or 0.0), 0.0)
    reading = read_month(reference, given.scores, given.view, month=month)
    found = intervals(reference, reading, outside=outside, widening=widening)
    said = [_figure(reference, reading, figure, one, month=month) for figure, one in found.items()]
    return [*said, *([seen] if seen else []), _promised(reference, given)]


def _usable(score: pd.Series, view: pd.DataFrame | None, month: str) -> _Month:
    cells = as_numbers(score).cells
    known = (cells >= 0.0) & (cells <= 1.0)
    matches = isinstance(view, pd.DataFrame) and len(view) == len(cells)
    return _Month(month=month, scores=cells[known], view=view[known] if matches and view is not None else None)


def reference_share(reference: EstimateReference) -> float:
    """Return the smallest support share of a good month, 1 where none was learnt."""
    return reference.support.lowest if reference.support else 1.0


def _figure(reference: EstimateReference, reading: Reading, figure: str, found: Interval, *, month: str) -> Measurement:
    limit = _limit(reference, month, figure)
    alarm = limit is not None and found.high_unmoved < limit
    money = _money(reference, month, found) if figure == "profit" and alarm else ()
    return _measurement(
        SIGNALS[figure],
        month,
        value=found.value,
        threshold=limit,
        method=_METHODS[reading.favoured],
        unit=_UNITS[figure],
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=_note(reading, figure, found, alarm=alarm),
        details=(
            ("low", found.low),
            ("high", found.high),
            ("low_if_behaviour_unchanged", found.low_unmoved),
            ("high_if_behaviour_unchanged", found.high_unmoved),
            *found.points.items(),
            *_about(reading, figure, found),
            *money,
        ),
    )


def _limit(reference: EstimateReference, month: str, figure: str) -> float | None:
    if figure not in _FLOORS:
        return None
    usual = reference.usual[figure]
    floor = _FLOORS[figure] * (abs(usual.expected(month)) if figure == "profit" else 1.0)
    return usual.band(month, widths=BAND_WIDTHS, floor=floor)[0]


def _money(reference: EstimateReference, month: str, found: Interval) -> tuple[tuple[str, Detail], ...]:
    return (("money_per_1000", max(reference.usual["profit"].expected(month) - found.value, 0.0)),)


def _about(reading: Reading, figure: str, found: Interval) -> tuple[tuple[str, Detail], ...]:
    if figure != "churn_rate":
        return (("favoured", reading.favoured),)
    label, rows = reading.label_shift, reading.scores.total
    return (
        ("favoured", reading.favoured),
        ("rows", rows),
        ("expected_churners", rows * found.value),
        ("label_shift_p_value", label.p_value),
        ("label_shift_explains", label.explains),
    )


def _note(reading: Reading, figure: str, found: Interval, *, alarm: bool) -> str:
    words = [f"{found.low:.4g} to {found.high:.4g} once labels land" + (", below good months" if alarm else "")]
    label = reading.label_shift
    if figure == "churn_rate" and label.p_value < SURE:
        cause = "another churn rate explains the scores" if label.favoured else "more than the churn rate has moved"
        words.append(cause)
    return "; ".join([*words, CAVEAT])


def _support(reference: EstimateReference, given: _Month) -> Measurement | None:
    if reference.support is None or given.view is None:
        return None
    share = support_share(reference.support, given.view)
    limit = reference.support.lowest - _SUPPORT_SLACK
    alarm = share < limit
    return _measurement(
        "support_share",
        given.month,
        value=share,
        threshold=limit,
        method="customers within the ranges and levels of the good months, weighted by the model's use",
        unit="share of customers",
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=f"the model knows the likes of {share:.1%} of the customers; of the others it can only guess" * alarm,
        details=(("lowest_good_month", reference.support.lowest),),
    )


def _promised(reference: EstimateReference, given: _Month) -> Measurement:
    return Measurement(
        month=given.month,
        layer=Layer.BUSINESS,
        signal="promised_profit",
        subject=Subject(feature="score"),
        value=profit(given.scores, given.scores, reference.threshold, reference.economics),
        threshold=None,
        method=f"campaign profit the scores promise at threshold {reference.threshold:.4g}",
        unit="money per 1000 customers",
        verdict=Verdict.OK,
        note=CAVEAT,
    )


def _cannot_tell(month: str, method: str, note: str) -> Measurement:
    return _measurement(
        "estimated_auc",
        month,
        value=None,
        threshold=None,
        method=method,
        unit=_UNITS["auc"],
        verdict=Verdict.CANNOT_TELL,
        note=note,
    )


def _measurement(  # noqa: PLR0913 - the fields of a measurement
    signal: str,
    month: str,
    *,
    value: float | None,
    threshold: float | None,
    method: str,
    unit: str,
    verdict: Verdict,
    note: str,
    details: tuple[tuple[str, Detail], ...] = (),
) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.ESTIMATE,
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
