"""Tidy columns as numbers, once, so that no later fit has to read text again."""

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.leakage.clock import days_of
from monitoring.leakage.learner import MOST_LEVELS


def encode(features: pd.DataFrame) -> pd.DataFrame:
    """Every column as float64: dates as days, text as the rank of its frequency, the rarest levels sharing one.

    Labels are not looked at, so nothing is learned from rows that will be judged.
    """
    return pd.DataFrame({name: _encoded(features[name]) for name in features.columns}, index=features.index)


def _encoded(column: pd.Series) -> pd.Series:
    if types.is_datetime64_any_dtype(column.dtype):
        return pd.Series(days_of(column), index=column.index)
    if types.is_numeric_dtype(column.dtype):
        return column
    codes, levels = pd.factorize(column, sort=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    rank = np.empty(len(levels))
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(levels))
    places = np.minimum(rank, MOST_LEVELS)[codes]
    return pd.Series(np.where(codes < 0, np.nan, places), index=column.index)
