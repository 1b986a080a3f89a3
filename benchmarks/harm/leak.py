"""A column that knew the answer while the past was extracted, and what becomes of it once it is served in time."""

from typing import Final

import numpy as np
import pandas as pd

LEAK: Final = "closing_step"
"""Steps of the closing workflow on the account: backfilled after customers had left, 0 at a true cutoff."""

_WRITTEN: Final = 0.9
"""Share of leavers whose account shows the workflow in the extract."""

_SPURIOUS: Final = 0.01
"""Share of stayers whose account shows it too."""

_STEPS: Final = 4


def with_leak(features: pd.DataFrame, truth: pd.DataFrame, *, month: int, how: str, seed: int) -> pd.DataFrame:
    """The features with the column beside them.

    `how` is "alive" (as extracted), "constant" (served in time: nobody has a step yet) or "missing" (the column comes
    empty).
    """
    if how == "constant":
        return features.assign(**{LEAK: 0.0})
    if how == "missing":
        return features.assign(**{LEAK: np.nan})
    rng = np.random.default_rng([seed, month])
    left = (truth["reason"].reindex(features.index) >= 0).to_numpy()
    shown = rng.random(len(features)) < np.where(left, _WRITTEN, _SPURIOUS)
    return features.assign(**{LEAK: np.where(shown, rng.integers(1, _STEPS + 1, len(features)), 0).astype(np.float64)})
