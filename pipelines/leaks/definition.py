"""A feature as one line: which rows of which table are looked at, and what is made of them.

A definition says nothing about *when* it is computed. `value` computes it for a cutoff from whatever tables it is
given, so the same line can be read from a warehouse that knows too much and from one that holds only what had arrived.
This file stands alone: it needs numpy and pandas, and nothing else of this project.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Tables: TypeAlias = Mapping[str, pd.DataFrame]
"""Tables by name. Each has `customer_id`, `event_at` (when it happened) and `available_at` (when it could be read)."""

Known: TypeAlias = Literal["cutoff", "warehouse"]
"""Which rows count: those that had arrived before the cutoff, or whatever the tables hold."""

_DAY: Final = np.timedelta64(1, "D")
_Floats: TypeAlias = npt.NDArray[np.float64]
_Places: TypeAlias = npt.NDArray[np.intp]
_Column: TypeAlias = "npt.NDArray[Any] | pd.Series"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One feature.

    Rows of `table` count if `at` lies in [cutoff - `back_days`, cutoff + `ahead_days`) and, for each entry of `where`,
    the column holds one of the values listed; `back_days` None means from the beginning. Of these rows `measure` makes
    one value a customer (see `MEASURES`), mostly from `column`. `by` is the column that `ratio` divides by; for
    `target_rate` it names, as ``table.column``, the group of customers averaged over.
    """

    name: str
    table: str
    measure: str
    column: str | None = None
    where: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    by: str | None = None
    at: str = "event_at"
    back_days: float | None = None
    ahead_days: float = 0.0
    known: Known = "cutoff"

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise ValueError(f"Feature '{self.name}': no measure '{self.measure}'. Measures: {', '.join(MEASURES)}.")
        if self.known not in {"cutoff", "warehouse"}:
            raise ValueError(f"Feature '{self.name}': known is 'cutoff' or 'warehouse', not '{self.known}'.")
        if self.measure in _OF_A_COLUMN and self.column is None:
            raise ValueError(f"Feature '{self.name}': the measure '{self.measure}' needs a column.")
        if (self.by is not None) != (self.measure in _BY):
            raise ValueError(f"Feature '{self.name}': `by` belongs to {' and '.join(_BY)}, and to no other measure.")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one table beside the customers asked about; `who` is each row's customer by position, -1 for others."""

    table: pd.DataFrame
    tables: Tables
    cutoff: np.datetime64
    customers: pd.Index
    who: _Places

    def chosen(self, d: Definition) -> npt.NDArray[np.bool_]:
        """Which rows lie in the window and count as known, whatever `where` says, shape (rows,)."""
        at = self.times(d.at)
        keep = at < self.cutoff + _span(d.ahead_days)
        if d.back_days is not None:
            keep &= at >= self.cutoff - _span(d.back_days)
        if d.known == "cutoff":
            keep &= self.times("available_at") < self.cutoff
        return keep

    def matching(self, d: Definition) -> npt.NDArray[np.bool_]:
        """Which rows hold the values that `where` asks for, shape (rows,)."""
        keep = np.ones(len(self.table), dtype=np.bool_)
        for column, allowed in d.where.items():
            keep &= self.table[column].isin(list(allowed)).to_numpy()
        return keep

    def picked(self, d: Definition) -> _Places:
        """Positions of the rows that count and belong to a customer asked about."""
        return np.flatnonzero(self.chosen(d) & self.matching(d) & (self.who >= 0))

    def times(self, column: str) -> "npt.NDArray[np.datetime64]":
        return self.table[column].to_numpy("datetime64[us]")

    def numbers(self, column: str, rows: _Places) -> _Floats:
        return self.table[column].iloc[rows].to_numpy(np.float64, na_value=np.nan)

    def by_customer(self, rows: _Places, weights: _Floats | None = None) -> _Floats:
        """Rows (or the sum of `weights`) by customer, shape (n,)."""
        return np.bincount(self.who[rows], weights=weights, minlength=len(self.customers)).astype(np.float64)

    def in_time(self, d: Definition, rows: _Places) -> _Places:
        """The rows by time, then by arrival, the newest last."""
        return rows[np.lexsort((self.times("available_at")[rows], self.times(d.at)[rows]))]

    def newest(self, rows: _Places) -> _Places:
        """Of rows in order the last one of each customer, -1 for who has none, shape (n,)."""
        last = np.full(len(self.customers), -1, dtype=np.intp)
        last[self.who[rows]] = rows
        return last


