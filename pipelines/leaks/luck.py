"""Luck as a function of a key: the same customer or row draws the same number, whatever else is in the table."""

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Luck: TypeAlias = Callable[[pd.Series | pd.Index], npt.NDArray[np.float64]]
"""Whole-number keys, shape (n,), to uniform draws in [0, 1)."""

_STREAM: Final = 0x1EAC
"""Keeps these draws apart from all others made with the same seed."""

_TO_UNIT: Final = 2.0**-53
_MONTHS: Final = 4096
"""Room for the month in a row's key; a month's number since 1970 stays below it until the year 2311."""


def luck(seed: int) -> Luck:
    """Draws keyed by `seed` (0 to 2**63 - 1) and the key alone."""
    salt = np.uint64(np.random.Philox(counter=[0, 0, 0, 0], key=[seed, _STREAM]).random_raw())

    def draw(keys: pd.Series | pd.Index) -> npt.NDArray[np.float64]:
        mixed = pd.util.hash_array(keys.to_numpy(np.int64).view(np.uint64) + salt)
        return np.asarray((mixed >> np.uint64(11)) * _TO_UNIT)

    return draw


def row_keys(table: pd.DataFrame) -> pd.Series:
    """One key for each customer and month, from the columns `customer_id` and `cutoff`, shape (n,)."""
    month = table["cutoff"].to_numpy("datetime64[M]").astype(np.int64)
    return pd.Series(table["customer_id"].to_numpy(np.int64) * _MONTHS + month, index=table.index)
