"""When everything in a case happens, in months of the company's calendar from the case's first month on."""

from dataclasses import dataclass

from pipelines.world.calendar import Calendar

LENGTH = 21
"""Months a case needs from its first one on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The months of a case. `first` is the company's month that counts as the case's month 0.

    A model was trained on `train`, judged on `test`, deployed, and has scored the months `served`. All labels handed
    out were mature on the day of the `extract`, when tables and training table were taken from the warehouse. The
    months `sealed` follow it.
    """

    calendar: Calendar
    first: int = 0

    @property
    def train(self) -> tuple[int, ...]:
        """Six cutoffs; the warm-up before them fills the longest feature window."""
        return tuple(self.first + month for month in range(4, 10))

    @property
    def test(self) -> tuple[int, ...]:
        """Two cutoffs, a month after the last one trained on, so that no label window overlaps."""
        return tuple(self.first + month for month in (11, 12))

    @property
    def served(self) -> tuple[int, ...]:
        """Three cutoffs scored in production."""
        return tuple(self.first + month for month in (14, 15, 16))

    @property
    def extract(self) -> int:
        """The month at whose start everything was taken from the warehouse: the labels of `served` are mature."""
        return self.first + 18

    @property
    def sealed(self) -> tuple[int, ...]:
        """Three cutoffs from the extract on."""
        return tuple(self.first + month for month in (18, 19, 20))

    def split(self, month: int) -> str:
        """The name of the part a cutoff belongs to."""
        return "train" if month in self.train else "test" if month in self.test else "served"

    def label(self, month: int) -> str:
        """A month's label, such as ``2025-03``."""
        return self.calendar.label(month)
