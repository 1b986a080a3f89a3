"""What is remembered of a cohort whose labels have landed: a handful of figures, fit for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from monitoring.columns import Floats
from monitoring.performance.cohort import Cohort
from monitoring.performance.profit import Gap

SERIES = ("value", "campaign", "level", "ranking")
"""The residual series, in the order of the arrays made of them: the first two are harm in money."""

_DIGITS = 6
"""Significant digits kept: the memory stays small, and is the same before and after it was written down."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landed:
    """A cohort's month, labelled rows, size beside equally weighted rows, four residuals, two gaps in money."""

    month: str
    rows: int
    size: float
    residuals: tuple[float, ...]
    campaign_gap: float
    value_gap: float

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        """Return what is remembered of a cohort."""
        figures = tuple(getattr(cohort, name) for name in SERIES)
        return cls.of_figures(month=cohort.month, rows=cohort.rows, size=cohort.size, residuals=figures, gap=cohort.gap)

    @classmethod
    def of_figures(cls, *, month: str, rows: int, size: float, residuals: Sequence[float], gap: Gap) -> Self:
        """Return the same from a cohort's figures, the residuals in the order of SERIES."""
        return cls(
            month=month,
            rows=rows,
            size=_short(size),
            residuals=tuple(_short(one) for one in residuals),
            campaign_gap=_short(gap.campaign),
            value_gap=_short(gap.value),
        )

    def to_plain(self) -> list[Any]:
        """Return a short list for canonical JSON."""
        return [self.month, self.rows, self.size, list(self.residuals), self.campaign_gap, self.value_gap]

    @classmethod
    def from_plain(cls, plain: Sequence[Any]) -> Self:
        """Read back what `to_plain` gave."""
        month, rows, size, residuals, campaign, value = plain
        return cls(
            month=str(month),
            rows=int(rows),
            size=float(size),
            residuals=tuple(float(one) for one in residuals),
            campaign_gap=float(campaign),
            value_gap=float(value),
        )


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def series_of(cohorts: Sequence[Landed]) -> Floats:
    """Return the residuals of cohorts, shape (cohorts, 4)."""
    return np.array([one.residuals for one in cohorts], dtype=np.float64).reshape(len(cohorts), len(SERIES))
