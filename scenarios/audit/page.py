"""The page of an audit: one HTML text that needs nothing beside itself, the same bytes every time."""

from pathlib import Path

from monitoring.leakage.vocabulary import Audit, ColumnVerdict
from scenarios.audit import plots, telling
from scenarios.audit.report import Report
from scenarios.page.dot_plot import spoken_interval
from scenarios.page.figures import number
from scenarios.page.template import render_page

_TEMPLATE = Path(__file__).with_name("page.html.j2")

Rows = list[tuple[str, ...]]

SCORE_HEAD = ("Split", "All columns", "Without the leaks", "Note")


def render(report: Report) -> str:
    """The page as text. It holds no time and no path."""
    return render_page(
        _TEMPLATE,
        report=report,
        audit=report.audit,
        said=telling.verdict(report),
        figures=key_figures(report),
        accused=report.having(ColumnVerdict.LEAK, ColumnVerdict.SUSPECT),
        others=report.having(ColumnVerdict.OK, ColumnVerdict.IGNORED),
        scores=plots.scores(report.audit),
        rates=plots.label_rate(report.audit),
        say=telling,
        more=telling.prove_more(report.audit.depth),
        score_rows=score_rows(report.audit),
        score_head=SCORE_HEAD,
    )


def key_figures(report: Report) -> Rows:
    """The figures at the top: name and value."""
    audit, best = report.audit, telling.honest_score(report.audit)
    judged = len(audit.columns) - len(report.having(ColumnVerdict.IGNORED))
    shown = [("AUC, most honest split", telling.auc(best.all_columns))] if best else []
    less = [("AUC without the leaks", telling.auc(best.without_leaks))] if best and audit.leaks else []
    return [
        ("columns that leak", number(len(report.having(ColumnVerdict.LEAK)))),
        ("columns that are suspect", number(len(report.having(ColumnVerdict.SUSPECT)))),
        ("columns judged", number(judged)),
        *shown,
        *less,
        ("rows given", number(audit.rows_given)),
    ]


def score_rows(audit: Audit) -> Rows:
    """Every score in words, also those that cannot be had."""
    return [
        (
            telling.SPLITS.get(one.split, one.split),
            *(spoken_interval((s.auc, s.low, s.high), 3) for s in (one.all_columns, one.without_leaks)),
            one.note,
        )
        for one in audit.scores
    ]
