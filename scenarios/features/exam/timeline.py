"""When things happen in a case: months of the record by index, counted from the first one that is handed out."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.world.calendar import Calendar

TRAINED: Final = (5, 6, 7, 8, 9, 10)
"""Months whose first instant is a labelled cutoff; the months before them fill the windows."""

CHECKED: Final = (8, 9, 10)
"""Labelled cutoffs at which the tables are cut and the features built once more."""

EXTRACT: Final = 12
"""The tables are handed out as they stand at the start of this month: the labels of month 10 are mature by then."""

SEALED: Final = (12, 13)
"""Cutoffs that nobody sees before the answer is handed in."""

LENGTH: Final = 14
"""Months of record that a case needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The months of a case in a company's record, whose month `first` is month 0 of the case."""

    calendar: Calendar
    first: int = 0

    def start(self, month: int) -> pd.Timestamp:
        """The first instant of a month of the case."""
        return pd.Timestamp(self.calendar.start(self.first + month))

    def label(self, month: int) -> str:
        """A month of the case as a label (``2025-03``)."""
        return self.calendar.label(self.first + month)

    @property
    def extract(self) -> pd.Timestamp:
        """When the tables were handed out."""
        return self.start(EXTRACT)
