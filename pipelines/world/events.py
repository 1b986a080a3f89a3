"""What happened in one month: columns of equal length per table, still without the warehouse's delays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.world.customers import Customers, Floats

Column = npt.NDArray[Any]
"""Codes, whole numbers or floats: the table and the column's name say which."""

Columns = dict[str, Column]
"""One table: column name -> array.

Every table has `row` (position among the month's customers) and `day` (since the month's start).
"""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class Departures:
    """Who leaves in the month and when: `reason` is -1 (stays), 0 (voluntary) or 1 (nonpayment), shape (n,).

    `until` is the day since the month's start at which the customer stops being active, `requested` the day a
    voluntary leaver asked to go, `contacted` 1 where the campaign reached the customer.
    """

    reason: npt.NDArray[np.int8]
    until: Floats
    requested: Floats
    contacted: npt.NDArray[np.int8]
    held_out: npt.NDArray[np.int8]
    accepted: npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthEvents:
    """One month of one block of customers.

    `customers` are all who were active at any time in the month, in entity order, as they were at its start; the
    first `at_risk` flags those that were customers at the cutoff. `tables` holds the events, `truth` the exact numbers
    of the customers at risk; `stayed` are those who stay, as they stand at the next month's start.
    """

    month: int
    customers: Customers
    stayed: Customers
    tables: dict[str, Columns]
    truth: Columns