def value(definition: Definition, tables: Tables, cutoff: pd.Timestamp, customers: pd.Index) -> pd.Series:
    """The feature of `customers` at `cutoff` as far as `tables` go: floats, or text for text columns, shape (n,)."""
    return _value(definition, _rows(definition.table, tables, cutoff, customers))


def values(
    definitions: Sequence[Definition], tables: Tables, cutoff: pd.Timestamp, customers: pd.Index
) -> pd.DataFrame:
    """Several features side by side, shape (n, k)."""
    rows = {name: _rows(name, tables, cutoff, customers) for name in dict.fromkeys(d.table for d in definitions)}
    return pd.DataFrame({d.name: _value(d, rows[d.table]) for d in definitions}, index=customers)


def to_plain(definition: Definition) -> dict[str, Any]:
    """The definition as a mapping of plain values for YAML or JSON, defaults left out."""
    plain = {f.name: getattr(definition, f.name) for f in fields(Definition)}
    plain["where"] = {column: list(allowed) for column, allowed in definition.where.items()}
    return {name: held for name, held in plain.items() if name in _ALWAYS or held != _DEFAULTS[name]}


def from_plain(plain: Mapping[str, Any]) -> Definition:
    """The definition that `to_plain` wrote. Raises ValueError for a field that does not exist or is missing."""
    unknown, missing = set(plain) - {f.name for f in fields(Definition)}, set(_ALWAYS) - set(plain)
    if unknown or missing:
        raise ValueError(f"A feature needs {list(_ALWAYS)}; unknown: {sorted(unknown)}, missing: {sorted(missing)}.")
    return Definition(**plain)


def _rows(name: str, tables: Tables, cutoff: pd.Timestamp, customers: pd.Index) -> _Rows:
    if name not in tables:
        raise ValueError(f"There is no table '{name}'. Tables: {', '.join(tables)}.")
    who = customers.get_indexer(pd.Index(tables[name]["customer_id"]))
    return _Rows(tables[name], tables, cutoff.to_datetime64(), customers, who)


def _value(d: Definition, rows: _Rows) -> pd.Series:
    return pd.Series(MEASURES[d.measure](d, rows), index=rows.customers, name=d.name)


def _count(d: Definition, rows: _Rows) -> _Floats:
    return rows.by_customer(rows.picked(d))


def _sum(d: Definition, rows: _Rows) -> _Floats:
    picked = rows.picked(d)
    return rows.by_customer(picked, np.nan_to_num(rows.numbers(str(d.column), picked)))


def _mean(d: Definition, rows: _Rows) -> _Floats:
    picked = rows.picked(d)
    numbers = rows.numbers(str(d.column), picked)
    filled = picked[~np.isnan(numbers)]
    return _ratio(rows.by_customer(picked, np.nan_to_num(numbers)), rows.by_customer(filled))


def _quotient(d: Definition, rows: _Rows) -> _Floats:
    picked = rows.picked(d)
    above = rows.by_customer(picked, np.nan_to_num(rows.numbers(str(d.column), picked)))
    return _ratio(above, rows.by_customer(picked, np.nan_to_num(rows.numbers(str(d.by), picked))))


def _share(d: Definition, rows: _Rows) -> _Floats:
    everything = np.flatnonzero(rows.chosen(d) & (rows.who >= 0))
    return _ratio(rows.by_customer(rows.picked(d)), rows.by_customer(everything))


