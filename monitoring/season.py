"""What a monthly figure should be: a level, a slow trend and a yearly swing learnt from good months."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitoring.columns import Floats
from monitoring.errors import MonitorError
from monitoring.months import calendar_month, index_of

_TREND_PENALTY = 1.0
"""Ridge penalty on the trend (per year): a trend needs about a year of months before it is believed."""

_SWING_PENALTY = 0.1
"""Ridge penalty on each calendar month's offset: a single year of data is believed to nine tenths."""

_FEW_MONTHS = 13
"""With fewer reference months no calendar month occurs twice, so a swing cannot be told from noise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """Level, trend and yearly swing of a monthly figure, with how far good months stray from them.

    Coefficients are in the figure's own unit; `spread` is the standard deviation of the error made when a
    reference month is predicted from the others. `start` is the month index the trend counts from.
    `cover` is the inverse of the penalised design matrix: it widens the band away from the reference.
    """

    start: int
    coefficients: tuple[float, ...]
    cover: tuple[tuple[float, ...], ...]
    spread: float
    months: int

    def expected(self, month: str) -> float:
        """Return the figure expected in the month."""
        return float(_design([month], self.start)[0] @ np.array(self.coefficients))

    def band(
        self, month: str, *, widths: float, floor: float = 0.0, luck: float = 0.0, widened: float = 1.0
    ) -> tuple[float, float]:
        """Return the lowest and highest value that pass, `widths` standard errors around the expectation.

        `floor` is the smallest standard error believed, in the figure's unit. `luck` is the error by the draw of the
        rows alone: it counts where good months, their spread `widened`, happened to stray less.
        """
        row = _design([month], self.start)[0]
        strayed = widened * self.spread * np.sqrt(1.0 + row @ np.array(self.cover) @ row)
        error = np.hypot(max(strayed, luck), floor)
        middle = self.expected(month)
        return middle - widths * error, middle + widths * error


def fit(values: Mapping[str, float]) -> Season:
    """Return the season of a monthly figure by ridge regression on trend and calendar month.

    Parameters
    ----------
    values
        Month to figure, at least one finite. With fewer than 13 months only a level is learnt.

    References
    ----------
    Hoerl & Kennard 1970 (ridge); Allen 1974 (PRESS, the leave-one-out errors behind `spread`).
    """
    known = {month: value for month, value in values.items() if np.isfinite(value)}
    if not known:
        raise MonitorError(f"No finite reference value among {len(values)} months: pass months with data.")
    start = min(index_of(month) for month in known)
    design = _design(list(known), start)
    target = np.array(list(known.values()))
    penalty = _penalty(design.shape[1], len(known))
    cover = np.asarray(np.linalg.inv(design.T @ design + np.diag(penalty)), dtype=np.float64)
    coefficients = cover @ design.T @ target
    return Season(
        start=start,
        coefficients=tuple(float(part) for part in coefficients),
        cover=tuple(tuple(float(cell) for cell in row) for row in cover),
        spread=_left_out_spread(design, cover, target - design @ coefficients),
        months=len(known),
    )


def _design(months: list[str], start: int) -> Floats:
    """Return one row a month: constant, years since the start, twelve calendar-month flags."""
    years = np.array([(index_of(month) - start) / 12.0 for month in months])
    flags = np.eye(12)[[calendar_month(month) for month in months]]
    return np.column_stack([np.ones(len(months)), years, flags])


def _penalty(columns: int, months: int) -> Floats:
    unlearnable = 1e6  # months enough for a level only: trend and swing are held at zero
    trend, swing = (_TREND_PENALTY, _SWING_PENALTY) if months >= _FEW_MONTHS else (unlearnable, unlearnable)
    return np.array([1e-9, trend] + [swing] * (columns - 2))


def _left_out_spread(design: Floats, cover: Floats, residuals: Floats) -> float:
    """Return the root mean square of the leave-one-out errors, 0 for a single month."""
    if len(residuals) == 1:
        return 0.0
    leverage = np.einsum("ij,jk,ik->i", design, cover, design)
    return float(np.sqrt(np.mean((residuals / np.maximum(1.0 - leverage, 0.05)) ** 2)))
