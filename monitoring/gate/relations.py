"""What holds between tables: nobody's rows lie before the day on which that customer came.

A customer's first day stands in the table whose key is the customer alone. Rows of other tables that lie before it
belong to somebody else: keys were joined wrongly, or cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from monitoring.columns import as_times, first_of
from monitoring.gate import limits
from monitoring.gate.contract import TableContract
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

MIN_ROWS = 50
"""Fewer rows of newcomers say nothing."""

_HIGHEST = 0.05
"""Where good months already have more rows before the first day than this, nothing is promised."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """Rows of `table` do not lie before the first day that `entity` gives for their `key`.

    `highest` is the highest share of newcomers' rows that did so in a good month.
    """

    table: str
    entity: str
    key: str
    table_time: str
    entity_time: str
    highest: float
    weight: float = 1.0


def learn_relations(
    contracts: Sequence[TableContract], months: Mapping[str, Mapping[str, pd.DataFrame]]
) -> tuple[Relation, ...]:
    """Return the relations that good months keep; `months` maps a table's name to month to table."""
    dated = [one for one in contracts if one.event_at is not None]
    found = (
        _learnt(table, entity, months)
        for entity in dated
        if len(entity.key) == 1
        for table in dated
        if table is not entity and entity.key[0] in table.names
    )
    return tuple(one for one in found if one is not None)


def _learnt(
    table: TableContract, entity: TableContract, months: Mapping[str, Mapping[str, pd.DataFrame]]
) -> Relation | None:
    relation = Relation(
        table=table.name,
        entity=entity.name,
        key=entity.key[0],
        table_time=str(table.event_at),
        entity_time=str(entity.event_at),
        highest=0.0,
        weight=table.weight,
    )
    both = [month for month in months[table.name] if month in months[entity.name]]
    seen = [_before(relation, months[table.name][month], months[entity.name][month]) for month in both]
    shares = [one[0] for one in seen if one is not None]
    if not shares or max(shares) > _HIGHEST:
        return None
    return Relation(**{**{name: getattr(relation, name) for name in Relation.__slots__}, "highest": max(shares)})


def check_relation(relation: Relation, tables: Mapping[str, object], voice: Voice) -> list[Measurement]:
    """Return whether the month's rows keep the relation; nothing where either table lacks what it takes."""
    table, entity = tables.get(relation.table), tables.get(relation.entity)
    if not isinstance(table, pd.DataFrame) or not isinstance(entity, pd.DataFrame):
        return []
    if not {relation.key, relation.table_time} <= set(table.columns):
        return []
    if not {relation.key, relation.entity_time} <= set(entity.columns):
        return []
    found = _before(relation, table, entity)
    if found is None:
        return []
    share, rows = found
    return [
        voice.say(
            "before_first_day",
            share,
            limits.share_limit(relation.highest, limits.BEFORE_MARGIN, rows),
            unit="share of newcomers' rows",
            method=f"{relation.table_time} against {relation.entity_time} in {relation.entity}, by {relation.key}",
            hard=share > relation.highest + limits.BEFORE_BREAK,
            weight=relation.weight,
            note=f"{share:.1%} of the rows of new {relation.entity} lie before their first day: "
            f'rows may carry the wrong "{relation.key}"',
        )
    ]


def _before(relation: Relation, table: pd.DataFrame, entity: pd.DataFrame) -> tuple[float, int] | None:
    """Return the share of newcomers' rows before their first day and the number of newcomers' rows, None if few."""
    keyed = pd.Series(
        as_times(first_of(entity, relation.entity_time)).to_numpy(), index=first_of(entity, relation.key).to_numpy()
    )
    start = first_of(table, relation.key).map(keyed.groupby(level=0).min()).to_numpy()
    at = as_times(first_of(table, relation.table_time)).to_numpy()
    known = ~(pd.isna(start) | pd.isna(at))
    if known.sum() < MIN_ROWS:
        return None
    return float((at[known] < start[known]).mean()), int(known.sum())
