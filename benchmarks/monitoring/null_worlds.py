"""Companies in which nothing gets worse, and a change put into them: cohorts of scored customers with drawn labels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.months import index_of, name_of
from monitoring.performance.cohort import Labelled, money_residuals, residuals
from monitoring.performance.landed import Landed
from monitoring.performance.profit import Economics, gap

ECONOMICS = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 11.0 / 67.0
FIRST = index_of("2015-01")
MEAN_ROWS = 3000
STILL = 0.3
"""Share of companies whose months stray by chance alone."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Null:
    """How a company's months stray from its scores: log-odds by month, and their sd beyond and with chance."""

    kind: str
    drift: Floats
    month_sd: float


def chance(rows: int = MEAN_ROWS) -> float:
    """The sd of a month's log-odds by chance alone."""
    scores = _scores(np.random.default_rng(0), 100_000)
    return float(1.0 / np.sqrt(rows * np.mean(scores * (1.0 - scores))))


def null(kind: str, months: int, rng: np.random.Generator) -> Null:
    """A draw of independent (`iid`), `seasonal` or `autocorrelated` months, with a lasting bias of the scores."""
    wander = np.exp(rng.uniform(np.log(0.5), np.log(4.0)))
    if kind != "autocorrelated" and rng.random() < STILL:
        wander = 0.0
    month_sd = float(np.hypot(1.0, wander))
    noise = rng.normal(size=months)
    if kind == "autocorrelated":
        noise = _remembering(noise, rng.uniform(0.2, 0.7))
    drift = wander * noise + 0.5 * month_sd * rng.normal()
    if kind == "seasonal":
        swing = month_sd * rng.uniform(0.5, 1.5) * np.sqrt(2.0)
        drift = drift + swing * np.sin(2.0 * np.pi * (np.arange(months) + rng.uniform(0.0, 12.0)) / 12.0)
    return Null(kind=kind, drift=drift * chance(), month_sd=month_sd * chance())


def _remembering(noise: Floats, memory: float) -> Floats:
    kept = noise.copy()
    for place in range(1, len(noise)):
        kept[place] = memory * kept[place - 1] + np.sqrt(1.0 - memory**2) * noise[place]
    return kept


def outcomes(log_odds: Floats, rng: np.random.Generator) -> Iterator[tuple[str, Floats, Floats]]:
    """Month, scores and churn (0/1) of the cohorts of a company: churn drawn from scores' odds moved by `log_odds`."""
    for place, moved in enumerate(log_odds):
        scores = _scores(rng, int(MEAN_ROWS * rng.uniform(0.8, 1.2)))
        true = 1.0 / (1.0 + (1.0 - scores) / scores * np.exp(-moved))
        yield name_of(FIRST + place), scores, (rng.random(len(scores)) < true).astype(np.float64)


def cohorts(log_odds: Floats, rng: np.random.Generator) -> Iterator[tuple[str, pd.DataFrame]]:
    """The cohorts of a company as tables."""
    for month, scores, churned in outcomes(log_odds, rng):
        yield month, pd.DataFrame({"score": scores, "churned": churned > 0.0})


def landed(month: str, scores: Floats, churned: Floats) -> Landed:
    """What the monitor remembers of such a cohort, without the figures that it only shows."""
    given = Labelled(churned=churned, scores=scores, weights=np.ones(len(scores)), weighted=False, landed=1.0)
    (campaign, value), _ = money_residuals(given, THRESHOLD, ECONOMICS)
    lost = gap(churned, scores, THRESHOLD, ECONOMICS)
    return Landed.of_figures(
        month=month,
        size=float(len(scores)),
        rows=len(scores),
        residuals=(value, campaign, *residuals(churned, scores)),
        gap=lost,
    )


def _scores(rng: np.random.Generator, rows: int) -> Floats:
    return rng.beta(0.9, 15.0, rows).clip(1e-4, 0.95)
