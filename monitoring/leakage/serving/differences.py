"""How the cells of a column differ between the table and the log of the same rows, and what that says of leavers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring.columns import Counts
from monitoring.leakage.compare.alike import Form
from monitoring.leakage.compare.bins import groups
from monitoring.leakage.compare.link import FOLDS, NOTHING, Added, added
from monitoring.leakage.compare.pairs import Bools, Pair
from monitoring.leakage.serving.matching import Column, Matched
from monitoring.leakage.serving.skew_age import Skew
from monitoring.leakage.serving.skews import FILLED_IN, skew_of, swapped

FEWEST_CELLS: Final = 10
"""Differing cells with a known label below which nothing is said about the outcome: late corrections are few."""

_MOST_STAYERS: Final = 20_000
"""Stayers looked at: more add nothing to a test that the number of leavers rules."""

_STRATA, _PARTS = 20, 10

_SWAPPED_LEAST: Final = 0.3

_FILLED: Final = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """How a column differs between the two sides, and what that has to do with the outcome.

    `skew` is the kind that explains it, `left` the differing rows that no kind explains. `given_logged` and
    `given_offline` link the difference to leaving among rows with the same logged, or offline, value; `gain` is how
    much better the offline column ranks leavers.
    """

    name: str
    pair: Pair
    skew: Skew | None
    left: Bools
    given_logged: Added = NOTHING
    given_offline: Added = NOTHING
    offline_auc: float = 0.5
    gain: float = 0.0
    leavers: float = float("nan")
    stayers: float = float("nan")
    constant: bool = False


def differences(rows: Matched, names: tuple[str, ...]) -> list[Difference]:
    """What is to be said about each column with a differing cell."""
    columns = [column for name in names if (column := rows.column(name)).pair.differs.any()]
    pairs = {column.name: column.pair for column in columns}
    return [_difference(column, pairs, rows) for column in columns]


def _difference(column: Column, pairs: dict[str, Pair], rows: Matched) -> Difference:
    pair = column.pair
    skew = swapped(column.name, pairs, least=_SWAPPED_LEAST) or skew_of(column)
    filled = skew is not None and skew.kind in FILLED_IN
    left = pair.differs & ~skew.rows if skew is not None and not filled else pair.differs
    if int((left & rows.known).sum()) < FEWEST_CELLS:
        return Difference(name=column.name, pair=pair, skew=skew, left=left)
    return _measured(column, rows, skew=skew, left=left)


def _measured(column: Column, rows: Matched, *, skew: Skew | None, left: Bools) -> Difference:
    pair, chosen = column.pair, _chosen(rows)
    labels, folds = rows.labels[chosen], rows.entity[chosen] % FOLDS
    offline, logged = groups(pair.left[chosen], _STRATA), groups(pair.right[chosen], _STRATA)
    change, changed = _changes(pair, left)[chosen], left[chosen]
    given_offline, given_logged = (added(change, strata, labels, folds) for strata in (offline, logged))
    return Difference(
        name=column.name,
        pair=pair,
        skew=skew,
        left=left,
        given_logged=given_logged,
        given_offline=given_offline,
        offline_auc=given_offline.without,
        gain=given_offline.without - given_logged.without,
        leavers=_mean(changed[labels == 1.0]),
        stayers=_mean(changed[labels == 0.0]),
        constant=_constant(pair),
    )


def _chosen(rows: Matched) -> Counts:
    """Rows with a known label: all leavers, and stayers thinned evenly to `_MOST_STAYERS`."""
    leavers, stayers = np.flatnonzero(rows.labels == 1.0), np.flatnonzero(rows.labels == 0.0)
    step = max(-(-len(stayers) // _MOST_STAYERS), 1)
    return np.sort(np.concatenate([leavers, stayers[::step]]))


def _changes(pair: Pair, left: Bools) -> Counts:
    """The kind of difference of each row, 0 for none: for text the offline level, for numbers by size."""
    if pair.form is Form.TEXT:
        return np.where(left, 1 + groups(pair.left, _STRATA), 0)
    apart = pair.left - pair.right
    here, there = np.isnan(pair.left), np.isnan(pair.right)
    kind = np.where(here, 1, np.where(there, 2, 3 + groups(np.where(left, apart, np.nan), _PARTS)))
    return np.where(left, kind, 0)


def _constant(pair: Pair) -> bool:
    """Whether the log holds one value (or nothing) wherever offline stands something else."""
    other = np.unique(pair.right[pair.differs])
    if len(other[~np.isnan(other)]) > 1:
        return False
    usual = other[0] if len(other) else np.nan
    rest = ~np.isnan(pair.left) if np.isnan(usual) else pair.left != usual
    return bool(pair.differs[rest].mean() >= _FILLED) if rest.any() else True


def _mean(values: Bools) -> float:
    return float(values.mean()) if len(values) else float("nan")
