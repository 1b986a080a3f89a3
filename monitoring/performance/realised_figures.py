"""How realised performance is worded: one measurement a figure, each with its method and limit."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from monitoring.performance.cohort import MIN_CHURNERS, Cohort
from monitoring.performance.cusum import Cusum
from monitoring.performance.good_cohorts import RealisedReference
from monitoring.vocabulary import Detail, Layer, Measurement, Subject, Verdict

BAND_WIDTHS = 3.0
"""Standard deviations of the reference cohorts within which AUC and log loss pass."""

_About: TypeAlias = tuple[tuple[str, Detail], ...]

_WORDS = {
    "more_churn": "more customers leave than the scores promise",
    "less_churn": "fewer customers leave than the scores promise",
    "ranking": "the scores separate leavers from stayers less than they promise",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartReading:
    """One CUSUM after a cohort: the chart, the cohort's residual, and the mean harm since it left 0."""

    name: str
    chart: Cusum
    residual: float
    harm: float


def chart_figure(reference: RealisedReference, cohort: Cohort, reading: ChartReading, month: str) -> Measurement:
    """Return a chart's measurement: hard where it alarms and the harm is beyond the tolerance."""
    chart = reading.chart
    alarm = chart.value > reference.limit
    return _measurement(
        f"cusum_{reading.name}",
        month,
        value=chart.value,
        threshold=reference.limit,
        method="one-sided CUSUM of standardised residuals over cohorts",
        unit="standard deviations",
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=f"{_WORDS[reading.name]} since the cohort of {chart.since}; "
        f"{reading.harm:,.0f} per 1000 customers and month",
        hard=alarm and reading.harm > reference.tolerance,
        details=(
            ("cohort", cohort.month),
            ("since", chart.since or ""),
            ("money_per_1000", reading.harm),
            ("residual", reading.residual),
        ),
    )


def cohort_figures(reference: RealisedReference, cohort: Cohort, month: str) -> list[Measurement]:
    """Return AUC, log loss, calibration and profit of a cohort."""
    about: _About = (
        ("cohort", cohort.month),
        ("rows", float(cohort.rows)),
        ("churners", float(cohort.churners)),
        ("expected_churners", cohort.expected),
    )
    return [
        _auc_figure(reference, cohort, month, about),
        _log_loss_figure(reference, cohort, month, about),
        _calibration_figure(cohort, month, about),
        _profit_figure(reference, cohort, month, about),
    ]


def _auc_figure(reference: RealisedReference, cohort: Cohort, month: str, about: _About) -> Measurement:
    known = np.isfinite(reference.auc.spread)
    limit = reference.auc.centre - BAND_WIDTHS * max(reference.auc.spread, cohort.auc.error) if known else None
    return _measurement(
        "auc",
        month,
        value=cohort.auc.value,
        threshold=limit,
        method="AUC, DeLong interval, against the reference cohorts' spread",
        unit="probability",
        verdict=_beyond(limit is not None and cohort.auc.value < limit, known=known),
        note=f"AUC {cohort.auc.value:.3f} ({cohort.auc.low:.3f} to {cohort.auc.high:.3f}), "
        f"{reference.auc.centre:.3f} in good months",
        details=(
            *about,
            ("low", cohort.auc.low),
            ("high", cohort.auc.high),
            ("lift_top_decile", cohort.lift),
        ),
    )


def _log_loss_figure(reference: RealisedReference, cohort: Cohort, month: str, about: _About) -> Measurement:
    known = np.isfinite(reference.log_loss.spread)
    limit = reference.log_loss.centre + BAND_WIDTHS * reference.log_loss.spread if known else None
    return _measurement(
        "log_loss",
        month,
        value=cohort.log_loss,
        threshold=limit,
        method="log loss against the reference cohorts' spread",
        unit="nats per customer",
        verdict=_beyond(limit is not None and cohort.log_loss > limit, known=known),
        note=f"log loss {cohort.log_loss:.4f}, {reference.log_loss.centre:.4f} in good months",
        details=(*about, ("brier", cohort.brier)),
    )


def _calibration_figure(cohort: Cohort, month: str, about: _About) -> Measurement:
    """Return observed over expected churners; no verdict of its own, the CUSUM judges it."""
    return _measurement(
        "calibration_ratio",
        month,
        value=cohort.calibration_ratio,
        threshold=None,
        method="observed over expected churners; judged by the CUSUM",
        unit="ratio",
        verdict=Verdict.OK,
        note="",
        details=(*about, ("calibration_error", cohort.calibration_error)),
    )


def _profit_figure(reference: RealisedReference, cohort: Cohort, month: str, about: _About) -> Measurement:
    """Return the campaign's realised profit beside the promised one; no verdict of its own."""
    return replace(
        _measurement(
            "realised_profit",
            month,
            value=cohort.profit,
            threshold=None,
            method=f"campaign profit at threshold {reference.threshold:.4g}; judged by the CUSUM",
            unit="money per 1000 customers",
            verdict=Verdict.OK,
            note="",
            details=(
                *about,
                ("promised", cohort.promised),
                ("campaign_gap", cohort.gap.campaign),
                ("value_gap", cohort.gap.value),
            ),
        ),
        layer=Layer.BUSINESS,
    )


def _beyond(alarm: bool, *, known: bool) -> Verdict:  # noqa: FBT001 - the verdict in question
    if not known:
        return Verdict.CANNOT_TELL
    return Verdict.ALARM if alarm else Verdict.OK


def too_small(cohort: Cohort, month: str) -> Measurement:
    """Return the answer "cannot tell" for a cohort with too few churners or stayers."""
    return _measurement(
        "auc",
        month,
        value=None,
        threshold=None,
        method="none: too few labels",
        unit="probability",
        verdict=Verdict.CANNOT_TELL,
        note=f"the cohort of {cohort.month} has {cohort.churners} churners among {cohort.rows} labelled rows; "
        f"{MIN_CHURNERS} of each kind are needed",
        details=(("cohort", cohort.month),),
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
    hard: bool = False,
    details: _About = (),
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
        note=note if verdict is not Verdict.OK else "",
        hard=hard,
        details=details,
    )
