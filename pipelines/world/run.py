"""A whole world as a stream of recorded months; memory stays at one part's customers and one month's rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from pipelines.world.company import Company
from pipelines.world.events import MonthEvents
from pipelines.world.recorder import TABLES, record, record_truth
from pipelines.world.simulate import BLOCK, entity_spans, ranges, simulate_block

PART = 1 << 18
"""Entities that share one Parquet file per table and month, and the unit of work handed to a process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedMonth:
    """What the warehouse received in a month, and the sealed truth of the customers at risk, rows in entity order."""

    month: int
    label: str
    tables: dict[str, pa.Table]
    truth: pa.Table


def parts(company: Company) -> tuple[tuple[int, int], ...]:
    """The ranges of entities that make up the world, one Parquet part each."""
    return ranges(entity_spans(company), PART)


def run(
    company: Company, *, entities: tuple[int, int] | None = None, block: int = BLOCK, from_month: int = 0
) -> Iterator[RecordedMonth]:
    """Months from `from_month` on, of all customers or of one part; `block` changes speed and no byte."""
    spans = entity_spans(company) if entities is None else (entities,)
    running = [simulate_block(company, piece) for piece in ranges(spans, block)]
    for month in range(-company.calendar.burn_in, company.calendar.months):
        events = [next(block_months) for block_months in running]
        if month >= from_month:
            yield _recorded(company, month, events)


def _recorded(company: Company, month: int, events: list[MonthEvents]) -> RecordedMonth:
    recorded = [record(company, block) for block in events]
    return RecordedMonth(
        month=month,
        label=company.calendar.label(month),
        tables={name: _joined([tables[name] for tables in recorded]) for name in TABLES},
        truth=_joined([record_truth(company, block) for block in events]),
    )


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables).combine_chunks()
