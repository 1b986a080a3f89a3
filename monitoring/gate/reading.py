"""A delivered table whose columns are read once, however many checks look at them."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from monitoring.columns import Counts, Floats, Kind, Numbers, as_numbers, as_times


class ReadColumn:
    """One column of a delivery; each way of reading it is tried when it is first asked for."""

    def __init__(self, cells: pd.Series) -> None:
        self.cells = cells

    @cached_property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Which cells are empty, shape (n,)."""
        if isinstance(self.cells.dtype, np.dtype) and self.cells.dtype.kind in "biu":
            return np.zeros(len(self.cells), dtype=np.bool_)
        return self.cells.isna().to_numpy()

    @property
    def empty_share(self) -> float:
        """The share of empty cells, 0 where there are no rows."""
        return float(self.empty.mean()) if len(self.empty) else 0.0

    @cached_property
    def numbers(self) -> Numbers:
        """The cells as numbers."""
        return as_numbers(self.cells)

    @cached_property
    def ordered(self) -> Floats:
        """The usable numbers in rising order."""
        return self.numbers.cells[self._rising]

    @cached_property
    def sizes(self) -> Floats:
        """The absolute values other than zero, in rising order."""
        return np.asarray(np.abs(self.numbers.cells[self.by_size]), dtype=np.float64)

    @cached_property
    def by_size(self) -> Counts:
        """The rows of the numbers other than zero, the smallest absolute value first."""
        rows: Counts = self._rising[self.ordered != 0.0]
        if not len(rows) or self.ordered[0] >= 0.0:
            return rows
        return rows[np.argsort(np.abs(self.numbers.cells[rows]))]

    @cached_property
    def level(self) -> float | None:
        """The median of the absolute values other than zero, None where there are none.

        A change of unit multiplies it by the same factor; a change in the share of zeros does not move it.
        """
        return float(np.median(self.sizes)) if len(self.sizes) else None

    @cached_property
    def quarters(self) -> tuple[float, float] | None:
        """The quartiles beside the level: a change of unit moves them by the same factor, a mixture does not."""
        if not len(self.sizes):
            return None
        low, high = np.quantile(self.sizes, (0.25, 0.75))
        return float(low), float(high)

    @cached_property
    def times(self) -> pd.Series:
        """The cells as times without zone."""
        return as_times(self.cells)

    @cached_property
    def slices(self) -> tuple[Counts, list[str]]:
        """The slice of every row as a code, and the slices' labels in order; empty cells are the slice ""."""
        codes, found = _factorized(self.cells)
        labels, places = np.unique(np.array([*map(str, found), ""]), return_inverse=True)
        return places.astype(np.min_scalar_type(len(labels)))[codes], [str(label) for label in labels]

    def holds(self, kind: Kind) -> bool:
        """Return whether the cells can be used as the kind that was promised."""
        if kind in (Kind.CATEGORY, Kind.IDENTIFIER):
            return True
        dated = is_datetime64_any_dtype(self.cells.dtype)
        if kind is not Kind.TIME:
            return self.numbers.text == 0 and not dated
        if dated or is_numeric_dtype(self.cells.dtype):
            return dated
        filled = ~self.empty
        return not filled.any() or bool(self.times[filled].notna().all())

    @cached_property
    def _rising(self) -> Counts:
        """The rows of the usable numbers, the lowest first."""
        cells = self.numbers.cells
        return np.argsort(cells)[: len(cells) - int(np.isnan(cells).sum())]


class ReadTable:
    """A delivery with names as text, the first column of each name, and rows numbered from 0."""

    def __init__(self, table: pd.DataFrame) -> None:
        plain = named(table)
        self.frame = plain.loc[:, ~plain.columns.duplicated()] if plain.columns.has_duplicates else plain
        self._read: dict[str, ReadColumn] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def __contains__(self, name: str) -> bool:
        return name in self.frame.columns

    def __getitem__(self, name: str) -> ReadColumn:
        if name not in self._read:
            self._read[name] = ReadColumn(self.frame[name])
        return self._read[name]

    def forget(self, name: str) -> None:
        """Give back the memory of a column that nobody will look at for a while."""
        self._read.pop(name, None)


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Return the delivery with names as text and rows numbered from 0."""
    return table.set_axis([str(name) for name in table.columns], axis="columns").reset_index(drop=True)


def _factorized(cells: pd.Series) -> tuple[Counts, list[object]]:
    """Return each row's place among the values found, -1 where the cell is empty, and these values."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return np.asarray(cells.cat.codes, dtype=np.int64), list(cells.cat.categories)
    codes, found = pd.factorize(cells)
    return np.asarray(codes, dtype=np.int64), list(found)
