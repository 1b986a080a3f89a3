"""The charts of the audit: scores by how rows were split, and the outcome's rate over time."""

from markupsafe import Markup

from monitoring.leakage.vocabulary import Audit, RatePoint, Score
from scenarios.audit.telling import SPLITS
from scenarios.page.charts import Event, LineChart, Series, dots, lines
from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.figures import number, percent
from scenarios.page.marks import Tone
from scenarios.page.scale import is_known


def scores(audit: Audit) -> Markup:
    """AUC by split, with every column and, where something leaks, without the leaks; empty without any score."""
    known = [one for one in audit.scores if is_known(one.all_columns.auc)]
    if not known:
        return Markup()
    groups = []
    for one in known:
        less = [_dot("without the leaks", "one", one.without_leaks)] if audit.leaks else []
        tone: Tone = "two" if audit.leaks else "one"
        groups.append((SPLITS.get(one.split, one.split), (_dot("all columns", tone, one.all_columns), *less)))
    return dots(
        DotPlot(
            name="scores",
            description="AUC with 95 % interval by how rows were split, with all columns and without the leaks.",
            x_title="AUC with 95 % interval (0.5 = guessing, 1 = perfect order)",
            groups=tuple(groups),
        )
    )


def _dot(name: str, tone: Tone, score: Score) -> Dot:
    return Dot(name=name, tone=tone, value=score.auc, low=score.low, high=score.high)


def label_rate(audit: Audit) -> Markup:
    """The outcome's rate by period with its interval; empty without a time."""
    points = audit.labels.over_time
    if not points:
        return Markup()
    chart = LineChart(
        name="label-rate",
        description="Share of rows with the outcome by period, with 95 % interval.",
        columns=tuple(one.period for one in points),
        x_title="period",
        y_title="rows with the outcome, %",
        series=(
            Series(
                name="with the outcome",
                tone="one",
                values=tuple(100.0 * one.rate for one in points),
                low=tuple(100.0 * one.low for one in points),
                high=tuple(100.0 * one.high for one in points),
                notes=tuple(_note(one) for one in points),
            ),
        ),
        events=_immature(audit),
    )
    return lines(chart)


def _note(one: RatePoint) -> str:
    return f"{one.period}: {percent(one.rate)} ({percent(one.low)} to {percent(one.high)}) of {number(one.rows)} rows"


def _immature(audit: Audit) -> tuple[Event, ...]:
    late = [at for at, one in enumerate(audit.labels.over_time) if one.period in audit.labels.immature]
    return (Event(first=late[0], last=late[-1], label="outcomes still coming in", kind="fault"),) if late else ()
