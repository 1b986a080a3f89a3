"""Before scoring: hold what was delivered against its contracts, and say whether scoring may go ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from monitoring.gate.check import blocking
from monitoring.gate.gate import Delivered, check_month
from monitoring.reference import Reference
from monitoring.vocabulary import Measurement


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthInput:
    """One month as it came.

    `tables` are the raw tables delivered and `view` what the model reads (one row a customer). `score` is
    aligned with `view`, None where nothing was scored. `cohorts` are earlier months whose labels have landed:
    month to the columns `score` and `churned`. The previous deliveries are needed to find feeds that stand
    still. `cutoff` is the moment the tables were cut at, the end of the month by default.
    """

    month: str
    view: pd.DataFrame | None
    score: pd.Series | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    cohorts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    previous_tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    previous_view: pd.DataFrame | None = None
    cutoff: pd.Timestamp | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """What the gate said about a month, and which breaks forbid scoring it (none: go ahead)."""

    measurements: tuple[Measurement, ...]
    blocked_by: tuple[Measurement, ...]

    @property
    def blocked(self) -> bool:
        """Whether scores of this month must not be used."""
        return bool(self.blocked_by)


def screen(reference: Reference, given: MonthInput) -> Screening:
    """Return the gate's word on a month's raw tables and model view; to be asked before scoring."""
    said = check_month(
        reference.gate,
        Delivered(
            month=given.month,
            view=given.view,
            tables=given.tables,
            previous_view=given.previous_view,
            previous_tables=given.previous_tables,
            cutoff=given.cutoff,
        ),
    )
    return Screening(measurements=tuple(said), blocked_by=blocking(said))
