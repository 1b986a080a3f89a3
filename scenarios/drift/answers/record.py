"""Has the record broken? Inputs that leap from one month to the next as they never did while all was well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats

LEAP: Final = 1.9
"""A leap this many times the largest one in good months (and the allowance) is a broken record: people do not leap."""

ALLOWANCE: Final = 0.01
"""Added to the largest leap in good months, so that inputs which never move are not judged by nothing."""

MEMORY_LOST: Final = 0.25
"""Fall of the correlation with each customer's own value a month before from which rows are held to be mixed up."""

STEADY: Final = 0.12
"""Spread of that correlation over good months up to which an input has a memory that can be lost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A broken input: since when, and how far beyond anything seen in good months."""

    feature: str
    since: str
    size: float


def broken_inputs(
    good: Mapping[str, pd.DataFrame], year: Mapping[str, pd.DataFrame], names: Sequence[str]
) -> list[Broken]:
    """The inputs that broke in the year's views, the worst first."""
    views = {**good, **year}
    shown = [view[list(names)] for view in views.values()]
    moves = [_leaps_and_memory(before, now) for before, now in pairwise(shown)]
    leaps, memory = np.array([leap for leap, _ in moves]), np.array([kept for _, kept in moves])
    found = [
        _broken(name, leaps[:, place], memory[:, place], labels=list(views), good=len(good))
        for place, name in enumerate(names)
    ]
    return sorted((one for one in found if one is not None), key=lambda one: (one.since, -one.size))


def _broken(name: str, leaps: Floats, memory: Floats, *, labels: Sequence[str], good: int) -> Broken | None:
    usual, steady = leaps[: good - 1].max(), memory[: good - 1]
    sizes = leaps[good - 1 :] / (usual + ALLOWANCE)
    lost = steady.min() - memory[good - 1 :]
    forgot = (lost > MEMORY_LOST) & (np.ptp(steady) < STEADY)
    hit = (sizes > LEAP) | forgot
    if not hit.any():
        return None
    first = int(np.argmax(hit))
    size = max(float(sizes[hit].max()), LEAP * float(lost[hit].max()) / MEMORY_LOST)
    return Broken(feature=name, since=labels[good + first], size=size)


def _leaps_and_memory(before: pd.DataFrame, now: pd.DataFrame) -> tuple[Floats, Floats]:
    """By input: the largest distance of the two distributions, and the rank correlation over customers of both."""
    rows = pd.concat([before, now]).apply(_numbers)
    old, new = rows.iloc[: len(before)], rows.iloc[len(before) :]
    both = old.index.intersection(new.index)
    leaps = np.array([_distance(*pair) for pair in zip(old.to_numpy().T, new.to_numpy().T, strict=True)])
    return leaps, _correlation(old.loc[both].rank().to_numpy(), new.loc[both].rank().to_numpy())


def _correlation(a: Floats, b: Floats) -> Floats:
    """Column by column; 1 where one of them is constant."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    spread = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.where(spread > 0.0, (a * b).sum(axis=0) / np.maximum(spread, 1e-9), 1.0)


def _distance(a: Floats, b: Floats) -> float:
    """The two-sample Kolmogorov-Smirnov distance."""
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    return float(
        np.abs(np.searchsorted(a, points, "right") / len(a) - np.searchsorted(b, points, "right") / len(b)).max()
    )


def _numbers(values: pd.Series) -> "pd.Series[float]":
    """Numbers as they are, words by their place in the alphabet; what is missing lies below."""
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(np.float64).fillna(-999.0)
    return pd.Series(pd.factorize(values.astype("str"), sort=True)[0].astype(np.float64), index=values.index)
