"""A truth of any scenario as plain values: what it names and what it measures, without its tables."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from pydantic import BaseModel

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"


class _Table:
    """Stands for what is too large to be shown: a table, an array."""


_TABLE = _Table()


def plain(value: object) -> Plain:
    """A value as lists, dicts and scalars; tables and arrays are left out of whatever holds them."""
    found = _plain(value)
    return None if isinstance(found, _Table) else found


def leaves(value: Plain) -> Iterator[Scalar]:
    """Every scalar in a plain value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def _plain(value: object) -> "Plain | _Table":
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, AbstractSet):
        return _listed(sorted(value, key=str))
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return _listed(value)
    return _mapped(value)


def _listed(values: Sequence[object]) -> "Plain | _Table":
    return [found for one in values if not isinstance(found := _plain(one), _Table)]


def _mapped(value: object) -> "Plain | _Table":
    named = _named(value)
    if named is None:
        return _TABLE
    return {str(name): found for name, one in named.items() if not isinstance(found := _plain(one), _Table)}


def _named(value: object) -> Mapping[object, object] | None:
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return value if isinstance(value, Mapping) else None
