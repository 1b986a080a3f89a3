"""Months of the simulated company: an integer index, a label such as ``2025-03``, and microsecond time stamps.

Month 0 is the first month that is handed out; burn-in months are negative. Every time is UTC.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

US_PER_DAY = 86_400_000_000
US_PER_HOUR = 3_600_000_000
WEEK_ANCHOR = np.datetime64("2000-01-03", "D")
"""A Monday. Usage is rolled up in calendar weeks, and a week belongs to the month in which it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Where month 0 lies, and how many months of burn-in, history and production there are.

    `first_month` is a label such as ``2023-01``; the other three are counts of months.
    """

    first_month: str
    burn_in: int
    history: int
    production: int

    @property
    def months(self) -> int:
        """How many months are handed out (history and production, burn-in left out)."""
        return self.history + self.production

    def label(self, month: int) -> str:
        """The label of a month index: ``calendar.label(0) == calendar.first_month``."""
        return str(np.datetime64(self.first_month, "M") + month)

    def index(self, label: str) -> int:
        """The month index of a label such as ``2025-03``."""
        return int(np.datetime64(label, "M").astype(int) - np.datetime64(self.first_month, "M").astype(int))

    def month_of_year(self, month: int) -> int:
        """0 for January up to 11 for December."""
        return int((np.datetime64(self.first_month, "M").astype(int) + month) % 12)

    def start(self, month: int) -> np.datetime64:
        """The first instant of a month (the *cutoff* at which it is scored), as ``datetime64[us]``."""
        start: np.datetime64 = (np.datetime64(self.first_month, "M") + month).astype("datetime64[us]")
        return start

    def start_us(self, month: int) -> int:
        """`start` in microseconds since 1970."""
        return int(self.start(month).astype(np.int64))

    def days(self, month: int) -> int:
        """Days in the month, 28 to 31."""
        return int((self.start_us(month + 1) - self.start_us(month)) // US_PER_DAY)

    def week_ends(self, month: int) -> npt.NDArray[np.int64]:
        """Ends of the calendar weeks that end inside the month, as days since its start, shape (4,) or (5,)."""
        first_day = self.start(month).astype("datetime64[D]")
        to_monday = int(-(first_day - WEEK_ANCHOR).astype(int) % 7) or 7
        return np.arange(to_monday, self.days(month) + 1, 7, dtype=np.int64)