def _distinct(d: Definition, rows: _Rows) -> _Floats:
    picked = rows.picked(d)
    code, levels = pd.factorize(rows.table[str(d.column)].iloc[picked])
    pairs = np.unique((rows.who[picked] * max(len(levels), 1) + code)[code >= 0])
    return np.bincount(pairs // max(len(levels), 1), minlength=len(rows.customers)).astype(np.float64)


def _attribute(d: Definition, rows: _Rows) -> _Column:
    return _cells(d, rows, rows.newest(rows.in_time(d, rows.picked(d))))


def _last(d: Definition, rows: _Rows) -> _Column:
    picked = rows.in_time(d, rows.picked(d))
    filled = rows.table[str(d.column)].notna().to_numpy()
    return _cells(d, rows, rows.newest(picked[filled[picked]]))


def _nearest(d: Definition, rows: _Rows) -> _Column:
    """Like `last`; who has nothing before the cutoff gets the first value after it."""
    picked = rows.in_time(d, rows.picked(d))
    picked = picked[rows.table[str(d.column)].notna().to_numpy()[picked]]
    before = rows.times(d.at)[picked] < rows.cutoff
    last, first = rows.newest(picked[before]), rows.newest(picked[~before][::-1])
    return _cells(d, rows, np.where(last >= 0, last, first))


def _days_until(d: Definition, rows: _Rows) -> _Floats:
    newest = rows.newest(rows.in_time(d, rows.picked(d)))
    return _blank((rows.times(str(d.column))[newest] - rows.cutoff) / _DAY, newest) if len(rows.table) else _none(rows)


def _days_since_last(d: Definition, rows: _Rows) -> _Floats:
    return _smallest(rows, *_ages(d, rows))


def _days_since_first(d: Definition, rows: _Rows) -> _Floats:
    who, age = _ages(d, rows)
    return -_smallest(rows, who, -age)


def _ages(d: Definition, rows: _Rows) -> tuple[_Places, _Floats]:
    """The customer of each row that counts, and how many days before the cutoff it happened."""
    picked = rows.picked(d)
    return rows.who[picked], np.asarray((rows.cutoff - rows.times(d.at)[picked]) / _DAY, dtype=np.float64)


def _smallest(rows: _Rows, who: _Places, numbers: _Floats) -> _Floats:
    smallest = _none(rows)
    np.fmin.at(smallest, who, numbers)
    return smallest


def _target_rate(d: Definition, rows: _Rows) -> _Floats:
    name, _, column = str(d.by).partition(".")
    groups = rows.tables[name]
    if d.known == "cutoff":
        groups = groups[(groups["available_at"] < pd.Timestamp(rows.cutoff)).to_numpy()]
    group = groups.drop_duplicates("customer_id", keep="last").set_index("customer_id")[column]
    picked = np.flatnonzero(rows.chosen(d) & rows.matching(d))
    members = group.reindex(pd.Index(rows.table["customer_id"].to_numpy()[picked])).to_numpy()
    rate = pd.Series(rows.numbers(str(d.column), picked)).groupby(members).mean()
    return np.asarray(rate.reindex(group.reindex(rows.customers).to_numpy()), dtype=np.float64)


MEASURES: Final[Mapping[str, Callable[[Definition, _Rows], _Column]]] = {
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "ratio": _quotient,
    "share": _share,
    "distinct": _distinct,
    "attribute": _attribute,
    "last": _last,
    "nearest": _nearest,
    "days_until": _days_until,
    "days_since_last": _days_since_last,
    "days_since_first": _days_since_first,
    "target_rate": _target_rate,
}
"""What can be made of the rows that count.

`count`, `sum` (0 without rows), `mean`, `distinct` (different values); `ratio`: the sum of `column` over the sum of
`by`; `share`: of the rows in the window, those that fulfil `where`; `attribute`: the newest row's value; `last`: the
newest value that is filled; `nearest`: the same, and the first after the cutoff for who has none before; `days_until`:
from the cutoff to the time stamp in `column` of the newest row; `days_since_last`, `days_since_first`: from the newest
or oldest row to the cutoff; `target_rate`: the mean of `column` over the customer's group.
"""

_BY: Final = ("ratio", "target_rate")
_OF_A_COLUMN: Final = ("sum", "mean", "ratio", "distinct", "attribute", "last", "nearest", "days_until", "target_rate")
_ALWAYS: Final = ("name", "table", "measure")
_DEFAULTS: Final[Mapping[str, Any]] = {
    "column": None,
    "where": {},
    "by": None,
    "at": "event_at",
    "back_days": None,
    "ahead_days": 0.0,
    "known": "cutoff",
}


def _cells(d: Definition, rows: _Rows, newest: _Places) -> _Column:
    """The column's values in the given rows: numbers and flags as floats, anything else as text."""
    column = rows.table[str(d.column)]
    if pd.api.types.is_numeric_dtype(column.dtype):
        held = column.to_numpy(np.float64, na_value=np.nan)
        return _blank(held[newest], newest) if len(held) else _none(rows)
    taken = column.array.take(newest, allow_fill=True)
    return pd.Series(taken, index=rows.customers).astype("str")


def _blank(found: _Floats, newest: _Places) -> _Floats:
    return np.where(newest < 0, np.nan, found)


def _none(rows: _Rows) -> _Floats:
    return np.full(len(rows.customers), np.nan)


def _ratio(numerator: _Floats, denominator: _Floats) -> _Floats:
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0.0)


def _span(days: float) -> np.timedelta64:
    return np.timedelta64(round(days * 86_400), "s")
