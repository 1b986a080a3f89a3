"""A whole world as a stream of recorded months; memory stays at one part's customers and one month's rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipelines.errors import LabError
from pipelines.world.company import EXTRA_ENTITIES, Company
from pipelines.world.customers import Customers
from pipelines.world.events import MonthEvents
from pipelines.world.recorder import TABLES, record, record_truth
from pipelines.world.simulate import BLOCK, entity_spans, ranges, simulate_block

PART = 1 << 18
"""Entities that share one Parquet file per table and month, and the unit of work handed to a process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where every customer stands at the start of `month`, block by block: other worlds can go on from here."""

    company: Company
    month: int
    blocks: Mapping[tuple[int, int], Customers]


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
    running = {piece: simulate_block(company, piece) for piece in pieces}
    for month in range(-company.calendar.burn_in, company.calendar.months):
        events = {piece: next(block_months) for piece, block_months in running.items()}
        if month >= from_month:
            yield _recorded(company, month, events)


def run_on(since: Standing, company: Company) -> Iterator[RecordedMonth]:
    """The months of `company` from `since.month` on: the bytes that `run` gives, without simulating the past again.

    Raises
    ------
    LabError
        Where the company's past is another one: its seed, size or calendar, or a lever pulled before `since.month`.
    """
    _refuse_another_past(since, company)
    known = [*since.blocks, *(piece for piece in ranges(entity_spans(company), BLOCK) if piece[0] >= EXTRA_ENTITIES)]
    running = {
        piece: simulate_block(company, piece, customers=since.blocks.get(piece), from_month=since.month)
        for piece in dict.fromkeys(known)
    }
    for month in range(since.month, company.calendar.months):
        yield _recorded(company, month, {piece: next(months) for piece, months in running.items()})


def standing(company: Company, month: int) -> Standing:
    """Where the customers of a company stand at the start of `month`."""
    pieces = ranges(entity_spans(company), BLOCK)
    before = {piece: _last(simulate_block(company, piece), month - 1) for piece in pieces}
    return Standing(company=company, month=month, blocks={piece: events.stayed for piece, events in before.items()})


def _last(months: Iterator[MonthEvents], month: int) -> MonthEvents:
    return next(events for events in months if events.month == month)


def _refuse_another_past(since: Standing, company: Company) -> None:
    before = since.company
    if (before.seed, before.customers, before.calendar) != (company.seed, company.customers, company.calendar):
        raise LabError(
            "A world can only go on from a standing of the same company: "
            f"seed {before.seed}, {before.customers} customers, {before.calendar}; "
            f"given seed {company.seed}, {company.customers} customers, {company.calendar}."
        )
    old, new = ([p for p in one.levers if p.start < since.month] for one in (before, company))
    if old != new:
        names = ", ".join(sorted({p.lever.name for p in (*old, *new)}))
        raise LabError(
            f"Levers pulled before month {since.month} must be those of the standing; they differ in: {names}. "
            "Pull them later, or take the standing from a company that has them."
        )


def _recorded(company: Company, month: int, events: Mapping[tuple[int, int], MonthEvents]) -> RecordedMonth:
    recorded = [record(company, block) for block in events.values()]
    return RecordedMonth(
        month=month,
        label=company.calendar.label(month),
        tables={name: _joined([tables[name] for tables in recorded]) for name in TABLES},
        truth=_joined([record_truth(company, block) for block in events.values()]),
        after=Standing(company=company, month=month + 1, blocks={piece: e.stayed for piece, e in events.items()}),
    )


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables).combine_chunks()
