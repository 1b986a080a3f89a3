"""Two columns that should hold the same, compared cell by cell."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats
from monitoring.leakage.compare.alike import Alike, Form, alike

Bools: TypeAlias = npt.NDArray[np.bool_]
"""A one-dimensional array of truth values."""

FLOAT_NOISE: Final = 1e-6
"""Relative difference of two numbers taken for equal: 32-bit storage and other orders of summing give up to 1e-7."""

REBUILD_NOISE: Final = 1e-9
"""The same for two runs of one program, where only the order of summing may differ."""

_MOST_DECIMALS: Final = 6
"""A column with more decimals than this counts as not rounded."""

_WHOLE_FROM: Final = 2.0**53
"""Doubles this large hold no decimals."""

_ROUNDING_OF_SPREAD: Final = 0.05
"""Rounding is forgiven up to this part of the column's standard deviation; coarser rounding loses what was known."""

_DAY_NS: Final = 86_400_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two columns of the same rows on one scale, NaN where missing, each of shape (n,).

    Numbers are themselves, times are days since 1970, text is a position in `levels`, which both sides share.
    `differs` says where the cells are not the same; two missing cells are.
    """

    form: Form
    left: Floats
    right: Floats
    differs: Bools
    levels: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of rows whose cells differ, 0 to 1."""
        return float(self.differs.mean()) if len(self.differs) else 0.0

    def shown(self, value: float) -> str:
        """A cell in words.

        >>> pair_of(pd.Series(["a"]), pd.Series(["b"])).shown(1.0)
        'b'
        """
        if np.isnan(value):
            return "missing"
        if self.form is Form.TEXT:
            return self.levels[int(value)]
        if self.form is Form.TIME:
            return f"{pd.Timestamp(round(value * _DAY_NS)).round('s')}"
        return f"{value:.6g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tolerance:
    """How far two cells of a column may be apart and be the same: a distance, and a share of the larger one."""

    apart: float = 0.0
    noise: float = 0.0

    def unequal(self, left: Floats, right: Floats) -> Bools:
        """Where two columns differ, shape (n,); two missing cells are the same."""
        here, there = ~np.isnan(left), ~np.isnan(right)
        with np.errstate(over="ignore"):  # a distance beyond all doubles is no small one
            near = np.abs(left - right) <= self.apart + self.noise * np.maximum(np.abs(left), np.abs(right))
        return np.asarray((here != there) | (here & there & ~near), dtype=np.bool_)


def pair_of(left: pd.Series, right: pd.Series, *, noise: float = FLOAT_NOISE) -> Pair:
    """Two columns of equal length as a pair.

    >>> pair_of(pd.Series([1.0, 2.0, None]), pd.Series(["1", "2.5", "NULL"])).differs.tolist()
    [False, True, False]
    """
    if len(left) != len(right):
        raise ValueError(f"two columns of {len(left)} and {len(right)} rows have no pairs; align them first")
    read = alike(left, right)
    differs = tolerance(read, noise=noise).unequal(read.left, read.right)
    return Pair(form=read.form, left=read.left, right=read.right, differs=differs, levels=read.levels)


def tolerance(read: Alike, *, noise: float = FLOAT_NOISE) -> Tolerance:
    """What may be apart in two columns: float noise and rounding for numbers, a second or a day for times."""
    if read.form is Form.NUMBER:
        return Tolerance(apart=_rounding(read.left, read.right), noise=noise)
    return Tolerance(apart=_clock(read)) if read.form is Form.TIME else Tolerance()


def _clock(read: Alike) -> float:
    """Days that two times may be apart: a second, or a day where one side holds dates only."""
    dates = [bool(np.all(np.nan_to_num(side) % 1.0 == 0.0)) for side in (read.left, read.right)]
    return 1.0 - 1e-9 if dates[0] != dates[1] else 1.0 / 86_400.0


def _rounding(left: Floats, right: Floats) -> float:
    """Distance that rounding of the coarser side explains; 0 if both are equally fine or it would hide too much."""
    decimals = _decimals(left), _decimals(right)
    if decimals[0] == decimals[1]:
        return 0.0
    finer = left if decimals[0] > decimals[1] else right
    apart = 0.5 * 10.0 ** -min(decimals) * (1.0 + 1e-6)
    with np.errstate(over="ignore", invalid="ignore"):  # a spread beyond all doubles forgives nothing
        spread = float(np.nanstd(finer)) if np.any(~np.isnan(finer)) else 0.0
    return apart if apart <= _ROUNDING_OF_SPREAD * spread else 0.0


def _decimals(values: Floats) -> int:
    """Decimals that hold all values; one more than `_MOST_DECIMALS` if none do."""
    usable = values[np.abs(values) < _WHOLE_FROM]  # NaN compares false too
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = usable * 10.0**decimals
        if np.all(np.abs(scaled - np.rint(scaled)) <= FLOAT_NOISE * np.maximum(np.abs(scaled), 1.0)):
            return decimals
    return _MOST_DECIMALS + 1
