"""What a person may have forgotten to say: columns that look like a time or an id. Nothing is guessed silently."""

import re
from typing import Final

import pandas as pd
from pandas.api import types

from monitoring.leakage.vocabulary import Question
from pipelines.user_tables.nearest import listed

_ID: Final = re.compile(r"(^|[ _.-])(id|uuid|guid)$|[a-z](Id|ID)$|^id[ _.-]", re.ASCII)
_OWNER: Final = re.compile(
    r"^(customer|client|user|account|subscriber|member|household)([ _.-]?(number|no|nr|key))?$", re.IGNORECASE
)
_TIME: Final = re.compile(r"(^|[ _.-])(date|month|year|period|week|snapshot|cutoff|timestamp)([ _.-]|$)", re.IGNORECASE)

_FEW: Final = 0.02
"""A column with fewer distinct values than this share of the rows names groups, not entities."""


def hints_of(question: Question) -> tuple[str, ...]:
    """Sentences on options that were not given although a column looks made for them."""
    features = [(name, question.table[name]) for name in question.features]
    times = [name for name, column in features if _looks_like_time(name, column)] if question.time is None else []
    ids = [name for name, column in features if _looks_like_id(name, column)] if question.entity is None else []
    said = []
    if times:
        said.append(
            f"No --time was given, but {_looks(times)} like a time. If one holds the moment each row was known at, "
            f"say --time {_quoted(times[0])}: then later rows can be predicted from earlier ones."
        )
    if ids:
        said.append(
            f"No --id was given, but {_looks(ids)} like an id. Say --id {_quoted(ids[0])} to keep each customer on one "
            "side of a split, and the id out of the features."
        )
    return tuple(said)


def _looks(names: list[str]) -> str:
    quoted = listed((f"'{one}'" for one in names), most=3)
    return f"{quoted} {'looks' if len(names) == 1 else 'look'}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _looks_like_time(name: str, column: pd.Series) -> bool:
    if types.is_datetime64_any_dtype(column.dtype):
        return True
    if not _TIME.search(name):
        return False
    cells = column.dropna().head(100).astype("str")
    return bool(len(cells) and cells.str.fullmatch(r"(19|20)\d\d([-./]?\d\d)?(\.0)?").all())


def _looks_like_id(name: str, column: pd.Series) -> bool:
    if types.is_float_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return False
    named = bool(_ID.search(name) or _OWNER.match(name))
    return named and bool(column.nunique() >= _FEW * len(column))
