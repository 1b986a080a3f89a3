"""All that is promised about a month: its raw tables, the model's view, and how the tables hang together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import pandas as pd

from monitoring.gate.check import check, guarded
from monitoring.gate.contract import TableContract
from monitoring.gate.learn import learn, reweighted
from monitoring.gate.relations import Relation, check_relation, learn_relations
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

VIEW = "model_view"
"""The name of the table the model reads, as against the raw tables it is made from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """One month's tables and view as they came, those of the month before, and the moment they were cut at."""

    month: str
    view: object
    tables: Mapping[str, object] = field(default_factory=dict)
    previous_view: object = None
    previous_tables: Mapping[str, object] = field(default_factory=dict)
    cutoff: pd.Timestamp | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodDeliveries:
    """Months that are known to be good: month to view, table name to month to table, and what is known of them.

    `keys` maps a table's name to its key columns, `used` a raw table's name to the weights of its columns (all 1
    where absent), `weights` the view's columns to the share of the model's use.
    """

    views: Mapping[str, pd.DataFrame]
    tables: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    used: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    weights: Mapping[str, float] | None = None
    cutoffs: Mapping[str, pd.Timestamp] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """The contracts of the raw tables and of the model's view, and what holds between tables."""

    tables: tuple[TableContract, ...]
    view: TableContract
    relations: tuple[Relation, ...] = ()

    def weighted(self, used: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> Self:
        """Return the same promises under another model: `used` by raw table and column, `weights` of the view."""
        tables = tuple(reweighted(one, used.get(one.name)) for one in self.tables)
        of_table = {one.name: one.weight for one in tables}
        return replace(
            self,
            tables=tables,
            view=_whole(reweighted(self.view, weights)),
            relations=tuple(replace(one, weight=of_table[one.table]) for one in self.relations),
        )


def learn_gate(good: GoodDeliveries, *, view: str = VIEW) -> Gate:
    """Return what good months keep."""
    tables = tuple(_contract(good, name) for name in sorted(good.tables))
    own = learn(view, good.views, key=good.keys.get(view, ()), weights=good.weights, cutoffs=good.cutoffs)
    return Gate(tables=tables, view=_whole(own), relations=learn_relations(tables, good.tables))


def _whole(view: TableContract) -> TableContract:
    """Return the view's contract with the weight of the whole model: it reads nothing else."""
    return replace(view, weight=1.0)


def _contract(good: GoodDeliveries, name: str) -> TableContract:
    key, used = good.keys.get(name, ()), good.used.get(name)
    return learn(name, good.tables[name], key=key, weights=used, cutoffs=good.cutoffs)


def check_month(gate: Gate, given: Delivered) -> list[Measurement]:
    """Return the gate's word on a month's raw tables and on the model's view; no content makes it fail."""
    said = [one for contract in gate.tables for one in _check(contract, given)]
    between = [one for relation in gate.relations for one in _between(relation, given)]
    own = check(gate.view, given.view, given.previous_view, month=given.month, cutoff=given.cutoff)
    return [*said, *between, *own]


def _check(contract: TableContract, given: Delivered) -> list[Measurement]:
    table, previous = given.tables.get(contract.name), given.previous_tables.get(contract.name)
    return check(contract, table, previous, month=given.month, cutoff=given.cutoff)


def _between(relation: Relation, given: Delivered) -> list[Measurement]:
    voice = Voice(month=given.month, table_name=relation.table)
    return guarded(lambda: check_relation(relation, given.tables, voice), voice)
