"""What the labels of a company of this size can show, and how soon: the price of the false-alarm contract."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from monitoring.columns import Counts, Floats
from monitoring.months import index_of
from monitoring.performance.cusum import limit_for, run_length
from monitoring.performance.good_cohorts import RealisedReference
from monitoring.performance.landed import series_of
from monitoring.performance.metrics import clipped
from monitoring.performance.process import factors, innovations
from monitoring.performance.profit import PER_CUSTOMERS, stakes
from monitoring.performance.review import SHARES
from monitoring.vocabulary import Detail

WITHIN = 12.0
"""Months within which harm must be found to count as visible."""

_HORIZON = 36
"""Months looked ahead."""

_SHIFTS = np.geomspace(0.05, 12.0, 28)
"""Shifts, in sds, at which delays are computed; between them they are interpolated."""

_ROUNDS = 40
"""Halvings of a search."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Detectable:
    """A harm in money per 1000 customers and month, and the cohorts until it is called, on average.

    As `more_churn` the money is lost by `churners` more leavers per 1000 than the scores promise; as `lost_ranking`
    by offers that go to the wrong customers, with an AUC lower by `auc`. NaN where no such change costs as much.
    """

    money: float
    more_churn: float
    lost_ranking: float
    churners: float
    auc: float


def detectable(reference: RealisedReference) -> tuple[Detectable, ...]:
    """Return the table of harm and delay: half to eight times the smallest visible harm, and twice the tolerance."""
    ahead = _ahead(reference)
    smallest = smallest_visible(reference, ahead)[0]
    sizes = {smallest * factor for factor in (0.5, 1.0, 1.5, 2.0, 4.0, 8.0)} if np.isfinite(smallest) else set[float]()
    sizes |= {2.0 * reference.tolerance} if reference.tolerance > 0.0 else set()
    return tuple(_detectable(reference, ahead, money) for money in sorted(sizes))


def _detectable(reference: RealisedReference, ahead: Floats, money: float) -> Detectable:
    return Detectable(
        money=money,
        more_churn=delay(reference, ahead, money, 0),
        lost_ranking=delay(reference, ahead, money, 1),
        churners=churners_for(reference, money),
        auc=auc_for(reference, money),
    )


def _ahead(reference: RealisedReference) -> Floats:
    """Return the mean information of a lasting step of 1 sd of chance, after 1, 2, ... cohorts: shape (months, 2).

    What the steps before are worth shrinks with all that has to be learnt at the same time: bias, seasons, memory.
    """
    good = reference.good
    months = [index_of(one.month) for one in good]
    start = months[-1] + 1 if months else 0
    every: Counts = np.array([*months, *range(start, start + _HORIZON)])
    sizes = np.array([one.size / reference.usual.size for one in good] + [1.0] * _HORIZON)
    factor = factors(every, sizes)
    step = np.where(np.arange(len(every)) < len(good), 0.0, 1.0)
    moved = np.linalg.solve(factor, np.broadcast_to(step[:, None], (len(factor), len(every), 1)))[:, len(good) :, 0]
    information = np.cumsum(moved**2, axis=1) / np.arange(1.0, _HORIZON + 1.0)
    padded = np.vstack([series_of(good), np.zeros((_HORIZON, 4))])[:, :2]
    believed = innovations(factor, padded).before[:, len(good)]
    return np.asarray(np.einsum("kc,km->mc", believed, information), dtype=np.float64)


def delay(reference: RealisedReference, ahead: Floats, money: float, series: int) -> float:
    """Return the mean cohorts until a harm that sets in with the first cohort is called; infinite beyond reach.

    The delay of the exact CUSUM at the series' share of the contract, for the information that is really there.
    `series` is 0 for harm to value, 1 for harm to the campaign.
    """
    sd = reference.usual.chance[series]
    if sd <= 0.0 or money <= 0.0:
        return float("inf")
    shifts = money / sd * np.sqrt(ahead[:, series])
    log_delays = np.log(_delays(reference.one_false_page_in_months / SHARES[series]))
    needed = np.exp(np.interp(np.log(np.maximum(shifts, _SHIFTS[0])), np.log(_SHIFTS), log_delays))
    passed = np.flatnonzero(needed <= np.arange(1.0, _HORIZON + 1.0))
    if not len(passed):
        return float("inf")
    return float(needed[max(int(passed[0]), 0)])


