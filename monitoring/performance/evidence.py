"""The sum of evidence for lasting harm, over every month it may have begun in: what calls a person.

For each possible first month and size of harm, the likelihood of the cohorts with that harm is divided by their
likelihood without; the ratios are averaged over sizes and added over months. While nothing changes the sum grows by
as much a cohort on average, whatever the series are and however they hang together, so it is rarely large by chance.

References
----------
Shiryaev 1963, Roberts 1966 (the sum); Siegmund 1985, Pollak 1987 (its time to a false alarm); Shin, Ramdas & Rinaldo
2022 (mixtures of such sums keep the promise); Lai 1998 (dependent series).
"""

import math
from dataclasses import dataclass

import numpy as np

from monitoring.columns import Floats
from monitoring.performance.process import Innovations, grid

SIZES = {1.0: 0.6, 2.0: 0.25, 3.0: 0.15}
"""Sizes of harm, in sds of a month, and the share of the false pages given to each."""

_STEP_OVER = 0.583
"""A sum of steps of size d passes its limit e^(this times d) times more rarely than the limit says (Siegmund 1985).

Large steps land far beyond a limit, and d is the harm beside what a company's months do by themselves in the long run:
where months remember, steps are small. Evidence is multiplied by that factor, so that each size of harm, under each
process, calls falsely as often as its share says. Without it, months that remember are called half as often again.
"""

_LOST = 1.1
"""The limit as a share of the months asked for: a little evidence is made up in learning the process.

Measured over mixed worlds by benchmarks/monitoring/false_pages.py.
"""

_HEADROOM = 2.0
"""How far beyond its limit (in natural logarithms) the sum may rise: it comes back soon when the trouble is over."""

_LARGEST = 600.0
"""Exponents stop here, below what a float can hold."""


def limit_for(months: float) -> float:
    """Return the natural logarithm of the sum that is reached by chance once in `months` months.

    >>> round(math.exp(limit_for(60.0)), 1)
    66.0
    """
    return math.log(_LOST * months)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The logarithm of the sum after each cohort, shape (t, c), and the place of its likeliest first cohort."""

    log_sum: Floats
    start: Floats


def evidence(found: Innovations, factor: Floats, sizes: Floats, *, first: int, least: Floats) -> Evidence:
    """Return the evidence for a rise of each series that began with cohort `first` or later.

    Parameters
    ----------
    found, factor
        What cohorts brought, and the factors of their covariance, reference cohorts before `first`.
    sizes
        The cohorts' sizes beside the usual one, shape (n,).
    least
        The smallest rise looked for in each series, in sds of chance, shape (c,): twice the harm that is tolerated.
        A rise of less than half of it counts as evidence against harm.

    References
    ----------
    Podkopaev & Ramdas 2022 for testing with a tolerance.
    """
    steps = np.tril(np.ones((len(sizes), len(sizes))))[:, first:] * np.sqrt(sizes)[:, None]
    shape = np.linalg.solve(factor, np.broadcast_to(steps, (len(factor), *steps.shape)))
    months, series = len(sizes) - first, found.surprise.shape[2]
    log_sum, start = np.full((months, series), -np.inf), np.zeros((months, series))
    match, power = np.zeros((len(factor), months, series)), np.zeros((len(factor), months))
    for place in range(months):
        at = first + place
        match += shape[:, at, :, None] * found.surprise[:, at, None, :]
        power += shape[:, at, :] ** 2
        seen = slice(0, place + 1)
        ratio = _ratios(match[:, seen], power[:, seen], found.weight[:, at], least)
        start[place] = np.argmax(ratio, axis=0)
        log_sum[place] = np.log(np.maximum(ratio.sum(axis=0), np.finfo(np.float64).tiny))
    return Evidence(log_sum=log_sum, start=start)


def _ratios(match: Floats, power: Floats, weight: Floats, least: Floats) -> Floats:
    """Return the likelihood ratio of every first cohort, shape (months, c), averaged over sizes and combinations."""
    known, total = grid(), np.zeros(match.shape[1:])
    for size, share in SIZES.items():
        rise = np.maximum(size * known.spread[:, None], least[None, :])
        paid = weight * np.exp(_STEP_OVER * rise / known.lasting[:, None])
        each = rise[:, None, :]
        exponent = np.minimum(each * match - 0.5 * each**2 * power[:, :, None], _LARGEST)
        total += share * np.einsum("kc,kmc->mc", paid, np.exp(exponent))
    return total


def capped(log_sum: Floats, limit: float) -> Floats:
    """Return the sums held to a little above the limit, shape (t,) or (t, w) as given.

    As long as they stay below they are unchanged. From the cap they come down by what each cohort takes off.
    """
    held, before = np.array(log_sum, copy=True), np.full(log_sum.shape[1:], -np.inf)
    for place, now in enumerate(log_sum):
        grown = now - np.logaddexp(0.0, log_sum[place - 1] if place else np.full_like(now, -np.inf))
        before = np.minimum(np.logaddexp(0.0, before) + grown, limit + _HEADROOM)
        held[place] = before
    return held
