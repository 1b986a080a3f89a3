"""How good cohorts stray from their scores: chance, months that are alike, seasons, a lasting bias.

Labels never agree with scores exactly. Part of that is chance, whose size is known. The rest differs from company to
company and has to be learnt from a dozen or two cohorts: how far months wander beyond chance, how long they remember,
how strong the seasons are. Instead of one guess, every combination of a small grid is kept, with its probability
given the cohorts so far. So what is not known makes the forecast wider, by as much as it should.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Self

import numpy as np

from monitoring.columns import Counts, Floats

_WANDER = {0.0: 0.25, 0.6: 0.15, 1.2: 0.2, 2.4: 0.2, 5.0: 0.15, 12.0: 0.05}
"""Sd of the months beyond chance, in sds of chance at the usual size, and how likely each is beforehand."""

_MEMORY = {0.0: 0.02, 0.45: 0.08, 0.85: 0.9}
"""Correlation of neighbouring months, and how likely each is beforehand.

A dozen cohorts hardly show how long months remember, and who takes long memory for none calls a run of bad months
harm. So memory is believed until the cohorts say otherwise: a prior close to the least favourable one (Elliott, Müller
& Watson 2015), under which companies with and without memory are called equally often.
"""

_SEASON = {0.0: 0.5, 0.7: 0.3, 1.8: 0.2}
"""Sd of the calendar months' offsets, in sds of a month."""

_BIAS = 0.7
"""Sd of the lasting bias of scores, in sds of a month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """The combinations kept, one a row: arrays of shape (k,).

    `spread` is a month's sd; `lasting` the sd of a mean of many months times the root of their number, which memory
    makes larger; `prior` a log probability.
    """

    wander: Floats
    memory: Floats
    season: Floats
    bias: Floats
    spread: Floats
    lasting: Floats
    prior: Floats


@cache
def grid() -> Grid:
    """Return the combinations; memory says nothing where months do not wander."""
    rows, weights = [], []
    every = product(_WANDER.items(), _MEMORY.items(), _SEASON.items())
    for (wander, likely), (memory, kept), (season, strong) in every:
        if wander > 0.0 or memory == 0.0:
            spread = float(np.hypot(1.0, wander))
            lasting = float(np.hypot(1.0, wander * np.sqrt((1.0 + memory) / (1.0 - memory))))
            rows.append((wander, memory, season * spread, _BIAS * spread, spread, lasting))
            weights.append(likely * (kept if wander > 0.0 else 1.0) * strong)
    columns = np.array(rows).T
    return Grid(
        wander=columns[0],
        memory=columns[1],
        season=columns[2],
        bias=columns[3],
        spread=columns[4],
        lasting=columns[5],
        prior=np.log(np.array(weights) / np.sum(weights)),
    )


def factors(months: Counts, sizes: Floats) -> Floats:
    """Return the lower Cholesky factors of the residuals' covariance, one a combination: shape (k, n, n).

    Parameters
    ----------
    months
        Month indices in rising order, shape (n,); gaps are allowed.
    sizes
        How many times the usual number of labels a cohort has, shape (n,): chance shrinks beside the rest as
        cohorts grow, while residuals are held at sd 1 of chance.
    """
    known = grid()
    apart = np.abs(months[:, None] - months[None, :])
    wander, memory, season, bias = (
        part[:, None, None] for part in (known.wander, known.memory, known.season, known.bias)
    )
    shared = wander**2 * memory**apart + season**2 * (apart % 12 == 0) + bias**2
    scale = np.sqrt(sizes[:, None] * sizes[None, :])
    return np.asarray(np.linalg.cholesky(np.eye(len(months)) + scale * shared), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Innovations:
    """What each cohort brought that the ones before it did not foretell, under every combination.

    `surprise` (k, n, c) are standard normal under the right combination, for c series; `weight` (k, n, c) the
    probability of a combination given the cohorts up to and with the n-th; `before` the same without it.
    """

    surprise: Floats
    weight: Floats
    before: Floats

    def only(self, series: tuple[int, ...]) -> Self:
        """Return these series alone."""
        chosen = list(series)
        return replace(
            self,
            surprise=self.surprise[:, :, chosen],
            weight=self.weight[:, :, chosen],
            before=self.before[:, :, chosen],
        )

    @property
    def standardised(self) -> Floats:
        """The series as independent standard normals, shape (n, c): each cohort's rank in its own forecast.

        References
        ----------
        Dawid 1984 (prequential forecasts); Quesenberry 1991 (Q charts).
        """
        from scipy.special import ndtr, ndtri

        rank = np.sum(self.before * ndtr(self.surprise), axis=0)
        mirrored = np.sum(self.before * ndtr(-self.surprise), axis=0)
        small = np.finfo(np.float64).tiny
        lower, upper = ndtri(np.maximum(rank, small)), -ndtri(np.maximum(mirrored, small))
        return np.asarray(np.where(rank < mirrored, lower, upper), dtype=np.float64)


def innovations(factor: Floats, series: Floats) -> Innovations:
    """Return the one-step surprises of residual series, shape (n, c), under factors from `factors`."""
    solved = np.linalg.solve(factor, np.broadcast_to(series, (len(factor), *series.shape)))
    surprise = np.asarray(solved, dtype=np.float64)
    sharpness = np.log(np.diagonal(factor, axis1=1, axis2=2))
    likelihood = np.cumsum(-0.5 * surprise**2 - sharpness[:, :, None], axis=1) + grid().prior[:, None, None]
    first = np.broadcast_to(grid().prior[:, None, None], (len(factor), 1, series.shape[1]))
    return Innovations(
        surprise=surprise,
        weight=_normed(likelihood),
        before=_normed(np.concatenate([first, likelihood[:, :-1]], axis=1)),
    )


def _normed(log_weights: Floats) -> Floats:
    found = np.exp(log_weights - log_weights.max(axis=0))
    return np.asarray(found / found.sum(axis=0), dtype=np.float64)
