"""The page of the monitor: one HTML text that needs nothing beside itself, the same bytes every time."""

from pathlib import Path

from scenarios.monitor import plots, telling
from scenarios.monitor.report import Report, columns, loud
from scenarios.page.figures import number
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")

Rows = list[tuple[str, ...]]


def render(report: Report) -> str:
    """The page as text. It holds no time and no path."""
    found = columns(report.months[-1]) if report.months else ()
    return render_page(
        _TEMPLATE,
        report=report,
        said=telling.verdict(report),
        figures=key_figures(report),
        incidents=report.incidents,
        told=[one for one in found if one.word != "still"],
        still=[one for one in found if one.word == "still"],
        layers=plots.layers(report),
        quality=plots.quality(report),
        mean_score=plots.mean_score(report),
        limits=telling.limits_of(report.watched),
        notes=(*report.watched.notes, *report.notes),
        anchor=plots.anchor,
        loud=loud,
        say=telling,
    )


def key_figures(report: Report) -> Rows:
    """The figures at the top: name and value."""
    last = report.months[-1] if report.months else None
    realised = telling.auc_of(last) if last else None
    estimated = last.figure("estimated_auc") if last else None
    quality = [("AUC, newest month", number(realised.value, 3))] if realised else []
    if not quality and estimated is not None and estimated.value is not None:
        quality = [("estimated AUC, newest month", number(estimated.value, 3))]
    return [
        ("incidents", number(sum(loud(one) for one in report.incidents))),
        ("calls to a person", number(len(report.pages))),
        ("months judged", number(len(report.months))),
        ("rows judged", number(sum(report.watched.rows.get(one.month, 0) for one in report.months))),
        *quality,
    ]
