"""Columns that look like the score of a model: shares that rise with the outcome and know as much as all the rest."""

from typing import Final

import numpy as np
from pandas.api import types

from monitoring.columns import Floats
from monitoring.leakage.ranking import ranked
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

FEWEST_VALUES: Final = 50
"""Different values; a share with fewer is a category."""

BINS: Final = 10
STEADY: Final = 0.9
"""Rank correlation of bin means and target rates from which a column counts as rising with the outcome."""

SPREAD: Final = (0.3, 3.0)
"""Mean of the column over the target rate: a probability is of the rate's own size."""

NEAR: Final = 0.02
"""AUC by which the column may fall short of the learner on all other columns."""

_CLOSE: Final = 0.08
"""AUC below the learner's, with the column, from which it need not be asked."""


def stored_scores(sheet: Sheet) -> list[Clue]:
    """Columns that may be a model's score; whether it was made before the outcome, the table cannot say."""
    target = sheet.target[sheet.learned]
    every = ranked(target, sheet.everything[sheet.learned]).auc
    found = []
    for name in sheet.features.columns:
        alone = ranked(target, sheet.alone[name].score[sheet.learned]).auc
        if alone >= every - _CLOSE and _like_a_score(sheet, name):
            found += _clue(sheet, str(name), alone)
    return found


def _like_a_score(sheet: Sheet, name: str) -> bool:
    column = sheet.features[name]
    if not types.is_numeric_dtype(column.dtype) or column.nunique() < FEWEST_VALUES:
        return False
    values = column.to_numpy(dtype=np.float64)
    known = np.isfinite(values)
    low, high = float(values[known].min()), float(values[known].max())
    scale = 1.0 if high <= 1.0 else 100.0
    if low < 0.0 or high > scale or high < 0.2 * scale:
        return False
    return _promises(values[known] / scale, sheet.target[known])


def _promises(share: Floats, target: Floats) -> bool:
    """Whether a share rises with the target rate and is of its size."""
    from scipy.stats import spearmanr

    parts = np.array_split(np.argsort(share, kind="stable"), BINS)
    means = np.array([share[part].mean() for part in parts])
    rates = np.array([target[part].mean() for part in parts])
    if np.ptp(means) == 0.0 or np.ptp(rates) == 0.0:
        return False
    size = float(share.mean() / target.mean())
    return bool(spearmanr(means, rates).statistic >= STEADY and SPREAD[0] <= size <= SPREAD[1])


def _clue(sheet: Sheet, name: str, alone: float) -> list[Clue]:
    others = [str(other) for other in sheet.features.columns if other != name]
    rest = ranked(sheet.target[sheet.learned], sheet.out_of_fold(others)).auc if others else 0.5
    if alone < rest - NEAR:
        return []
    return [
        Clue(
            column=name,
            check="like a model's score",
            mechanism=Mechanism.STORED_SCORE,
            verdict=ColumnVerdict.SUSPECT,
            confidence=0.6,
            says=(
                f"{name} reads like a model's score: a share that rises steadily with the outcome, and alone it ranks "
                f"as well (AUC {alone:.3f}) as a learner on all other columns ({rest:.3f}). Ask when it was made; if "
                "after the outcome, or by a model trained on these rows, it leaks."
            ),
            value=alone,
            limit=rest - NEAR,
        )
    ]
