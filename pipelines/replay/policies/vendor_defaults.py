"""Retrain as soon as a vendor's default test calls any column drifted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from monitoring.evidently_defaults import drifted_columns
from pipelines.replay.policies.any_drift import retrain_if
from pipelines.replay.policy import Decision, Known, Seen

REFERENCE_MONTHS = 6
"""Newest history months that the current one is held against."""


@dataclass(slots=True)
class VendorDefaults:
    """Evidently's default test of every column against the newest history; a month's are one alert.

    One object serves one stage: the reference is put together once.
    """

    _reference: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __call__(self, seen: Seen, known: Known, _before: Sequence[Seen]) -> Decision:
        """Ask about every column."""
        if self._reference.empty:
            newest = sorted(known.views)[-REFERENCE_MONTHS:]
            self._reference = pd.concat([known.views[month] for month in newest], ignore_index=True)
        return retrain_if(drifted_columns(self._reference, seen.view))
