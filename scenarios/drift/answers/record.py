"""Has the record broken? Inputs that leap from one month to the next as they never did while all was well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    found = [_broken(_numbers([view[name] for view in views.values()]), list(views), len(good), name) for name in names]
    return sorted((one for one in found if one is not None), key=lambda one: (one.since, -one.size))


def _broken(columns: Sequence["pd.Series[float]"], labels: Sequence[str], good: int, name: str) -> Broken | None:
    leaps, memory = zip(*map(_leap_and_memory, columns[:-1], columns[1:]), strict=True)
    usual, steady = max(leaps[: good - 1]), np.array(memory[: good - 1])
    sizes = np.array(leaps[good - 1 :]) / (usual + ALLOWANCE)
    lost = steady.min() - np.array(memory[good - 1 :])
    forgot = (lost > MEMORY_LOST) & (np.ptp(steady) < STEADY)
    hit = (sizes > LEAP) | forgot
    if not hit.any():
        return None
    first = int(np.argmax(hit))
    size = max(float(sizes[hit].max()), LEAP * float(lost[hit].max()) / MEMORY_LOST)
    return Broken(feature=name, since=labels[good + first], size=size)


def _leap_and_memory(before: "pd.Series[float]", now: "pd.Series[float]") -> tuple[float, float]:
    """The largest distance of the two distributions, and the rank correlation over customers of both months."""
    both = before.index.intersection(now.index)
    pair = np.column_stack([before.loc[both].rank(), now.loc[both].rank()])
    moves = pair.std(axis=0).min() > 0.0
    return _distance(np.asarray(before, np.float64), np.asarray(now, np.float64)), float(
        np.corrcoef(pair.T)[0, 1]
    ) if moves else 1.0


def _distance(a: Floats, b: Floats) -> float:
    """The two-sample Kolmogorov-Smirnov distance."""
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    return float(
        np.abs(np.searchsorted(a, points, "right") / len(a) - np.searchsorted(b, points, "right") / len(b)).max()
    )


def _numbers(columns: Sequence[pd.Series]) -> list["pd.Series[float]"]:
    """Numbers as they are, missing far below; words by their place in the alphabet of all months together."""
    if all(pd.api.types.is_numeric_dtype(values) for values in columns):
        return [values.astype(np.float64).fillna(-999.0) for values in columns]
    words = [values.astype(object).fillna("").astype(str) for values in columns]
    alphabet = pd.Index(sorted(set().union(*(set(one) for one in words))))
    return [pd.Series(alphabet.get_indexer(pd.Index(one)).astype(np.float64), index=one.index) for one in words]
