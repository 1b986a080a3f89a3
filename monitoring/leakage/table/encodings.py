"""Columns made from the labels of their own rows: target rates by city, agent or household."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts
from monitoring.leakage.table.luck import Luck, coded, luck_of, settles, useful
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism

SCATTER: Final = 0.5
"""Scatter of group rates over what chance gives (1), below which the labels must have been used."""

SURE: Final = 1e-5
"""Probability that chance alone scatters so little."""

PARTLY: Final = 0.75
PARTLY_SURE: Final = 1e-6
PARTLY_ROWS: Final = 10.0
"""The same for columns made only partly from these labels; their groups must hold ten rows on average."""

LEAST_FIT: Final = 0.4
"""Share of the variance of group rates that the curve explains: equal rates by design are no encoding."""

EXACT: Final = 0.8
"""Share of rows whose value is exactly the mean label of their group."""


def encodings(sheet: Sheet) -> list[Clue]:
    """Numeric columns that follow the luck of the rows sharing a value, or a level of another column.

    Judged on all labelled rows: on a sample, means over all rows would look honest.
    """
    known = np.isfinite(sheet.whole_target)
    target = sheet.whole_target[known]
    levels = _levels(sheet, known)
    found = []
    for name in _candidates(sheet):
        values = sheet.in_whole(name)[known]
        filled = values.notna().to_numpy()
        if not filled.any():
            continue
        own = coded(values[filled])
        within = (coded(pd.Series(one[filled])) for one in levels)
        groupings = [own, *(codes for codes in within if settles(codes, own))]
        lucks = [luck_of(values.to_numpy()[filled], target[filled], codes) for codes in groupings if useful(codes)]
        guilty = [luck for luck in lucks if luck is not None and follows_luck(luck)]
        if guilty:
            found.append(_clue(name, min(guilty, key=lambda luck: luck.p_value)))
    return found


def follows_luck(luck: Luck) -> bool:
    """Whether the column was made from the labels of its groups."""
    close = luck.scatter <= SCATTER and luck.p_value <= SURE
    partly = luck.scatter <= PARTLY and luck.p_value <= PARTLY_SURE and luck.rows >= PARTLY_ROWS
    return (luck.fit >= LEAST_FIT and (close or partly)) or luck.exact >= EXACT


def _candidates(sheet: Sheet) -> list[str]:
    """Numeric features with several values."""
    features = sheet.features
    numeric = [str(name) for name in features.columns if types.is_numeric_dtype(features[name].dtype)]
    return [name for name in numeric if features[name].nunique() >= 12]  # noqa: PLR2004


def _levels(sheet: Sheet, known: npt.NDArray[np.bool_]) -> list[Counts]:
    """Codes of the columns a rate may have been taken over: text and whole numbers with repeated values."""
    found = []
    for name in [*sheet.features.columns, *sheet.identifiers.columns]:
        column = sheet.features[name] if name in sheet.features.columns else sheet.identifiers[name]
        if _repeats(column):
            found.append(coded(sheet.in_whole(str(name))[known]))
    return [codes for codes in found if useful(codes)]


def _repeats(column: pd.Series) -> bool:
    distinct = column.nunique()
    if distinct < 12 or distinct > len(column) / 2:  # noqa: PLR2004
        return False
    if types.is_numeric_dtype(column.dtype):
        values = column.dropna().to_numpy(dtype=np.float64)
        return bool((values == np.floor(values)).all())
    return not types.is_datetime64_any_dtype(column.dtype)


def _clue(name: str, luck: Luck) -> Clue:
    how = (
        f"is exactly the mean label of the rows that share it in {luck.exact:.0%} of the rows"
        if luck.exact >= EXACT
        else f"lies closer to the target rate of its {luck.groups:,} groups than dice allow: {luck.scatter:.2f} of the "
        f"scatter that even a perfect forecast leaves (p = {luck.p_value:.0e})"
    )
    return Clue(
        column=name,
        check="follows the luck of its groups",
        mechanism=Mechanism.TARGET_ENCODING,
        verdict=ColumnVerdict.LEAK,
        confidence=0.97,
        says=f"{name} {how}. It was made from the labels of these very rows.",
        value=luck.exact if luck.exact >= EXACT else luck.scatter,
        limit=EXACT if luck.exact >= EXACT else PARTLY,
    )
