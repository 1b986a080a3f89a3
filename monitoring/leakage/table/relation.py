"""Columns that told the outcome of old rows but not of new ones: filled in or overwritten as rows grow older."""

from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats
from monitoring.leakage.ranking import Ranked, ranked
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

FEWEST_PERIODS: Final = 4
NEWEST: Final = 0.25
"""Share of the periods, the newest, held against the older ones."""

FALL: Final = 0.12
"""AUC by which a column alone must fall, beyond what the typical column does."""

SURE: Final = 5.0
FEWEST_ONES: Final = 50


def relation(sheet: Sheet) -> list[Clue]:
    """Columns whose AUC alone falls sharply in the newest periods."""
    if sheet.clock is None or len(sheet.clock.names) < FEWEST_PERIODS:
        return []
    newest = max(1, round(NEWEST * len(sheet.clock.names)))
    late = sheet.clock.period >= len(sheet.clock.names) - newest
    early = (sheet.clock.period >= 0) & ~late
    if min(sheet.target[late].sum(), sheet.target[early].sum()) < FEWEST_ONES:
        return []
    pairs = {name: (_part(sheet, name, early), _part(sheet, name, late)) for name in sheet.alone}
    usual = float(np.median([before.auc - after.auc for before, after in pairs.values()]))
    return [clue for name, pair in pairs.items() for clue in _clue(name, pair, usual)]


def _part(sheet: Sheet, name: str, rows: npt.NDArray[np.bool_]) -> Ranked:
    score: Floats = sheet.alone[name].score[rows]
    return ranked(sheet.target[rows], score, None if sheet.entity is None else sheet.entity[rows])


def _clue(name: str, pair: tuple[Ranked, Ranked], usual: float) -> list[Clue]:
    before, after = pair
    fall = before.auc - after.auc - max(usual, 0.0)
    error = float(np.hypot(before.error, after.error))
    if not np.isfinite(error) or fall < FALL or fall < SURE * error:
        return []
    return [
        Clue(
            column=name,
            check="tells old outcomes better than new ones",
            mechanism=Mechanism.OVERWRITTEN,
            verdict=ColumnVerdict.SUSPECT,
            confidence=0.5,
            says=(
                f"{name} alone ranked older rows with an AUC of {before.auc:.2f} and the newest with {after.auc:.2f}. "
                "Either the world changed, or old rows were filled in after their outcome."
            ),
            value=fall,
            limit=FALL,
        )
    ]
