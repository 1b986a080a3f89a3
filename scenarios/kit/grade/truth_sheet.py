"""The truth of any scenario on paper: facts and small tables, made from the values that the truth itself holds."""

from dataclasses import dataclass
from typing import Final

from scenarios.kit.plain import Plain, plain

_UNSAID: Final = frozenset({"seed", "known", "features", "version"})
"""What helps nobody who reads: seeds, and the vocabulary of the brief."""

_LONGEST: Final = 300
"""Characters of one cell."""

_MOST_ROWS: Final = 60

_NARROW: Final = 4
"""Columns of a table that fits on half a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TruthTable:
    """Things of one kind: the first column names them."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TruthSheet:
    """Facts by name, and tables."""

    facts: tuple[tuple[str, str], ...]
    tables: tuple[TruthTable, ...]

    @property
    def small(self) -> tuple[TruthTable, ...]:
        """Tables that fit beside an answer."""
        return tuple(one for one in self.tables if len(one.head) <= _NARROW)

    @property
    def large(self) -> tuple[TruthTable, ...]:
        """Tables that need the whole width."""
        return tuple(one for one in self.tables if len(one.head) > _NARROW)


def truth_sheet(truth: object) -> TruthSheet:
    """What a truth holds, without its data frames, arrays and seeds."""
    whole = plain(truth)
    named = whole.items() if isinstance(whole, dict) else [("truth", whole)]
    facts: list[tuple[str, str]] = []
    tables: list[TruthTable] = []
    for name, value in named:
        if name in _UNSAID:
            continue
        table = _table(name, value)
        if table is not None:
            tables.append(table)
        elif text := _text(value):
            facts.append((_words(name), text))
    return TruthSheet(facts=tuple(facts), tables=tuple(tables))


def _table(name: str, value: Plain) -> TruthTable | None:
    """A list or a mapping of things with fields, or a mapping of names to values; None for anything else."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        rows = [one for one in value if isinstance(one, dict)]
        # Things that hold nothing but frames and arrays have no field that could be shown.
        return _fielded(name, rows, ()) if any(rows) else None
    if isinstance(value, dict) and value:
        inner = [one for one in value.values() if isinstance(one, dict)]
        if len(inner) == len(value):
            return _fielded(name, inner, tuple(value))
        pairs = tuple((_words(key), _text(one)) for key, one in value.items())
        return TruthTable(name=_words(name), head=("", "Value"), rows=pairs[:_MOST_ROWS])
    return None


def _fielded(name: str, rows: list[dict[str, Plain]], keys: tuple[str, ...]) -> TruthTable:
    fields = [field for field in dict.fromkeys(field for row in rows for field in row) if field not in _UNSAID]
    head = (*(("",) if keys else ()), *(_words(field) for field in fields))
    told = [tuple(_text(row.get(field)) for field in fields) for row in rows]
    if keys:
        told = [(key, *row) for key, row in zip(keys, told, strict=True)]
    return TruthTable(name=_words(name), head=head, rows=tuple(told[:_MOST_ROWS]))


def _text(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004 - beyond it, exponents
    if isinstance(value, list):
        return _cut(", ".join(_text(one) for one in value))
    if isinstance(value, dict):
        return _cut("; ".join(f"{_words(key)} {_text(one)}" for key, one in value.items()))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip(" ,;") + "…"


def _words(name: str) -> str:
    return name.replace("_", " ")
