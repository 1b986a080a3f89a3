"""Skews of age: columns of the log that lag behind, or stand still."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring.columns import Floats
from monitoring.leakage.compare.alike import Form
from monitoring.leakage.compare.pairs import Bools, Pair
from monitoring.leakage.serving.matching import Column

MOSTLY: Final = 0.9
"""Share of a column's differing rows that a kind must explain to be named."""

_FOLLOWS: Final = 0.9
"""Rank correlation with the cutoff before from which a column is taken to be about that old."""

_RATHER: Final = 0.1
"""By how much that must exceed the correlation with the cutoff's own values."""

_ENOUGH_ROWS, _RANKED_ROWS = 100, 5_000
"""Rows needed for a rank correlation, and about how many are taken."""

_MOVES: Final = 0.3
"""A column that can be frozen changes offline in at least this share of rows from one cutoff to the next."""

_MOVES_SOME: Final = 0.1
"""And one that can be told to be stale in at least this share: what moves only for leavers looks stale in the log."""

_STANDS: Final = 0.05
"""A frozen column changes in the log in at most this share of the rows in which it changes offline."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skew:
    """A kind of skew, the rows it explains (shape (n,)), and what it did in words."""

    kind: str
    rows: Bools
    says: str


def stale(column: Column) -> Skew | None:
    """The cells of one cutoff before, wherever those are others: a rare event missed looks so only where it was."""
    told = column.pair.differs & column.dated
    if not told.any() or column.moved.sum() < _MOVES_SOME * column.dated.sum():
        return None
    same = told & column.lagging
    share = float(same.sum() / told.sum())
    if share < MOSTLY or float(same[column.moved].mean()) < MOSTLY:
        return None
    says = f"logged = offline of one cutoff before in {share:.0%} of the rows that can tell"
    return Skew(kind="stale", rows=same | (column.pair.differs & ~column.dated), says=says)


def about_stale(column: Column) -> Skew | None:
    """Nearer to the cells of the cutoff before than to the cutoff's own: some other number of days old."""
    pair = column.pair
    both = column.dated & both_filled(pair) & ~np.isnan(column.before)
    if pair.form is Form.TEXT or both.sum() < _ENOUGH_ROWS or pair.share < _MOVES:
        return None
    some = np.flatnonzero(both)[:: max(int(both.sum()) // _RANKED_ROWS, 1)]
    then, now = (_ranks_alike(pair.right[some], values[some]) for values in (column.before, pair.left))
    if then < _FOLLOWS or then < now + _RATHER:
        return None
    says = f"logged follows offline of one cutoff before (rank correlation {then:.2f}) and less its own ({now:.2f})"
    return Skew(kind="stale", rows=pair.differs, says=says)


def _ranks_alike(left: Floats, right: Floats) -> float:
    """Spearman's rank correlation, 0 where a column is constant."""
    from scipy.stats import rankdata

    if np.ptp(left) == 0.0 or np.ptp(right) == 0.0:
        return 0.0
    return float(np.corrcoef(rankdata(left), rankdata(right))[0, 1])


def frozen(column: Column) -> Skew | None:
    """Cells that hardly change from one cutoff to the next, although offline many do."""
    pair = column.pair
    again = np.r_[False, (column.entity[1:] == column.entity[:-1]) & (column.period[1:] == column.period[:-1] + 1)]
    offline, logged = _moved(pair.left), _moved(pair.right)
    moves = again & offline
    if again.sum() == 0 or moves.sum() < _MOVES * again.sum():
        return None
    if logged[moves].mean() > _STANDS:
        return None
    return Skew(
        kind="frozen",
        rows=pair.differs & ~(again & logged),
        says=f"offline it changes from one cutoff to the next in {moves.sum() / again.sum():.0%} of the rows, "
        f"in the log in {logged[moves].mean():.0%} of those",
    )


def _moved(values: Floats) -> Bools:
    """Whether each row's value differs from the row above."""
    same = np.isclose(values[1:], values[:-1], rtol=1e-6, atol=0.0, equal_nan=True)
    return np.concatenate([[False], ~same]).astype(np.bool_)


def both_filled(pair: Pair) -> Bools:
    """Rows with a value on both sides, shape (n,)."""
    return ~np.isnan(pair.left) & ~np.isnan(pair.right)
