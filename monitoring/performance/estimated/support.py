"""Support: for how many customers the model has seen the likes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Floats, Kind, as_numbers, first_of, kind_of
from monitoring.performance.estimated.axes import labelled
from monitoring.vocabulary import LEAN

FAR_OUT = 0.05
"""A customer is outside once features worth more than this share of the model's use are."""

_TAIL = 0.0005
"""Share of the reference's rows beyond each end of a number's range."""

_MARGIN = 0.05
"""So much of the range is added at either end: the next month's largest value is no news."""

_RARE = 0.0005
"""A level, or an empty cell, counts as seen from this share of the reference's rows on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnSupport:
    """What the reference has seen of one column: a range or levels, and whether cells were empty."""

    name: str
    weight: float
    low: float
    high: float
    levels: frozenset[str] | None
    empty: bool

    def outside(self, table: pd.DataFrame) -> Floats:
        """Return 1 for rows whose cell the reference has not seen the likes of, else 0."""
        if self.name not in table.columns:
            return np.ones(len(table))
        column = first_of(table, self.name)
        if self.levels is None:
            values = as_numbers(column).cells
            missing = np.isnan(values)
            return np.where(missing, not self.empty, ~missing & ((values < self.low) | (values > self.high))) * 1.0
        codes, found = labelled(column)
        unseen = np.array([*(one not in self.levels for one in found), not self.empty])
        return np.asarray(unseen[codes], dtype=np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """The columns the model leans on, and the smallest support share of a good month."""

    columns: tuple[ColumnSupport, ...]
    lowest: float


def build_support(views: Sequence[pd.DataFrame], weights: Mapping[str, float]) -> Support | None:
    """Return what good views have shown of the columns the model leans on; None without views or such columns."""
    used = {name: weight for name, weight in weights.items() if weight >= LEAN}
    seen = [view for view in views if len(view)]
    columns = [_column(seen, name, weight) for name, weight in sorted(used.items()) if seen and name in seen[-1]]
    known = tuple(one for one in columns if one is not None)
    if not known:
        return None
    found = Support(columns=known, lowest=1.0)
    return Support(columns=known, lowest=min(support_share(found, view) for view in seen))


def _column(views: Sequence[pd.DataFrame], name: str, weight: float) -> ColumnSupport | None:
    column = pd.concat([first_of(view, name) for view in views if name in view.columns], ignore_index=True)
    kind = kind_of(column)
    if kind is Kind.NUMBER:
        return _range(name, weight, as_numbers(column).cells)
    if kind not in (Kind.CATEGORY, Kind.FLAG):
        return None
    codes, found = labelled(column)
    counts = np.bincount(codes + 1, minlength=len(found) + 1) / len(column)
    levels = frozenset(level for level, share in zip(found, counts[1:], strict=True) if share >= _RARE)
    empty = bool(counts[0] >= _RARE)
    return ColumnSupport(name=name, weight=weight, low=np.nan, high=np.nan, levels=levels, empty=empty)


def _range(name: str, weight: float, values: Floats) -> ColumnSupport:
    known = values[~np.isnan(values)]
    low, high = np.quantile(known, [_TAIL, 1.0 - _TAIL]) if len(known) else (np.nan, np.nan)
    reach = _MARGIN * (high - low)
    empty = len(known) <= (1.0 - _RARE) * len(values)
    return ColumnSupport(name=name, weight=weight, low=low - reach, high=high + reach, levels=None, empty=empty)


def support_share(support: Support, view: pd.DataFrame) -> float:
    """Return the share of customers (0 to 1) of whom the model has seen the likes; 1 without customers."""
    if not len(view):
        return 1.0
    total = sum(one.weight for one in support.columns)
    outside = sum((one.weight / total * one.outside(view) for one in support.columns), np.zeros(len(view)))
    return float(np.mean(outside <= FAR_OUT))
