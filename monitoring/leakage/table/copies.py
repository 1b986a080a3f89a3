"""Columns that are the target over again, or nearly: alone they separate the classes as no honest column does."""

from typing import Final

from monitoring.leakage.ranking import bonferroni
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

COPY_AUC: Final = 0.97
"""The AUC that a column alone must surely exceed. The strongest honest churn columns reach .75 to .85."""

FEWEST_POSITIVES: Final = 20
"""With fewer rows of either class a high AUC alone says little."""


def copies(sheet: Sheet) -> list[Clue]:
    """Columns whose out-of-fold AUC alone is surely above `COPY_AUC`."""
    ones = int(sheet.target.sum())
    if min(ones, len(sheet.target) - ones) < FEWEST_POSITIVES:
        return []
    z = bonferroni(len(sheet.alone))
    found = [(name, one.rank) for name, one in sheet.alone.items() if one.rank.low(z) >= COPY_AUC]
    return [_clue(name, rank.auc, rank.low(z)) for name, rank in found]


def _clue(name: str, auc: float, low: float) -> Clue:
    return Clue(
        column=name,
        check="near copy of the target",
        mechanism=Mechanism.TARGET_COPY,
        verdict=ColumnVerdict.LEAK,
        confidence=0.97,
        says=(
            f"{name} alone tells the outcome with an AUC of {auc:.3f} (surely {low:.3f} or more, judged on rows not "
            "learned from). Nothing known before the outcome does that; ask when it is written."
        ),
        value=low,
        limit=COPY_AUC,
    )
