"""Can a model tell two sets of rows apart, and by which columns: a description, not an accusation."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts
from monitoring.leakage import learner
from monitoring.leakage.ranking import Ranked, ranked
from monitoring.leakage.table.sheet import Sheet, crossfitted, folds_of

COMPARED: Final = 6_000
"""Rows looked at."""

WAYS: Final = 3
TELLING: Final = 0.1
"""Share of the split gain from which a column is named."""

MOST_NAMED: Final = 4

FEWEST: Final = 50
"""Rows either set must have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """How well the second set is told from the first (.5 not at all), and the columns that do it, best first."""

    rank: Ranked
    columns: tuple[str, ...]


def tell_apart(sheet: Sheet, second: npt.NDArray[np.bool_], *, seed: int) -> Apart | None:
    """Judge by cross-fitting, whole entities where known; None where a set is too small."""
    rows = _drawn(second, seed)
    label = second[rows].astype(np.float64)
    if min(label.sum(), len(label) - label.sum()) < FEWEST or not sheet.features.shape[1]:
        return None
    entity = None if sheet.entity is None else np.unique(sheet.entity[rows], return_inverse=True)[1]
    table = sheet.encoded.iloc[rows]
    scores = crossfitted(table, label, folds_of(label, entity, seed=seed, ways=WAYS), seed=seed)
    gain = learner.fit(table, label, seed=seed).gain
    named = sorted((name for name in gain if gain[name] >= TELLING), key=lambda name: -gain[name])
    return Apart(rank=ranked(label, scores, entity), columns=tuple(named[:MOST_NAMED]))


def _drawn(second: npt.NDArray[np.bool_], seed: int) -> Counts:
    count = len(second)
    if count <= COMPARED:
        return np.arange(count)
    return np.sort(np.random.default_rng([seed, 31]).choice(count, COMPARED, replace=False))
