"""The charts of the monitor's page: every layer by month, the scores' quality, and what they say."""

from markupsafe import Markup

from monitoring.monitor import MonthReport
from monitoring.vocabulary import Layer, Measurement
from scenarios.monitor.report import Report
from scenarios.monitor.telling import LAYERS, layers_of, leading, mark
from scenarios.page.charts import Cell, LineChart, MonthGrid, Row, Series, grid, lines
from scenarios.page.figures import number, percent

_FEWEST = 2
"""Months from which a chart over months says more than a figure."""


def layers(report: Report) -> Markup:
    """What every layer said in every month; empty for a single month."""
    months = report.months
    if len(months) < _FEWEST:
        return Markup()
    rows = tuple(Row(name=LAYERS[one], cells=tuple(_cell(month, one) for month in months)) for one in layers_of(report))
    return grid(
        MonthGrid(
            name="layers",
            description="What every layer of the monitor said in every month.",
            columns=_labels(report),
            links=tuple(f"#{anchor(one.month)}" for one in months),
            sections=(("What the monitor said", rows),),
        )
    )


def anchor(month: str) -> str:
    """The id of a month's details."""
    return f"month-{month}"


def _cell(month: MonthReport, layer: Layer) -> Cell | None:
    kind = mark(month, layer)
    if kind == "none":
        return None
    return Cell(kind=kind, title=f"{LAYERS[layer]}, {month.month}: {leading(month, layer) or kind}")


def quality(report: Report) -> Markup:
    """AUC by month: as outcomes show it, and as estimated before them; empty where neither is known twice."""
    realised, estimated = _figures(report, "auc"), _figures(report, "estimated_auc")
    known = [[one for one in series if one is not None] for series in (realised, estimated)]
    if max(map(len, known)) < _FEWEST:
        return Markup()
    limit = next((one.threshold for one in reversed(known[0]) if one.threshold is not None), None)
    return lines(
        LineChart(
            name="quality",
            description="AUC by month, realised and estimated, with 95 % intervals.",
            columns=_labels(report),
            x_title="month of the scores",
            y_title="AUC (0.5 = guessing); the level line is the lowest that passes",
            series=tuple(
                _series(name, tone, found)
                for name, tone, found in (("realised", "one", realised), ("estimated", "two", estimated))
                if any(found)
            ),
            level=limit,
        )
    )


def _series(name: str, tone: str, found: list[Measurement | None]) -> Series:
    return Series(
        name=name,
        tone="one" if tone == "one" else "two",
        values=tuple(None if one is None else one.value for one in found),
        low=tuple(_bound(one, "low") for one in found),
        high=tuple(_bound(one, "high") for one in found),
        notes=tuple("" if one is None else f"{name}, {one.month}: {number(one.value, 3)}" for one in found),
    )


def mean_score(report: Report) -> Markup:
    """The mean score by month within what is usual; empty for fewer than two months with scores."""
    found = _figures(report, "mean_score")
    if sum(one is not None for one in found) < _FEWEST:
        return Markup()
    usual = tuple(_percent(_bound(one, "expected")) for one in found)
    return lines(
        LineChart(
            name="mean-score",
            description="Mean score by month, and the band that is usual.",
            columns=_labels(report),
            x_title="month",
            y_title="mean score, %",
            series=(
                Series(
                    name="usual",
                    tone="four",
                    values=usual,
                    low=tuple(_percent(_bound(one, "low")) for one in found),
                    high=tuple(_percent(_bound(one, "high")) for one in found),
                ),
                Series(
                    name="mean score",
                    tone="one",
                    values=tuple(None if one is None else _percent(one.value) for one in found),
                    notes=tuple("" if one is None else f"{one.month}: {percent(one.value, 2)}" for one in found),
                ),
            ),
        )
    )


def _figures(report: Report, signal: str) -> list[Measurement | None]:
    found = [one.figure(signal) for one in report.months]
    return [one if one is not None and one.value is not None else None for one in found]


def _bound(one: Measurement | None, name: str) -> float | None:
    value = None if one is None else one.detail(name)
    return value if isinstance(value, float) else None


def _percent(value: float | None) -> float | None:
    return None if value is None else 100.0 * value


def _labels(report: Report) -> tuple[str, ...]:
    return tuple(one.month for one in report.months)
