"""What may have shifted: each hypothesis is a move of the calibrated log-odds, with how surely it is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from monitoring.performance.estimated.expected import Scores, gather
from monitoring.performance.estimated.label_shift import Prior, bbse_rate, em
from monitoring.performance.estimated.mix import agreement, cells_of, reweighted
from monitoring.performance.estimated.recalibration import log_odds_of, probability
from monitoring.performance.estimated.reference import EstimateReference
from monitoring.performance.metrics import clipped

SURE = 0.05
"""A label shift is believed when luck and season would bring it less often than this."""

_STIRRED = 0.3
"""Above this the scores have not stirred: what shift there may be is within the concept bound's own level."""

_EXPLAINS = 0.7
"""Share of the mix's movement from which another churn rate is the favoured explanation."""

_POSSIBLE = 0.5
"""Share from which it remains a possible one."""

_SHIFT = 0.7
"""Standard deviation believed of a label shift (log-odds): a factor of two is nothing unheard of."""

_EM_FLOOR = 0.05
"""Smallest standard deviation believed of EM's log-odds between good months."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """One account of the month: `shift` moves intercept and slope of the log-odds, shape (2,); `cover` is (2, 2).

    `possible` says whether the interval must leave room for it.
    """

    name: str
    shift: Floats
    cover: Floats
    possible: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelShift:
    """What is said about the churn rate: EM, BBSE where it can tell, the test's p-value.

    `explains` is the part of the month's mix that another churn rate accounts for, 0 to 1.
    """

    em: Prior
    bbse: Prior | None
    p_value: float
    explains: float
    favoured: bool
    possible: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A month as read: gathered scores, their recalibrated log-odds, the hypotheses, and the one favoured."""

    scores: Scores
    log_odds: Floats
    hypotheses: tuple[Hypothesis, ...]
    favoured: str
    label_shift: LabelShift


def read_month(reference: EstimateReference, values: Floats, view: pd.DataFrame | None, *, month: str) -> Reading:
    """Return a month's reading.

    Parameters
    ----------
    values, view
        The month's scores (0 to 1) and features of the same customers, row by row; no view, no reweighting.
    """
    scores = gather(values, reference.threshold)
    cells = cells_of(reference.mix, reference.recalibration(log_odds_of(clipped(values))), view)
    at = reference.recalibration(scores.log_odds)
    found = em(probability(at), scores.rows, reference.label_shift.rate)
    flagged = float(scores.rows[at >= reference.label_shift.cut].sum() / scores.total)
    second = bbse_rate(reference.label_shift.confusion, flagged, scores.total)
    label = _label_shift(found, second, _by_luck(reference, month, found), agreement(reference.mix, cells, found.rate))
    hypotheses = [*_same_behaviour(reference, cells), *_relabelled(reference, label)]
    covariate = "weighted" if any(one.name == "weighted" for one in hypotheses) else "cbpe"
    return Reading(
        scores=scores,
        log_odds=at,
        hypotheses=tuple(hypotheses),
        favoured="em" if label.favoured else covariate,
        label_shift=label,
    )


def _same_behaviour(reference: EstimateReference, cells: Sequence[Floats]) -> list[Hypothesis]:
    """Return the hypotheses of covariate shift or none: everybody leaves as before, whoever they are.

    The further the mix is from the reference's, the less the past says of its level: an allowance of up to the
    concept bound once more.
    """
    found = reweighted(reference.mix, cells, reference.stray.centre)
    if found is None:
        return [Hypothesis(name="cbpe", shift=np.zeros(2), cover=np.zeros((2, 2)))]
    away = np.diag([found.distance * reference.stray.concept[0, 0], 0.0])
    return [
        Hypothesis(name="cbpe", shift=np.zeros(2), cover=away),
        Hypothesis(name="weighted", shift=found.shift, cover=found.cover + away),
    ]


def _relabelled(reference: EstimateReference, label: LabelShift) -> list[Hypothesis]:
    """Return the hypothesis of another churn rate: by Bayes' rule all log-odds move by the same amount.

    EM speaks for it, held back as far as it is unsure; BBSE, which needs no calibration, is a second opinion that
    makes it less sure where the two disagree.
    """
    known = reference.label_shift
    before = math.log(known.rate / (1.0 - known.rate))
    doubt = label.em.error**2 + known.stray**2
    second = []
    if label.bbse is not None:
        apart = label.bbse.log_odds - label.em.log_odds
        doubt += max(apart**2 - label.bbse.error**2, 0.0)
        shift = np.array([label.bbse.log_odds - before, 0.0])
        second = [Hypothesis(name="bbse", shift=shift, cover=np.zeros((2, 2)), possible=False)]
    held = _SHIFT**2 / (_SHIFT**2 + doubt)
    shift = np.array([held * (label.em.log_odds - before), 0.0])
    cover = np.diag([held * doubt if math.isfinite(doubt) else _SHIFT**2, 0.0])
    return [Hypothesis(name="em", shift=shift, cover=cover, possible=label.possible), *second]


def _label_shift(found: Prior, second: Prior | None, p_value: float, explains: float) -> LabelShift:
    return LabelShift(
        em=found,
        bbse=second,
        p_value=p_value,
        explains=explains,
        favoured=p_value < SURE and explains >= _EXPLAINS,
        possible=p_value < _STIRRED and explains >= _POSSIBLE,
    )


def _by_luck(reference: EstimateReference, month: str, found: Prior) -> float:
    """Return how often good months, with their season and luck, stray so far from the usual churn rate (two-sided)."""
    low, high = reference.usual["em"].band(month, widths=1.0, floor=_EM_FLOOR)
    spread = math.hypot((high - low) / 2.0, found.error)
    return math.erfc(abs(found.log_odds - (low + high) / 2.0) / spread / math.sqrt(2.0))
