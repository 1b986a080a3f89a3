"""One fixed learner for any table: LightGBM on columns as they come, the same bytes on every machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Floats, as_numbers, as_times

MOST_LEVELS: Final = 40
"""Levels of a text column that get a code, the commonest first; the rest share one."""

_FEW_DISTINCT: Final = 0.5
"""A text column is read as numbers when at least this share of its filled cells are numbers."""

_DAY_NS: Final = 86_400_000_000_000

SETTINGS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "objective": "binary",
        "num_leaves": 15,
        "learning_rate": 0.1,
        "min_child_samples": 50,
        "lambda_l2": 5.0,
        "feature_fraction": 0.7,
        "max_bin": 63,
        # One thread gives the same bytes everywhere, and on a busy machine it is also the fastest.
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
)
"""Small trees, shrunk: good on a few thousand rows, and quick."""

ROUNDS: Final = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """A trained learner. `gain` is the share of split gain by column."""

    encoding: Mapping[str, Mapping[str, int] | None]
    booster: Any
    gain: Mapping[str, float]

    def score(self, table: pd.DataFrame) -> Floats:
        """Scores in (0, 1), shape (n,), for a table that has the columns trained on."""
        return np.asarray(self.booster.predict(_matrix(table, self.encoding), num_threads=1))


def fit(
    table: pd.DataFrame,
    target: Floats,
    *,
    seed: int,
    rounds: int = ROUNDS,
    weights: Floats | None = None,
    settings: Mapping[str, Any] = SETTINGS,
) -> Fitted:
    """Train on every column of `table`, shape (n, k), for labels 0 or 1, shape (n,)."""
    import lightgbm

    encoding = {str(name): _levels(table[name]) for name in table.columns}
    names = [f"c{place}" for place in range(len(encoding))]
    data = lightgbm.Dataset(_matrix(table, encoding), target, weight=weights, feature_name=names)
    booster = lightgbm.train({**settings, "seed": seed}, data, num_boost_round=rounds)
    gain = booster.feature_importance("gain")
    shares = gain / gain.sum() if gain.sum() > 0.0 else gain
    return Fitted(
        encoding=encoding,
        booster=booster,
        gain={name: float(share) for name, share in zip(encoding, shares, strict=True)},
    )


def _levels(column: pd.Series) -> Mapping[str, int] | None:
    """Codes of a text column's levels by falling frequency; None for a column that is read as numbers."""
    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return None
    counts = column[column.notna()].astype("str").value_counts()
    # Whether a level is a number is asked once, not for every row that has it.
    numbers = pd.to_numeric(pd.Series(counts.index), errors="coerce").notna().to_numpy()
    if len(counts) and counts[numbers].sum() >= _FEW_DISTINCT * counts.sum():
        return None
    ordered = sorted(counts.index, key=lambda level: (-int(counts[level]), level))
    return {level: code for code, level in enumerate(ordered[:MOST_LEVELS])}


def _matrix(table: pd.DataFrame, encoding: Mapping[str, Mapping[str, int] | None]) -> Floats:
    return np.column_stack([_cells(table[name], levels) for name, levels in encoding.items()])


def _cells(column: pd.Series, levels: Mapping[str, int] | None) -> Floats:
    if levels is not None:
        # A level is looked up once, not for every row that has it.
        places, found = pd.factorize(column.astype("str"))
        codes = np.array([*(levels.get(level, len(levels)) for level in found), np.nan])
        return np.where(column.isna().to_numpy(), np.nan, codes[places])
    if types.is_datetime64_any_dtype(column.dtype):
        at = as_times(column)
        days = at.to_numpy("datetime64[ns]").astype(np.int64) / _DAY_NS
        return np.where(at.isna().to_numpy(), np.nan, days)
    return as_numbers(column).cells
