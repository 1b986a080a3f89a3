"""Counterfactual twins: the same company with the same luck, with and without its levers, and what that costs.

Both worlds draw from the same streams, so until the first lever's onset they are equal byte for byte, and afterwards
every difference is an effect of the levers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.world.company import Company
from pipelines.world.mechanism import changed
from pipelines.world.recorder import record_truth
from pipelines.world.simulate import BLOCK, entity_spans, ranges, simulate_block

GROSS_MARGIN: Final = 0.70
"""Share of the net price that is left once the customer is served; subscription software reports 70-80 %."""

REMAINING_MONTHS: Final = 15.0
"""Months for which a leaver would have gone on paying.

At 3.4 % a month the mean customer stays 29 months, and those about to leave stay about half as long. With the margin
and the mean net price of 18 dollars this makes 190 dollars, close to the EMPC default of 200 (Verbraken et al. 2013).
"""

_CENTS_PER_DOLLAR: Final = 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthDamage:
    """One month with levers less the same month without: positive numbers are losses.

    `churners` counts realised departures under the same luck, `expected_churners` is the difference of summed
    probabilities, `lost_margin` the dollars of future margin lost with the expected ones, and `customers` the
    difference in customers at the month's start (negative once departures add up).
    """

    month: int
    churners: int
    expected_churners: float
    lost_margin: float
    customers: int


def twin_damage(company: Company) -> tuple[MonthDamage, ...]:
    """The exact damage of all levers together, month by month from the first onset; empty without levers."""
    start = onset(company)
    if start is None:
        return ()
    pulled, control = truths(company, from_month=start), truths(company.without_levers(), from_month=start)
    return tuple(
        month_damage(month, with_, without) for (month, with_), (_, without) in zip(pulled, control, strict=True)
    )


def month_damage(month: int, pulled: pd.DataFrame, control: pd.DataFrame) -> MonthDamage:
    """Compare one month's truth tables (as the recorder writes them) with and without levers."""
    return MonthDamage(
        month=month,
        churners=int((pulled["reason"] >= 0).sum()) - int((control["reason"] >= 0).sum()),
        expected_churners=float(pulled["bayes"].sum() - control["bayes"].sum()),
        lost_margin=expected_lost_margin(pulled) - expected_lost_margin(control),
        customers=len(pulled) - len(control),
    )


def expected_lost_margin(truth: pd.DataFrame) -> float:
    """Dollars of future margin that this month's departures are expected to cost."""
    monthly = truth["value_cents"].to_numpy(np.float64) / _CENTS_PER_DOLLAR * GROSS_MARGIN
    return float((truth["bayes"].to_numpy(np.float64) * monthly).sum() * REMAINING_MONTHS)


def onset(company: Company) -> int | None:
    """The month in which the first lever starts, not before month 0; None without levers."""
    return max(0, min(pulled.start for pulled in company.levers)) if company.levers else None


def mechanism_log(company: Company) -> dict[int, dict[str, tuple[object, object]]]:
    """What the levers changed: month -> field -> (value without, value with); months without a change are left out.

    Customers that a lever brings appear in its start month as `newcomers`.
    """
    months = {month: _changes(company, month) for month in range(company.calendar.months)}
    return {month: fields for month, fields in months.items() if fields}


def _changes(company: Company, month: int) -> dict[str, tuple[object, object]]:
    fields = changed(company.base_mechanism(month), company.mechanism(month))
    brought = sum(round(p.newcomers() * company.customers) for p in company.levers if p.start == month)
    return {**fields, "newcomers": (0, brought)} if brought else fields


def truths(company: Company, *, from_month: int = 0) -> Iterator[tuple[int, pd.DataFrame]]:
    """The sealed truth month by month from `from_month` on, without recording any other table."""
    running = [simulate_block(company, piece) for piece in ranges(entity_spans(company), BLOCK)]
    for month in range(-company.calendar.burn_in, company.calendar.months):
        events = [next(block) for block in running]
        if month >= from_month:
            tables = [record_truth(company, block).to_pandas() for block in events]
            yield month, pd.concat(tables, ignore_index=True)


def totals(damage: tuple[MonthDamage, ...]) -> Mapping[str, float]:
    """The whole damage: sums over months of churners, expected churners and lost margin (dollars)."""
    return {
        "churners": float(sum(month.churners for month in damage)),
        "expected_churners": sum(month.expected_churners for month in damage),
        "lost_margin": sum(month.lost_margin for month in damage),
    }
