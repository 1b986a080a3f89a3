"""The column to predict, however its two outcomes are written, as 1 and 0."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Floats
from pipelines.errors import LabError
from pipelines.user_tables.nearest import listed

AFFIRMATIVE: Final = frozenset(
    (
        *("1", "yes", "y", "true", "t", "positive", "pos", "churn", "churned", "churner", "leave", "leaver"),
        *("left", "lost", "gone", "cancel", "cancelled", "canceled", "closed", "quit", "exited", "attrited"),
        *("attrition", "default", "defaulted", "fraud", "bad", "event", "ja", "oui", "si", "sim"),
    )
)
NEGATIVE: Final = frozenset(
    (
        *("0", "no", "n", "false", "f", "negative", "neg", "not", "non", "never", "stay", "stays", "stayed"),
        *("stayer", "retained", "kept", "active", "existing", "current", "loyal", "good", "none", "nein", "nao"),
    )
)
"""Words that make a level the outcome, or its absence. A negative word decides first ("not churned")."""

_WORDS: Final = re.compile(r"[^\W_]+")

_OUTCOMES: Final = 2

ALLOWED: Final = (
    "Allowed are two levels, such as 0 and 1, yes and no, true and false, Churned and Stayed, or 1 and 2; "
    "empty cells count as outcomes not yet known"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Outcomes: `cells` is 1, 0, or NaN where unknown, one a row; `levels` became 1 and 0."""

    cells: Floats
    levels: tuple[str, str]
    note: str


def read_target(column: pd.Series) -> Target:
    """The column as 1 and 0, NaN where it is empty.

    The outcome (1) is: the larger of two numbers where one is 0 or negative; of two words the affirmative one, or the
    one that is not a negation; else the rarer.

    Raises
    ------
    LabError
        Where the column does not hold two levels; the message lists those it holds.
    """
    text = _as_text(column)
    levels = text.value_counts()
    if len(levels) != _OUTCOMES:
        raise LabError(_refusal(str(column.name), levels))
    positive, why = _positive(levels)
    other = next(str(one) for one in levels.index if one != positive)
    unknown = int(text.isna().sum())
    known = f"; {unknown:,} empty cells count as unknown" if unknown else ""
    note = f"'{column.name}': {positive} is the outcome (1), {other} is not (0), {why}{known}."
    plain = (positive, other) == ("1", "0") and not unknown
    return Target(cells=_coded(text, (positive, other)), levels=(positive, other), note="" if plain else note)


def read_again(column: pd.Series, levels: tuple[str, str]) -> Floats:
    """The same target in another table, by the levels found in the first; other words count as unknown."""
    return _coded(_as_text(column).str.casefold(), (levels[0].casefold(), levels[1].casefold()))


def _coded(text: pd.Series, levels: tuple[str, str]) -> Floats:
    codes = text.map({levels[0]: 1.0, levels[1]: 0.0})
    return np.asarray(codes.to_numpy(dtype=np.float64, na_value=np.nan))


def _as_text(column: pd.Series) -> pd.Series:
    """The levels as trimmed text; 1.0 and 1 are the same, and so are "Yes" and "yes" (the commoner spelling stands)."""
    if types.is_bool_dtype(column.dtype) or types.is_numeric_dtype(column.dtype):
        numbers = column.astype("float64")
        return numbers.map(lambda one: f"{one:g}", na_action="ignore").astype("str")
    text = column.astype("str").str.strip()
    text = text.where(column.notna() & (text != ""))
    commonest = text.groupby(text.str.casefold()).agg(lambda some: some.value_counts().index[0])
    return text.str.casefold().map(commonest).astype("str").where(text.notna())


def _positive(levels: pd.Series) -> tuple[str, str]:
    """The level that is the outcome, and why."""
    names = [str(one) for one in levels.index]
    numbers = pd.to_numeric(pd.Series(names), errors="coerce")
    if numbers.notna().all() and numbers.min() <= 0.0:
        return names[int(numbers.argmax())], "as the larger number"
    if numbers.notna().all():
        return _rarer(names, levels)
    denied = [one for one in names if _says(one, NEGATIVE)]
    affirmed = [one for one in names if _says(one, AFFIRMATIVE) and one not in denied]
    if len(affirmed) == 1:
        return affirmed[0], "by its meaning"
    if len(denied) == 1:
        return next(one for one in names if one not in denied), "by its meaning"
    return _rarer(names, levels)


def _rarer(names: list[str], levels: pd.Series) -> tuple[str, str]:
    return min(names, key=lambda one: (int(levels[one]), one)), "as the rarer level (check that)"


def _says(level: str, words: frozenset[str]) -> bool:
    return bool(words & set(_WORDS.findall(level.casefold())))


def _refusal(name: str, levels: pd.Series) -> str:
    if levels.empty:
        return f"The target '{name}' holds nothing: every cell is empty. {ALLOWED}."
    counts = listed([f"{level} ({count:,})" for level, count in levels.items()])
    word = "one level" if len(levels) == 1 else f"{len(levels):,} levels"
    return f"The target '{name}' holds {word}: {counts}. {ALLOWED}."
