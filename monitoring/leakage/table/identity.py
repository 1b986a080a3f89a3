"""Identifiers and row order that rank by the outcome, beyond what time and the honest columns explain."""

from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types
from scipy.stats import rankdata

from monitoring.columns import Counts, Floats
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

STRATA: Final = 10
"""Groups of like predicted risk within which ids and row numbers are compared."""

SURE: Final = 4.0
"""Standard errors by which the AUC must pass a limit."""

LEAK_AUC: Final = 0.65
SUSPECT_AUC: Final = 0.6
"""AUC of an id, or 1 minus it, among rows of like risk and time. Ids that merely count customers in stay within .5
+- .05 once tenure is a column, .1 if it is not."""

_EVEN: Final = 0.5


def identity(sheet: Sheet) -> list[Clue]:
    """Identifier columns whose order tells the outcome among rows of like risk and time."""
    strata = _strata(sheet)
    found = []
    for name in sheet.identifiers.columns:
        values = order_of(sheet.identifiers[name])
        if np.isfinite(values).mean() > _EVEN:
            found += _clue(str(name), stratified_auc(sheet.target, values, strata))
    return found


def row_order(sheet: Sheet) -> str | None:
    """A sentence where the order of the rows tells the outcome and neither time nor the columns explain it."""
    auc, error = stratified_auc(sheet.target, sheet.position.astype(np.float64), _strata(sheet))
    away = abs(auc - _EVEN)
    if not np.isfinite(error) or away - SURE * error < SUSPECT_AUC - _EVEN:
        return None
    where = "towards the end" if auc > _EVEN else "towards the start"
    return (
        f"The order of the rows tells the outcome: among rows of like time and risk, positives stand {where} (AUC of "
        f"the row number {max(auc, 1.0 - auc):.2f}, {away / error:.0f} standard errors from one half). The table was "
        "sorted by outcome or appended; never split by position, and drop any column that follows the row number."
    )


def order_of(column: pd.Series) -> Floats:
    """The number in an identifier, NaN where there is none."""
    if types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64)
    digits = column.str.extract(r"(\d{1,15})\D*$", expand=False)
    return np.asarray(pd.to_numeric(digits, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))


def _strata(sheet: Sheet) -> Counts:
    ranks = rankdata(sheet.everything, method="ordinal") - 1
    risk = np.asarray(ranks * STRATA // len(ranks), dtype=np.int64)
    if sheet.clock is None:
        return risk
    return np.asarray((sheet.clock.period + 1) * STRATA + risk, dtype=np.int64)


def stratified_auc(target: Floats, values: Floats, strata: Counts) -> tuple[float, float]:
    """The AUC within strata and its standard error if the values told nothing (van Elteren 1960, equal weights)."""
    won = pairs = spread = 0.0
    for stratum in np.unique(strata):
        inside = (strata == stratum) & np.isfinite(values)
        positive = target[inside] > 0
        ones, zeros = int(positive.sum()), int((~positive).sum())
        if ones and zeros:
            ranks = rankdata(values[inside])
            won += float(ranks[positive].sum()) - ones * (ones + 1) / 2.0
            pairs += ones * zeros
            spread += ones * zeros * (ones + zeros + 1) / 12.0
    return (won / pairs, float(np.sqrt(spread)) / pairs) if pairs else (float("nan"), float("nan"))


def _clue(name: str, found: tuple[float, float]) -> list[Clue]:
    auc, error = found
    low = abs(auc - _EVEN) - SURE * error + _EVEN
    if not np.isfinite(low) or low < SUSPECT_AUC:
        return []
    sure = low >= LEAK_AUC
    return [
        Clue(
            column=name,
            check="identifier order",
            mechanism=Mechanism.IDENTIFIER,
            verdict=ColumnVerdict.LEAK if sure else ColumnVerdict.SUSPECT,
            confidence=0.93 if sure else 0.7,
            says=(
                f"{name} is an identifier, yet its order tells the outcome: AUC {max(auc, 1.0 - auc):.2f} among rows "
                f"of like time and risk, where .50 +- {2.0 * error:.2f} is expected. It was issued or sorted after the "
                "outcome."
            ),
            value=max(auc, 1.0 - auc),
            limit=LEAK_AUC if sure else SUSPECT_AUC,
        )
    ]
