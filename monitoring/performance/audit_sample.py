"""Which customers to label early: a drawn sample whose chances are known, so that it speaks for all.

Waiting for every label takes months. A phone call to one customer in five does not, and says nearly as much: chosen
where a label is worth most, and weighted by how likely each was to be chosen.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, as_numbers
from monitoring.errors import MonitorError
from monitoring.performance.cohort import WEIGHT

BANDS = 8
"""Bands of score, of equal worth, that the sample is spread over."""

_LEAST = 2
"""Customers drawn from each stratum, where it has as many: with one alone nothing is known of its spread."""

_NEAR = 1.0
"""Log-odds around the threshold within which a wrong score changes who is contacted."""

_NEAR_WORTH = 2.0
"""How much more a label is worth there."""

_FLOOR = 0.25
"""The worth of the dullest label, as a share of the mean: no customer is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditSample:
    """The customers to label.

    `chosen` has one row a customer: index as given, `score`, `stratum`, `inclusion` (the chance of being chosen, above
    0 and up to 1) and `weight` (1 / inclusion, the column `judge` reads). `strata` gives rows and draws by stratum.
    """

    chosen: pd.DataFrame
    strata: pd.DataFrame


def draw_audit(
    score: pd.Series,
    *,
    threshold: float,
    share: float,
    random: np.random.Generator,
    segment: pd.Series | None = None,
) -> AuditSample:
    """Return which customers to label early, drawn without replacement within strata of score and segment.

    A stratum is drawn from in proportion to its customers and to what one label tells: the sd of a label at that
    score, more near the threshold (Neyman's allocation). Every customer with a usable score has a chance above 0.

    Parameters
    ----------
    score
        Probability of churn, 0 to 1, one a customer; others are passed over.
    threshold
        The score from which customers are contacted.
    share
        Share of the customers to label, above 0 and up to 1.
    random
        Draws the sample: the same generator state gives the same customers.
    segment
        A label a customer, aligned with `score`; each has its own strata, so that none is forgotten.

    Raises
    ------
    MonitorError
        If `share` is out of range or no score is usable.

    References
    ----------
    Neyman 1934; Horvitz & Thompson 1952.
    """
    if not 0.0 < share <= 1.0:
        raise MonitorError(f"share is {share}; it is the share of customers to label, above 0 and up to 1.")
    values = as_numbers(score).cells
    usable = (values >= 0.0) & (values <= 1.0)
    if not usable.any():
        raise MonitorError(f"None of {len(values)} scores is a number between 0 and 1: nobody can be chosen.")
    kept = pd.DataFrame({"score": values[usable]}, index=score.index[usable])
    worth = _worth(values[usable], threshold)
    kept["stratum"] = _strata(values[usable], worth, None if segment is None else segment.to_numpy()[usable])
    strata = _allocated(kept["stratum"], worth, round(share * len(kept)))
    places = _drawn(kept["stratum"].to_numpy(), strata, random)
    chance = (strata["draws"] / strata["rows"]).reindex(kept["stratum"]).to_numpy()
    chosen = kept.assign(inclusion=chance, **{WEIGHT: 1.0 / chance}).iloc[places]
    return AuditSample(chosen=chosen, strata=strata)


def _worth(score: Floats, threshold: float) -> Floats:
    """Return what one label tells, relative to the mean."""
    probability = np.clip(score, 1e-3, 1.0 - 1e-3)
    edge = float(np.clip(threshold, 1e-3, 1.0 - 1e-3))
    apart = np.abs(np.log(probability / (1.0 - probability)) - np.log(edge / (1.0 - edge)))
    worth = np.sqrt(probability * (1.0 - probability)) * np.where(apart < _NEAR, _NEAR_WORTH, 1.0)
    return np.asarray(np.maximum(worth / worth.mean(), _FLOOR), dtype=np.float64)


def _strata(score: Floats, worth: Floats, segment: np.ndarray | None) -> list[str]:
    """Return each customer's stratum: bands of score that hold about the same worth, within segments."""
    order = np.argsort(score, kind="stable")
    band = np.empty(len(score), dtype=np.int64)
    reached = np.cumsum(worth[order]) / worth.sum()
    band[order] = np.minimum((reached * BANDS).astype(np.int64), BANDS - 1)
    if segment is None:
        return [f"band {number}" for number in band]
    return [f"{name}, band {number}" for name, number in zip(segment, band, strict=True)]


def _allocated(stratum: pd.Series, worth: Floats, total: int) -> pd.DataFrame:
    """Return rows and draws by stratum: draws in proportion to worth, never more than there are, about `total`."""
    grouped = pd.DataFrame({"stratum": stratum.to_numpy(), "worth": worth}).groupby("stratum")["worth"]
    strata = pd.DataFrame({"rows": grouped.size(), "worth": grouped.sum()})
    rows, due = strata["rows"].to_numpy(), strata["worth"].to_numpy()
    least = np.minimum(rows, _LEAST)
    low, high = 0.0, float(np.max(rows / due))
    for _ in range(60):
        middle = (low + high) / 2.0
        drawn = np.clip(np.round(middle * due), least, rows).sum()
        low, high = (middle, high) if drawn < total else (low, middle)
    return strata.assign(draws=np.clip(np.round(high * due), least, rows).astype(np.int64))


def _drawn(stratum: np.ndarray, strata: pd.DataFrame, random: np.random.Generator) -> Counts:
    picks = [
        random.choice(np.flatnonzero(stratum == name), size=int(draws), replace=False)
        for name, draws in strata["draws"].items()
    ]
    return np.sort(np.concatenate(picks)).astype(np.int64)
