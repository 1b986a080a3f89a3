"""How a delivery pairs with the one before it: the same keys, the same values, values that follow one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Counts, Floats, Kind, as_numbers

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
    rows = ~table.duplicated(subset=list(key)).to_numpy()
    new, old = _common(table, previous, key, rows)
    if not len(new):
        return Pairing(repeated=0.0)
    repeated = len(new) / max(int(rows.sum()), 1)
    shared = [name for name in kinds if name in table.columns and name in previous.columns and name not in key]
    step = max(len(new) // _MOST_PAIRS, 1)
    sides = {name: (table[name].take(new[::step]), previous[name].take(old[::step])) for name in shared}
    told = {name: _agreement(*of) for name, of in sides.items()}
    same = {name: agreement for name, agreement in told.items() if agreement is not None}
    if len(new) < MIN_PAIRS:
        return Pairing(repeated=repeated, same=same)
    found = {name: _rank_correlation(*of) for name, of in sides.items() if kinds[name] is Kind.NUMBER}
    return Pairing(
        repeated=repeated, same=same, follows={name: rank for name, rank in found.items() if rank is not None}
    )


def _common(
    table: pd.DataFrame, previous: pd.DataFrame, key: tuple[str, ...], rows: npt.NDArray[np.bool_]
) -> tuple[Counts, Counts]:
    """Return the rows of both tables that have the same key, the first of each key, in the order of the new table.

    `rows` are the first rows of each key of the new table. With several key columns only rows that can have a partner
    are looked up, as that is what takes time.
    """
    others = ~previous.duplicated(subset=list(key)).to_numpy()
    if len(key) > 1:
        for name in key:
            rows = rows & table[name].isin(previous[name]).to_numpy()
            others = others & previous[name].isin(table[name]).to_numpy()
    new, old = np.flatnonzero(rows), np.flatnonzero(others)
    if not len(new) or not len(old):
        return new[:0], old[:0]
    left, right = (_keys(side.take(at), key) for side, at in ((table, new), (previous, old)))
    place = right.get_indexer(left)
    return new[place >= 0], old[place[place >= 0]]


def _keys(rows: pd.DataFrame, key: tuple[str, ...]) -> "pd.Index[Any]":
    return pd.Index(rows[key[0]]) if len(key) == 1 else pd.MultiIndex.from_frame(rows[list(key)])


def _agreement(new: pd.Series, old: pd.Series) -> float | None:
    """Return how far equal values go beyond chance (Cohen's kappa 1960), None where all cells hold one value.

    Two columns that hold nearly the same value everywhere agree by chance, and say nothing about who is who.
    """
    codes, levels = pd.factorize(_together(new, old), use_na_sentinel=False)
    left, right = codes[: len(new)], codes[len(new) :]
    shares = [np.bincount(side, minlength=len(levels)) / len(side) for side in (left, right)]
    chance = float(shares[0] @ shares[1])
    return None if chance >= 1.0 else (float(np.mean(left == right)) - chance) / (1.0 - chance)


def _together(new: pd.Series, old: pd.Series) -> "npt.NDArray[Any] | pd.Series":
    """Return both columns as one, of labels their codes where they are coded alike."""
    if isinstance(new.dtype, pd.CategoricalDtype) and new.dtype == old.dtype:
        return np.concatenate([new.cat.codes, old.cat.set_categories(new.cat.categories).cat.codes])
    if isinstance(new.dtype, np.dtype) and new.dtype == old.dtype:
        return np.concatenate([new.to_numpy(), old.to_numpy()])
    return pd.concat([new, old], ignore_index=True)


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
