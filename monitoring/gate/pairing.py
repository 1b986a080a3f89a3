"""How a delivery pairs with the one before it: the same keys, the same values, values that follow one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from monitoring.columns import Floats, Kind, as_numbers

MIN_PAIRS = 50
"""Fewer common keys say nothing about a pairing."""

_MOST_PAIRS = 5000
"""More common keys than this, evenly spaced, tell nothing new."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairing:
    """A table beside its predecessor.

    `repeated` is the share of keys already in the predecessor. By column, over the common keys: `same` is the
    agreement of values beyond chance (two empty cells are equal), `follows` the rank correlation of numbers
    (Spearman 1904).
    """

    repeated: float
    same: Mapping[str, float] = field(default_factory=dict)
    follows: Mapping[str, float] = field(default_factory=dict)


def pair(table: pd.DataFrame, previous: pd.DataFrame, key: tuple[str, ...], kinds: Mapping[str, Kind]) -> Pairing:
    """Return how two deliveries pair by key; columns that either of them lacks are left out."""
    new = table.drop_duplicates(list(key)).set_index(list(key))
    old = previous.drop_duplicates(list(key)).set_index(list(key))
    common = new.index.intersection(old.index)
    if not len(common):
        return Pairing(repeated=0.0)
    shared = [name for name in kinds if name in new.columns and name in old.columns and name not in key]
    kept, before = new.loc[common, shared], old.loc[common, shared]
    repeated = len(common) / max(len(new), 1)
    step = max(len(common) // _MOST_PAIRS, 1)
    told = {name: _agreement(kept[name][::step], before[name][::step]) for name in shared}
    same = {name: agreement for name, agreement in told.items() if agreement is not None}
    if len(common) < MIN_PAIRS:
        return Pairing(repeated=repeated, same=same)
    step = max(len(common) // _MOST_PAIRS, 1)
    found = {
        name: _rank_correlation(kept[name][::step], before[name][::step])
        for name in shared
        if kinds[name] is Kind.NUMBER
    }
    return Pairing(
        repeated=repeated, same=same, follows={name: rank for name, rank in found.items() if rank is not None}
    )


def _agreement(new: pd.Series, old: pd.Series) -> float | None:
    """Return how far equal values go beyond chance (Cohen's kappa 1960), None where all cells hold one value.

    Two columns that hold nearly the same value everywhere agree by chance, and say nothing about who is who.
    """
    both = pd.concat([new, old], ignore_index=True)
    codes, levels = pd.factorize(both, use_na_sentinel=False)
    left, right = codes[: len(new)], codes[len(new) :]
    shares = [np.bincount(side, minlength=len(levels)) / len(side) for side in (left, right)]
    chance = float(shares[0] @ shares[1])
    return None if chance >= 1.0 else (float(np.mean(left == right)) - chance) / (1.0 - chance)


def _rank_correlation(new: pd.Series, old: pd.Series) -> float | None:
    left, right = as_numbers(new).cells, as_numbers(old).cells
    both = ~(np.isnan(left) | np.isnan(right))
    if both.sum() < MIN_PAIRS:
        return None
    ranks = [_ranks(side[both]) for side in (left, right)]
    spreads = [float(side.std()) for side in ranks]
    if min(spreads) <= 0.0:
        return None
    return float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())) / (spreads[0] * spreads[1]))


def _ranks(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank(), dtype=np.float64)
