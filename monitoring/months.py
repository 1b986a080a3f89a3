"""Months written as "2025-03": order, calendar month, distance, end."""

import re

import pandas as pd

from monitoring.errors import MonitorError

_FORM = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
"""Four digits, a hyphen, 01 to 12."""


def index_of(month: str) -> int:
    """Return the number of months since year 0, so that differences are distances in months.

    >>> index_of("2025-03") - index_of("2024-12")
    3
    """
    if not _FORM.match(month):
        raise MonitorError(f'"{month}" is not a month. Write year and month, such as "2025-03".')
    year, part = month.split("-")
    return 12 * int(year) + int(part) - 1


def calendar_month(month: str) -> int:
    """Return 0 for January to 11 for December."""
    return index_of(month) % 12


def name_of(index: int) -> str:
    """Return the month of an index, the inverse of `index_of`."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def end_of(month: str) -> pd.Timestamp:
    """Return the first moment after the month."""
    return pd.Timestamp(f"{name_of(index_of(month) + 1)}-01")
