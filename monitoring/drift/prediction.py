"""Prediction drift: the score's shape, its mean, and how many customers it flags."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import as_numbers
from monitoring.drift.comparison import compare, smallest_visible
from monitoring.drift.limits import FALSE_DISCOVERY_RATE, MIN_ROWS, Limits, effect_limits
from monitoring.drift.reference import ColumnReference, build
from monitoring.drift.sketch import usable
from monitoring.few_months import WIDTHS, widening
from monitoring.season import Season, fit
from monitoring.vocabulary import Detail, Layer, Measurement, Subject, Verdict

BAND_FLOOR = 0.03
"""Smallest standard error believed for the logarithm of mean score or flagged share: 3 of them are 9 %."""

_SMALLEST = 1e-6
"""Share put in the place of none before taking a logarithm."""

_SCORE = "score"


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictionReference:
    """The score's cached distribution by month, and the seasons of log mean score and log flagged share."""

    score: ColumnReference
    limits: Limits
    log_mean: Season
    log_flagged: Season
    threshold: float


def build_prediction(scores: Mapping[str, pd.Series], threshold: float) -> PredictionReference:
    """Return the reference of scores the model gave to months it was not fitted on, month to scores (0 to 1).

    `threshold` is the score from which a customer is flagged.
    """
    column = build({month: pd.DataFrame({_SCORE: score}) for month, score in scores.items()}, _SCORE)
    usable_scores = {month: as_numbers(score).usable for month, score in scores.items()}
    filled = {month: values for month, values in usable_scores.items() if len(values)}
    return PredictionReference(
        score=column,
        limits=effect_limits(column),
        log_mean=fit({month: _log(float(values.mean())) for month, values in filled.items()}),
        log_flagged=fit({month: _log(float((values >= threshold).mean())) for month, values in filled.items()}),
        threshold=threshold,
    )


def _log(share: float) -> float:
    return float(np.log(max(share, _SMALLEST)))


def measure_prediction(reference: PredictionReference, score: pd.Series, month: str) -> list[Measurement]:
    """Return shape, mean and flagged share of a month's scores, each with its limit."""
    values = as_numbers(score).usable
    if len(values) < MIN_ROWS:
        few = f"{len(values)} usable scores, {MIN_ROWS} needed"
        return [_cannot_tell(signal, month, note=few) for signal in ("score_drift", "mean_score", "flagged_share")]
    flagged = float((values >= reference.threshold).mean())
    noise = float(np.sqrt(1.0 / len(values) + 1.0 / max(usable(reference.score.pooled), 1)))
    return [
        _shape(reference, score, month),
        _in_season("mean_score", float(values.mean()), reference.log_mean, month, luck=noise * float(values.std())),
        _in_season("flagged_share", flagged, reference.log_flagged, month, luck=noise * _sd(flagged, len(values))),
    ]


def _sd(share: float, rows: int) -> float:
    """Return the standard deviation of a mark some rows bear; a share of none is taken for one row's."""
    part = min(max(share, 1.0 / rows), 1.0 - 1.0 / rows)
    return float(np.sqrt(part * (1.0 - part)))


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
        layer=Layer.PREDICTION,
        signal=signal,
        subject=Subject(feature=_SCORE),
        value=value,
        threshold=threshold,
        method=method,
        unit=unit,
        verdict=verdict,
        note=note if verdict is not Verdict.OK else "",
        details=details,
    )


def _cannot_tell(signal: str, month: str, *, note: str) -> Measurement:
    return _measurement(
        signal,
        month,
        value=None,
        threshold=None,
        method="none: too few scores",
        unit="scores",
        verdict=Verdict.CANNOT_TELL,
        note=note,
    )


def _shape(reference: PredictionReference, score: pd.Series, month: str) -> Measurement:
    current = reference.score.scale.sketch(pd.DataFrame({_SCORE: score}))
    baseline, before = reference.score.baseline(month)
    if not usable(before):
        return _cannot_tell("score_drift", month, note=f"{baseline} has no usable scores to compare with")
    found, limit = compare(before, current, reference.score.scale.grid), reference.limits.of(baseline)
    moved = found.p_value < FALSE_DISCOVERY_RATE and found.effect > limit
    return _measurement(
        "score_drift",
        month,
        value=found.effect,
        threshold=limit,
        method=found.method,
        unit="distance, 0 to 1",
        verdict=Verdict.ALARM if moved else Verdict.OK,
        note=f"the scores moved by {found.effect:.3f} against {baseline}; good months stay below {limit:.3f}",
        details=(
            ("baseline", baseline),
            ("p_value", found.p_value),
            ("rows", float(usable(current))),
            ("smallest_visible", smallest_visible(before, current, limit=limit, level=FALSE_DISCOVERY_RATE)),
            *found.details,
        ),
    )


def _in_season(signal: str, share: float, season: Season, month: str, *, luck: float) -> Measurement:
    """Return whether a share lies where the season expects it; `luck` is its error by the draw of the rows alone."""
    usual = float(np.exp(season.expected(month)))
    in_logarithm, widened = luck / max(usual, _SMALLEST), widening(season.months)
    low, high = np.exp(season.band(month, widths=WIDTHS, floor=BAND_FLOOR, luck=in_logarithm, widened=widened))
    return _measurement(
        signal,
        month,
        value=share,
        threshold=float(low if share < usual else high),
        method="level, trend and season of the reference months",
        unit="share of customers",
        verdict=Verdict.OK if low <= share <= high else Verdict.ALARM,
        note=f"{share:.4f} where {low:.4f} to {high:.4f} is usual in this month of the year",
        details=(("expected", usual), ("low", float(low)), ("high", float(high))),
    )
