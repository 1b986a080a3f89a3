"""The learner that nobody may change: LightGBM with these settings and this seed, on whatever columns it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats

SETTINGS: Final[Mapping[str, Any]] = {
    "objective": "binary",
    "num_leaves": 7,
    "learning_rate": 0.07,
    "min_child_samples": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "max_bin": 63,
    "seed": 7,
}
ROUNDS: Final = 110

STEADY: Final[Mapping[str, Any]] = {
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
"""One thread gives the same bytes everywhere, and on two busy cores it is also the fastest."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model, the columns it reads, and the words it knows in each column of words."""

    booster: Any
    columns: tuple[str, ...]
    words: Mapping[str, pd.Index]

    def score(self, table: pd.DataFrame) -> Floats:
        """Scores in [0, 1], shape (n,)."""
        return np.asarray(self.booster.predict(_matrix(table, self.columns, self.words), num_threads=1))

    @property
    def gain(self) -> dict[str, float]:
        """Each column's share of the gain."""
        gain = np.asarray(self.booster.feature_importance("gain"), dtype=np.float64)
        shares = gain / gain.sum() if gain.sum() > 0.0 else gain
        return dict(zip(self.columns, shares.tolist(), strict=True))


def fit(
    table: pd.DataFrame, churned: Floats, *, settings: Mapping[str, Any] = SETTINGS, rounds: int = ROUNDS
) -> Fitted:
    """The learner on `table`, shape (n, k), numbers or words, and labels 0 or 1, shape (n,).

    `settings` and `rounds` are for the demonstration alone: graded answers get the fixed ones.
    """
    import lightgbm

    columns = tuple(map(str, table.columns))
    words = {name: _words(table[name]) for name in columns if not pd.api.types.is_numeric_dtype(table[name])}
    data = lightgbm.Dataset(
        _matrix(table, columns, words),
        churned,
        categorical_feature=[columns.index(name) for name in words],
        free_raw_data=False,
    )
    booster = lightgbm.train({**settings, **STEADY}, data, num_boost_round=rounds)
    return Fitted(booster, columns, words)


def _words(values: pd.Series) -> pd.Index:
    known: pd.Index = pd.Index(sorted(values.dropna().astype(str).unique()))
    return known


def _matrix(table: pd.DataFrame, columns: tuple[str, ...], words: Mapping[str, pd.Index]) -> npt.NDArray[np.float64]:
    return np.column_stack([_column(table[name], words.get(name)) for name in columns])


def _column(values: pd.Series, words: pd.Index | None) -> Floats:
    if words is None:
        return np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)
    codes = words.get_indexer(pd.Index(values.astype("object")))
    return np.where(codes < 0, np.nan, codes.astype(np.float64))
