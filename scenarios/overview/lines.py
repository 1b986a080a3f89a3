"""What the front page says of each scenario, in figures that stand in its ``metrics.json``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.figures import number
from scenarios.page.marks import Tone

_NONE: Final = float("nan")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One dot: what it stands for, the metric it is, and how it is drawn."""

    name: str
    metric: str
    tone: Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A scenario's line: the question, a sentence with metrics in braces, and its dots on an axis, `times` so large."""

    question: str
    says: str
    axis: str
    dots: tuple[Shown, ...]
    digits: int = 3
    least: float = 0.05
    times: float = 1.0


LINES: Final[Mapping[str, Line]] = {
    "validation": Line(
        question="Can this score be believed?",
        says="Claimed {claimed_auc:.3f}; the six months after it give {sealed_auc:.3f}.",
        axis="AUC",
        dots=(
            Shown(name="claimed", metric="claimed_auc", tone="two"),
            Shown(name="the next six months, exact", metric="sealed_auc", tone="three"),
        ),
    ),
    "leakage": Line(
        question="Which columns know too much?",
        says="Claimed {claimed_auc:.3f}, deployed {deployed_auc:.3f}; repaired, the same learner gives "
        "{sound_practice_auc:.3f}.",
        axis="AUC",
        dots=(
            Shown(name="claimed", metric="claimed_auc", tone="two"),
            Shown(name="deployed", metric="deployed_auc", tone="one"),
            Shown(name="repaired", metric="sound_practice_auc", tone="three"),
        ),
    ),
    "features": Line(
        question="How is a stuck model moved without touching the learner?",
        says="Of the headroom between {baseline_auc:.3f} and {best_possible_auc:.3f}, a bigger model closes "
        "{share_a_bigger_model:.0%}; three features and reviewed labels {share_three_features_labels_reviewed:.0%}.",
        axis="per cent of the headroom closed",
        dots=(
            Shown(name="a bigger model", metric="share_a_bigger_model", tone="two"),
            Shown(name="a hyper-parameter search", metric="share_a_hyper_parameter_search", tone="one"),
            Shown(name="three features, labels reviewed", metric="share_three_features_labels_reviewed", tone="three"),
        ),
        digits=0,
        least=100.0,
        times=100.0,
    ),
    "drift": Line(
        question="What moved, what hurt, and what was to be done?",
        says="{events:.0f} events; true AUC {true_auc_mean:.3f} over the year. What the year cost, by practice:",
        axis="dollars per 1,000 customers and year",
        dots=(
            Shown(name="retrain on any PSI above 0.2", metric="cost_any_drift", tone="two"),
            Shown(name="retrain quarterly", metric="cost_calendar_3", tone="one"),
            Shown(name="gate, labels, money", metric="cost_sound", tone="three"),
        ),
        digits=0,
        least=100.0,
    ),
    "reproducibility": Line(
        question="Does the recorded result come back?",
        says="{causes:.0f} causes. The same repository, run on unlike machines:",
        axis="different results",
        dots=(
            Shown(name="as handed over", metric="hashes_as_handed_over", tone="two"),
            Shown(name="cured", metric="hashes_cured", tone="three"),
        ),
        digits=0,
        least=5.0,
    ),
    "incident": Line(
        question="What failed silently, and which guard would have known?",
        says="It cost ${cost:,.0f}. Months in which something spoke:",
        axis="months",
        dots=(
            Shown(name="the dashboard as it was", metric="red_months_dashboard", tone="two"),
            Shown(name="the guard", metric="alarm_months_guard", tone="three"),
        ),
        digits=0,
        least=5.0,
    ),
}
"""By scenario; one that is not here, or lacks a metric, is linked without a figure."""


def sentence(name: str, metrics: Mapping[str, float]) -> str:
    """The scenario's sentence; empty where a figure of it is missing."""
    line = LINES.get(name)
    try:
        return line.says.format(**metrics) if line is not None else ""
    except KeyError:
        return ""


def chart(name: str, metrics: Mapping[str, float]) -> DotPlot | None:
    """The scenario's small figure; None where a figure of it is missing."""
    line = LINES.get(name)
    if line is None or any(one.metric not in metrics for one in line.dots):
        return None
    dots = tuple(
        Dot(name=one.name, tone=one.tone, value=line.times * metrics[one.metric], low=_NONE, high=_NONE)
        for one in line.dots
    )
    said = ", ".join(f"{one.name} {number(one.value, line.digits)}" for one in dots)
    return DotPlot(
        name=f"{name}-line",
        description=f"{line.axis}: {said}",
        x_title=line.axis,
        groups=(("", dots),),
        digits=line.digits,
        least=line.least,
    )
