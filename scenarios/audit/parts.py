"""Which part of a split is trained on: by its word where it has one, else the part seen first."""

import re
from typing import Final

import numpy as np
import pandas as pd

from pipelines.errors import LabError

_TRAIN: Final = frozenset({"train", "training", "fit", "dev", "development", "learn", "learning"})
_JUDGE: Final = frozenset({"test", "testing", "valid", "validation", "val", "holdout", "oot", "oos"})
_YES: Final = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_NO: Final = frozenset({"0", "0.0", "false", "no", "n", "f"})
_WORDS: Final = re.compile(r"[a-z]+|\d+(\.\d+)?")

_PARTS: Final = 2


def training_first(table: pd.DataFrame, split: str) -> tuple[pd.DataFrame, str]:
    """The table with a row of the training part on top, which is how the audit knows that part; and a note.

    At most one row is moved.

    Raises
    ------
    LabError
        Where the column holds one part only, or empty cells.
    """
    parts = table[split].astype("str")
    empty = int(table[split].isna().sum())
    if empty:
        raise LabError(f"The split column '{split}' is empty in {empty:,} rows; each row needs the name of its part.")
    levels = list(dict.fromkeys(parts))
    if len(levels) < _PARTS:
        raise LabError(f"The split column '{split}' holds one part only ({levels[0]}); a split has at least two.")
    part = training_part(split, levels)
    first = int(np.argmax((parts == part).to_numpy()))
    order = np.concatenate([[first], np.delete(np.arange(len(table)), first)])
    note = f"'{split}': the part {part} is taken for the one trained on."
    return (table if first == 0 else table.iloc[order].reset_index(drop=True)), note


def training_part(split: str, levels: list[str]) -> str:
    """The level that names the part trained on; the first where none does.

    >>> training_part("part", ["test", "train"]), training_part("is_test", ["1", "0"]), training_part("k", ["3", "1"])
    ('train', '0', '3')
    """
    by_word = [one for one in levels if _words(one) & _TRAIN]
    if by_word:
        return by_word[0]
    wanted = _YES if _words(split) & _TRAIN else _NO if _words(split) & _JUDGE else frozenset()
    return next((one for one in levels if one.lower() in wanted), levels[0])


def _words(text: str) -> set[str]:
    return {found[0] for found in _WORDS.finditer(text.lower())}
