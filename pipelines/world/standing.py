"""Where a company's customers stand at the start of a month: worlds that share its past go on from here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.errors import LabError
from pipelines.world.company import Company
from pipelines.world.customers import Customers
from pipelines.world.simulate import BLOCK

_BLOCK = "block"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The customers at the start of `month`, before its sign-ups.

    `blocks` maps the first entity number of each block of `size` entities to its customers; empty blocks may lack.
    """

    company: Company
    month: int
    size: int
    blocks: Mapping[int, Customers]

    def refuse_another_past(self, company: Company) -> None:
        """Raise LabError where `company` did not come this way: another seed, size, calendar or earlier lever."""
        before = self.company
        if (before.seed, before.customers, before.calendar) != (company.seed, company.customers, company.calendar):
            raise LabError(
                "A world can only go on from a standing of the same company: "
                f"seed {before.seed}, {before.customers} customers, {before.calendar}; "
                f"given seed {company.seed}, {company.customers} customers, {company.calendar}."
            )
        old, new = ([p for p in one.levers if p.start < self.month] for one in (before, company))
        if old != new:
            names = ", ".join(sorted({p.lever.name for p in (*old, *new)}))
            raise LabError(
                f"Levers pulled before month {self.month} must be those of the standing; they differ in: {names}. "
                "Pull them later, or take the standing from a company that has them."
            )


def as_table(standing: Standing) -> pa.Table:
    """A standing as one table: a row a customer, every attribute a column, and the first entity of its block."""
    blocks = [
        {_BLOCK: np.full(len(customers), first), **{f.name: getattr(customers, f.name) for f in fields(Customers)}}
        for first, customers in standing.blocks.items()
    ]
    return pa.concat_tables([pa.table(block) for block in blocks])


def from_table(company: Company, month: int, frame: pd.DataFrame) -> Standing:
    """The standing that `as_table` wrote, of blocks of the usual size; blocks without customers are left out."""
    blocks = {
        int(str(first)): Customers(**{f.name: rows[f.name].to_numpy() for f in fields(Customers)})
        for first, rows in frame.groupby(_BLOCK, sort=True)
    }
    return Standing(company=company, month=month, size=BLOCK, blocks=blocks)
