"""A whole world as a stream of recorded months; memory stays at one part's customers and one month's rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipelines.world.company import Company
from pipelines.world.events import MonthEvents
from pipelines.world.recorder import TABLES, record, record_truth
from pipelines.world.simulate import BLOCK, entity_spans, ranges, simulate_block
from pipelines.world.standing import Standing

PART = 1 << 18
"""Entities that share one Parquet file per table and month, and the unit of work handed to a process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedMonth:
    """What the warehouse received in a month, and the sealed truth of the customers at risk, rows in entity order.

    `after` is where the customers stand when the month is over.
    """

    month: int
    label: str
    tables: dict[str, pa.Table]
    truth: pa.Table
    after: Standing


def parts(company: Company) -> tuple[tuple[int, int], ...]:
    """The ranges of entities that make up the world, one Parquet part each."""
    return ranges(entity_spans(company), PART)


def run(
    company: Company, *, entities: tuple[int, int] | None = None, block: int = BLOCK, from_month: int = 0
) -> Iterator[RecordedMonth]:
    """Months from `from_month` on, of all customers or of one part; `block` changes speed and no byte."""
    pieces = ranges(entity_spans(company) if entities is None else (entities,), block)
    running = {piece[0]: simulate_block(company, piece) for piece in pieces}
    for month in range(-company.calendar.burn_in, company.calendar.months):
        events = {first: next(block_months) for first, block_months in running.items()}
        if month >= from_month:
            yield _recorded(company, events, month=month, size=block)


def run_on(since: Standing, company: Company) -> Iterator[RecordedMonth]:
    """The months of `company` from `since.month` on: the bytes that `run` gives, without simulating the past again.

    Raises
    ------
    LabError
        Where the company's past is another one: its seed, size or calendar, or a lever pulled before `since.month`.
    """
    since.refuse_another_past(company)
    running = {
        piece[0]: simulate_block(company, piece, customers=since.blocks.get(piece[0]), from_month=since.month)
        for piece in ranges(entity_spans(company), since.size)
    }
    for month in range(since.month, company.calendar.months):
        events = {first: next(months) for first, months in running.items()}
        yield _recorded(company, events, month=month, size=since.size)


def standing(company: Company, month: int) -> Standing:
    """Where the customers of a company stand at the start of `month`."""
    pieces = ranges(entity_spans(company), BLOCK)
    blocks = {piece[0]: _in_month(simulate_block(company, piece), month - 1).stayed for piece in pieces}
    return Standing(company=company, month=month, size=BLOCK, blocks=blocks)


def _in_month(months: Iterator[MonthEvents], month: int) -> MonthEvents:
    return next(events for events in months if events.month == month)


def _recorded(company: Company, events: Mapping[int, MonthEvents], *, month: int, size: int) -> RecordedMonth:
    recorded = [record(company, block) for block in events.values()]
    stayed = {first: block.stayed for first, block in events.items()}
    return RecordedMonth(
        month=month,
        label=company.calendar.label(month),
        tables={name: _joined([tables[name] for tables in recorded]) for name in TABLES},
        truth=_joined([record_truth(company, block) for block in events.values()]),
        after=Standing(company=company, month=month + 1, size=size, blocks=stayed),
    )


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables).combine_chunks()
