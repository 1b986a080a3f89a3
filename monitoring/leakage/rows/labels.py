"""The target over time: its rate, unknown labels, and newest periods whose outcomes are still to come."""

from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats
from monitoring.leakage.asked import labels_of
from monitoring.leakage.clock import clock_of
from monitoring.leakage.vocabulary import LabelFindings, Question, RatePoint

_NORMAL_95: Final = 1.959964

FEWEST_EARLIER: Final = 3
"""Periods needed before a newer one can be called short."""

NEWEST: Final = 3
"""At most so many periods at the end are asked whether they are immature."""

SHORT_Z: Final = 3.5
"""Standard errors by which a period's rate must fall short of the trend before it."""

SHORT_RATIO: Final = 0.8
"""And the share of the expected rate it must fall below."""


def label_findings(question: Question) -> LabelFindings:
    """Rate, its course over time, and immature periods of a checked question."""
    labels = labels_of(question.table, question.target)
    known = ~np.isnan(labels)
    if question.time is None:
        points: tuple[RatePoint, ...] = ()
    else:
        points = _over_time(question.table[question.time], labels)
    immature = immature_periods(points)
    return LabelFindings(
        rows=int(known.sum()),
        unknown=int((~known).sum()),
        rate=float(labels[known].mean()),
        over_time=points,
        immature=immature,
        says=_says(points, immature, int((~known).sum()), len(labels)),
    )


def wilson(ones: float, rows: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927).

    >>> tuple(round(edge, 4) for edge in wilson(5, 20))
    (0.1119, 0.4687)
    """
    if not rows:
        return 0.0, 1.0
    rate, square = ones / rows, _NORMAL_95**2
    middle = (rate + square / (2 * rows)) / (1 + square / rows)
    reach = _NORMAL_95 / (1 + square / rows) * np.sqrt(rate * (1 - rate) / rows + square / (4 * rows**2))
    return float(max(middle - reach, 0.0)), float(min(middle + reach, 1.0))


def _over_time(column: pd.Series, labels: Floats) -> tuple[RatePoint, ...]:
    clock = clock_of(column)
    at = (clock.period >= 0) & ~np.isnan(labels)
    rows = np.bincount(clock.period[at], minlength=len(clock.names))
    ones = np.bincount(clock.period[at], weights=labels[at], minlength=len(clock.names))
    return tuple(_point(name, int(n), float(k)) for name, n, k in zip(clock.names, rows, ones, strict=True) if n)


def _point(name: str, rows: int, ones: float) -> RatePoint:
    low, high = wilson(ones, rows)
    return RatePoint(period=name, rows=rows, rate=ones / rows, low=low, high=high)


def immature_periods(points: tuple[RatePoint, ...]) -> tuple[str, ...]:
    """The newest periods whose rate falls short of what the periods before them and their trend allow."""
    found: list[str] = []
    for last in range(min(NEWEST, len(points) - FEWEST_EARLIER), 0, -1):
        earlier, tail = points[: len(points) - last], points[len(points) - last :]
        if all(_short(earlier, point, ahead) for ahead, point in enumerate(tail)):
            found = [point.period for point in tail]
            break
    return tuple(found)


def _short(earlier: tuple[RatePoint, ...], point: RatePoint, ahead: int) -> bool:
    expected, spread = _expected(earlier, len(earlier) + ahead)
    if expected <= 0.0:
        return False
    error = np.sqrt(spread**2 + expected * (1.0 - expected) / point.rows)
    return bool(expected - point.rate > SHORT_Z * error and point.rate < SHORT_RATIO * expected)


def _expected(earlier: tuple[RatePoint, ...], at: int) -> tuple[float, float]:
    """The rate expected at a later place, the lower of level and trend so that a fall surprises less, and its error."""
    rates = np.array([point.rate for point in earlier])
    rows: Counts = np.array([point.rows for point in earlier])
    level = float(np.average(rates, weights=rows))
    chance = level * (1.0 - level) * float(np.mean(1.0 / rows))
    extra = max(float(rates.var(ddof=1)) - chance, 0.0)
    places = np.arange(len(rates), dtype=np.float64)
    weight = np.sqrt(rows / (level * (1.0 - level) + extra * rows)) if level > 0.0 else np.ones(len(rates))
    slope, start = np.polyfit(places, rates, 1, w=weight)
    trend = float(start + slope * at)
    # A line through few points is unsure of itself further out.
    reach = np.sqrt((extra + chance) * (1.0 + 1.0 / len(rates)))
    return min(level, trend), float(reach)


def _says(points: tuple[RatePoint, ...], immature: tuple[str, ...], unknown: int, rows: int) -> tuple[str, ...]:
    said = []
    if unknown:
        said.append(f"{unknown:,} of {rows:,} rows have no label yet; they were left out.")
    if immature:
        rate = {point.period: point.rate for point in points}
        shown = ", ".join(f"{name} ({rate[name]:.1%})" for name in immature)
        said.append(
            f"The newest periods fall short as if outcomes were still to come: {shown}. Leave them out, or wait until "
            "the outcome window has passed."
        )
    return tuple(said)