@cache
def _delays(months: float) -> Floats:
    limit = limit_for(months)
    return np.array([run_length(limit, shift=float(shift)) for shift in _SHIFTS])


def smallest_visible(reference: RealisedReference, ahead: Floats) -> tuple[float, float]:
    """Return the smallest harm (to value, to the campaign) that is called within a year, in money per 1000."""
    found = []
    for series, sd in enumerate(reference.usual.chance):
        if sd <= 0.0:
            found.append(float("nan"))
            continue
        found.append(_least(lambda money, at=series: delay(reference, ahead, money, at) <= WITHIN, 100.0 * sd))  # type: ignore[misc]
    return found[0], found[1]


def _least(enough: Callable[[float], bool], high: float) -> float:
    """Return the smallest amount up to `high` that is enough, for what stays enough above it; NaN where none is."""
    if not enough(high):
        return float("nan")
    low = 0.0
    for _ in range(_ROUNDS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def churners_for(reference: RealisedReference, money: float) -> float:
    """Return how many more churners per 1000 cost as much, when everyone's odds rise by the same factor."""
    score = np.array(reference.scores)
    if not len(score):
        return float("nan")
    value = stakes(score, reference.threshold, reference.economics)[:, 1]

    def moved(shift: float) -> Floats:
        return np.asarray(_churn(_log_odds(score) + shift) - score, dtype=np.float64)

    shift = _least(lambda by: float(np.mean(value * moved(by))) * PER_CUSTOMERS >= money, 5.0)
    return float(np.mean(moved(shift))) * PER_CUSTOMERS


def auc_for(reference: RealisedReference, money: float) -> float:
    """Return by how much the AUC falls when scores lose so much of their ranking that it costs as much."""
    score = np.array(reference.scores)
    if not len(score):
        return float("nan")
    campaign = stakes(score, reference.threshold, reference.economics)[:, 0]
    lost = _least(
        lambda share: float(np.mean(campaign * (_flattened(score, share) - score))) * PER_CUSTOMERS >= money, 1.0
    )
    return _ranked(score) - _ranked(_flattened(score, lost)) if np.isfinite(lost) else float("nan")


def _flattened(score: Floats, lost: float) -> Floats:
    """Return the true churn of customers in rising order of score when its log-odds lost a share of their slope."""
    slope = (1.0 - lost) * _log_odds(score)
    low, high = -40.0, 40.0
    for _ in range(_ROUNDS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _churn(slope + middle).mean() < score.mean() else (low, middle)
    return _churn(slope + high)


def _ranked(churn: Floats) -> float:
    """Return the AUC expected of customers in rising order of score with these probabilities of churn."""
    stay = 1.0 - churn
    below = np.cumsum(stay) - stay / 2.0
    return float(np.sum(churn * below) / (churn.sum() * stay.sum()))


def _log_odds(score: Floats) -> Floats:
    probability = clipped(score)
    return np.asarray(np.log(probability / (1.0 - probability)), dtype=np.float64)


def _churn(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


@lru_cache(maxsize=8)
def visible(reference: RealisedReference) -> tuple[tuple[str, Detail], ...]:
    """Return what stands beside the threshold of harm: the smallest harm visible in a year, and the delay.

    In money per 1000 customers and month, churners per 1000, and AUC. The delay, in cohorts, is that of a harm of
    twice the tolerance (of the smallest visible harm, where nothing is tolerated).
    """
    ahead = _ahead(reference)
    value, campaign = smallest_visible(reference, ahead)
    twice = 2.0 * reference.tolerance
    return (
        ("smallest_visible", value),
        ("smallest_visible_churners", churners_for(reference, value)),
        ("smallest_visible_campaign", campaign),
        ("smallest_visible_auc", auc_for(reference, campaign)),
        ("expected_delay", delay(reference, ahead, twice or value, 0)),
        ("expected_delay_campaign", delay(reference, ahead, twice or campaign, 1)),
    )


@cache
def visible_shift(months: float) -> tuple[float, float]:
    """Return the smallest lasting shift a chart with that contract finds in a year, and its delay at 1 sd.

    In sds of a month and cohorts, for a process that is known.
    """
    found = float(np.interp(-np.log(WITHIN), -np.log(_delays(months)), _SHIFTS))
    return found, float(np.interp(1.0, _SHIFTS, _delays(months)))
