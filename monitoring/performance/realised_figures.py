"""How realised performance is worded: one measurement a figure, each with its method and limit."""

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from monitoring.few_months import WIDTHS, widening
from monitoring.performance.cohort import MIN_CHURNERS, WEIGHT, Cohort
from monitoring.performance.detectable import visible, visible_shift
from monitoring.performance.good_cohorts import CHARTS, RealisedReference, Scale
from monitoring.performance.review import Review
from monitoring.vocabulary import Detail, Layer, Measurement, Subject, Verdict

_About: TypeAlias = tuple[tuple[str, Detail], ...]

_WORDS = {
    "more_churn": "more customers leave than the scores promise",
    "less_churn": "fewer customers leave than the scores promise",
    "ranking": "the scores separate leavers from stayers less than they promise",
}


def harm_figure(reference: RealisedReference, cohort: Cohort, reading: Review, month: str) -> Measurement:
    """Return the evidence of lasting harm: the one measurement of outcomes that calls a person."""
    alarm = reading.evidence > reference.limit
    return _measurement(
        "harm",
        month,
        value=reading.evidence,
        threshold=reference.limit,
        method="Shiryaev-Roberts sum of evidence for lasting harm in money, over every month it may have begun",
        unit="natural logarithm",
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=f"{reading.harm:,.0f} per 1000 customers and month lost against good months "
        f"since the cohort of {reading.since}",
        hard=alarm,
        details=(
            ("cohort", cohort.month),
            ("since", reading.since),
            ("money_per_1000", reading.harm),
            *((f"step_{name}", step) for name, step in reading.residuals.items()),
            *visible(reference),
        ),
    )


def chart_figures(reference: RealisedReference, cohort: Cohort, reading: Review, month: str) -> list[Measurement]:
    """Return the charts that explain: each a warning at most."""
    return [_chart_figure(reference, cohort, reading, name=name, month=month) for name in CHARTS]


def _chart_figure(
    reference: RealisedReference, cohort: Cohort, reading: Review, *, name: str, month: str
) -> Measurement:
    chart, money = reading.charts[name], reading.money[name]
    smallest, delay = visible_shift(reference.one_false_page_in_months)
    return _measurement(
        f"cusum_{name}",
        month,
        value=chart.value,
        threshold=reference.chart_limit,
        method="one-sided CUSUM of standardised residuals over cohorts",
        unit="standard deviations",
        verdict=Verdict.ALARM if chart.value > reference.chart_limit else Verdict.OK,
        note=f"{_WORDS[name]} since the cohort of {chart.since}; {money:,.0f} per 1000 customers and month",
        details=(
            ("cohort", cohort.month),
            ("since", chart.since or ""),
            ("money_per_1000", money),
            ("residual", reading.residuals[name]),
            ("smallest_visible_sd", smallest),
            ("expected_delay", delay),
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
    limit = reference.auc.centre - _reach(reference, reference.auc, cohort, cohort.auc.error) if known else None
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


def _reach(reference: RealisedReference, usual: Scale, cohort: Cohort, error: float) -> float:
    """Return how far a figure may stray from the good cohorts' mean: as far as they did, or as luck alone carries it.

    `error` is the figure's standard error in this cohort; the good cohorts' mean has its own.
    """
    believed = sum(one.size for one in reference.good)
    luck = error * float(np.sqrt(1.0 + cohort.size / max(believed, 1.0)))
    return WIDTHS * max(widening(len(reference.good)) * usual.spread, luck)


def _log_loss_figure(reference: RealisedReference, cohort: Cohort, month: str, about: _About) -> Measurement:
    known = np.isfinite(reference.log_loss.spread)
    reach = _reach(reference, reference.log_loss, cohort, cohort.log_loss_error)
    limit = reference.log_loss.centre + reach if known else None
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
    """Return observed over expected churners; no verdict of its own, the charts judge it."""
    return _measurement(
        "calibration_ratio",
        month,
        value=cohort.calibration_ratio,
        threshold=None,
        method="observed over expected churners; judged by the charts",
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
            method=f"campaign profit at threshold {reference.threshold:.4g}; judged by the evidence of harm",
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


def says_nothing(cohort: Cohort, month: str) -> Measurement:
    """Return the answer "cannot tell" for a cohort with too few labels, or with labels chosen unfairly."""
    few = (
        f"the cohort of {cohort.month} has {cohort.churners} churners among {cohort.rows} labelled rows; "
        f"{MIN_CHURNERS} of each kind are needed"
    )
    unfair = (
        f"{cohort.landed:.0%} of the labels of {cohort.month} have landed, and the first to land are not a fair "
        f"sample: wait, or give a column {WEIGHT}"
    )
    return _measurement(
        "auc",
        month,
        value=None,
        threshold=None,
        method="none: too few labels" if cohort.fair else "none: labels still landing",
        unit="probability",
        verdict=Verdict.CANNOT_TELL,
        note=few if cohort.fair else unfair,
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
