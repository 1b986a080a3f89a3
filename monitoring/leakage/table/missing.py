"""Cells that are missing, or filled, because of the outcome: purged profiles, closing dates."""

from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.leakage.table.odds import Mark
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

FEWEST: Final = 20
LEAST_REACH: Final = 0.1
"""Share of the positives that must bear the mark."""

MISSING_LEAK: Final = 8.0
MISSING_SUSPECT: Final = 4.0
"""Times commoner among positives, surely, for missing cells. Honest gaps (no survey, never used) stay below 3."""

FILLED_LEAK: Final = 20.0
FILLED_SUSPECT: Final = 10.0
"""The same for filled cells: a complaint or a notice on file is honest and may be telling."""


def missingness(sheet: Sheet) -> list[Clue]:
    """Columns whose gaps alone give the outcome away."""
    positive = sheet.target > 0
    found = []
    for name in sheet.features.columns:
        gaps = sheet.features[name].isna().to_numpy()
        if gaps.any():
            found += _clues(str(name), _mark(gaps, positive), ("missing", MISSING_SUSPECT, MISSING_LEAK))
            found += _clues(str(name), _mark(~gaps, positive), ("filled", FILLED_SUSPECT, FILLED_LEAK))
    return found


def _mark(marked: npt.NDArray[np.bool_], positive: npt.NDArray[np.bool_]) -> Mark:
    return Mark(
        hits=int((marked & positive).sum()),
        ones=int(positive.sum()),
        false=int((marked & ~positive).sum()),
        zeros=int((~positive).sum()),
    )


def _clues(name: str, mark: Mark, kind: tuple[str, float, float]) -> list[Clue]:
    word, suspect, leak = kind
    ratio = mark.ratio_low()
    if mark.hits < FEWEST or mark.reach < LEAST_REACH or ratio < suspect:
        return []
    sure = ratio >= leak
    return [
        Clue(
            column=name,
            check="missing cells",
            mechanism=Mechanism.MISSINGNESS,
            verdict=ColumnVerdict.LEAK if sure else ColumnVerdict.SUSPECT,
            confidence=0.95 if sure else 0.7,
            says=(
                f"{name} is {word} in {mark.reach:.0%} of the positive rows and {mark.false_share:.1%} of the others, "
                f"at least {ratio:.0f} times as often: as if it were {word} because of the outcome."
            ),
            value=ratio,
            limit=leak if sure else suspect,
        )
    ]
