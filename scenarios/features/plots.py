"""The charts of the features story: the ladder, and churn by cutoff as booked and in truth."""

import math
from typing import Final

from scenarios.features.story import Kind, Story
from scenarios.page.charts import LineChart, Series, Tone
from scenarios.page.dot_plot import Dot, DotPlot
from scenarios.page.figures import month, percent

GROUPS: Final[tuple[tuple[str, tuple[Kind, ...]], ...]] = (
    ("As handed over", ("stuck",)),
    ("Another learner", ("learner",)),
    ("The same learner, better labels or features", ("labels", "features")),
    ("The same learner, both", ("both",)),
    ("Nobody can do better", ("best",)),
)
"""Steps of the ladder that stand together."""

_TONES: Final[dict[str, Tone]] = {"stuck": "two", "learner": "two", "best": "three"}


def ladder(story: Story) -> DotPlot:
    """The AUC of every step in the sealed months."""
    return DotPlot(
        name="ladder",
        description="AUC in the sealed months of every way of going on from the stuck model.",
        x_title="AUC in the sealed months (0.5 = guessing)",
        groups=tuple(
            (
                name,
                tuple(
                    Dot(
                        name=f"{one.name} ({percent(one.share, 0)})",
                        tone=_TONES.get(one.kind, "one"),
                        value=one.auc,
                        low=math.nan,
                        high=math.nan,
                    )
                    for one in story.ladder
                    if one.kind in kinds
                ),
            )
            for name, kinds in GROUPS
        ),
        least=0.2,
    )


def labels(story: Story) -> LineChart:
    """The share that churned by cutoff, as booked and in truth, in per cent."""
    return LineChart(
        name="labels",
        description="Share of customers who churned by cutoff, as the labels say and in truth.",
        columns=tuple(one.label for one in story.months),
        x_title="cutoff",
        y_title="churned within 30 days, per cent",
        series=(
            _series("as booked", "two", story, "booked"),
            _series("in truth", "one", story, "right"),
        ),
        between=(0, 1),
    )


def _series(name: str, tone: Tone, story: Story, field: str) -> Series:
    values = tuple(100.0 * float(getattr(one, field)) for one in story.months)
    notes = tuple(f"{name}, {month(m.label)}: {percent(v / 100.0)}" for m, v in zip(story.months, values, strict=True))
    return Series(name=name, tone=tone, values=values, notes=notes)
