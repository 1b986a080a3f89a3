"""The bank of traps: what each one is, how a pipeline shows it, how it is planted, and how it is cured.

A trap is a change of the ordered steps of a pipeline. Planting and curing are inverse to each other, and what a trap
*bought* is the score claimed less the score claimed once it alone is cured: always measured, never written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from scenarios.validation.specs import Spec, before, changed, find, moved, place, without

Metric: TypeAlias = Literal["auc", "profit_per_1000", "accuracy"]

MATURITY_DAYS: Final = 59
"""Days until every end within 30 days of a cutoff has been booked (see `pipelines.labels`)."""

ABOVE_ALWAYS_NO: Final = "accuracy_above_always_no"
"""The sound form of accuracy: what the model adds to saying 'nobody leaves'."""

HORIZON_DAYS: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Trap:
    """One mistake in how a score is made.

    `where` is the step it sits in, `shows` whether a pipeline shows it, `plant` puts it into a sound pipeline and
    `cure` takes it out. `metric` is the figure it inflates.
    """

    code: str
    title: str
    says: str
    remedy: str
    where: str
    metric: Metric
    shows: Callable[[Spec], bool]
    plant: Callable[[Spec], Spec]
    cure: Callable[[Spec], Spec]


def _argument(spec: Spec, do: str, name: str) -> object:
    step = find(spec, do)
    return None if step is None else step.get(name)


def _balanced_early(method: str) -> Callable[[Spec], bool]:
    return lambda spec: before(spec, "balance", "split") and _argument(spec, "balance", "method") == method


def _sound_metrics(spec: Spec) -> list[str]:
    step = find(spec, "evaluate")
    return [] if step is None else [ABOVE_ALWAYS_NO if m == "accuracy" else m for m in step["metrics"]]


RANDOM_SPLIT: Final = Trap(
    code="random-split-of-panel",
    title="Split at random",
    says="Rows of one customer whose label windows overlap lie on both sides of the split.",
    remedy="split with `method: grouped`",
    where="split",
    metric="auc",
    shows=lambda spec: _argument(spec, "split", "method") == "random",
    plant=lambda spec: changed(spec, "split", method="random"),
    cure=lambda spec: changed(spec, "split", method="grouped"),
)
DUPLICATES: Final = Trap(
    code="duplicates-before-split",
    title="Copies on both sides",
    says="Rows that are in the panel twice are split before the copies are dropped.",
    remedy="`deduplicate` before `split`",
    where="deduplicate",
    metric="auc",
    shows=lambda spec: before(spec, "split", "deduplicate"),
    plant=lambda spec: moved(changed(spec, "split", method="random"), "deduplicate", after="split"),
    cure=lambda spec: moved(spec, "deduplicate", ahead_of="split"),
)
OVERSAMPLED: Final = Trap(
    code="oversampled-before-split",
    title="Churners repeated before the split",
    says="Copies of one churner lie in the training part and in the test part.",
    remedy="`balance` after `split`, which then repeats churners of the training part only",
    where="balance",
    metric="auc",
    shows=_balanced_early("over"),
    plant=lambda spec: moved(changed(spec, "split", method="random"), "balance", ahead_of="split"),
    cure=lambda spec: moved(spec, "balance", after="split"),
)
REBALANCED: Final = Trap(
    code="rebalanced-holdout",
    title="A hold-out with churners made common",
    says="Stayers are dropped before the split, so money and precision are judged on a world with far more churners.",
    remedy="`balance` after `split`, which then drops stayers of the training part only",
    where="balance",
    metric="profit_per_1000",
    shows=_balanced_early("under"),
    plant=lambda spec: moved(spec, "balance", ahead_of="split"),
    cure=lambda spec: moved(spec, "balance", after="split"),
)
SELECTED: Final = Trap(
    code="selected-before-split",
    title="Columns chosen with the test rows in view",
    says="The best of many weak columns are picked on all rows, test rows among them.",
    remedy="`select` after `split`",
    where="select",
    metric="auc",
    shows=lambda spec: before(spec, "select", "split"),
    plant=lambda spec: moved(spec, "select", ahead_of="split"),
    cure=lambda spec: moved(spec, "select", after="split"),
)
ENCODED: Final = Trap(
    code="encoded-before-split",
    title="Churn rates that hold the test rows' own labels",
    says="A code is replaced by the churn rate of its rows, test rows among them.",
    remedy="`encode` after `split`",
    where="encode",
    metric="auc",
    shows=lambda spec: before(spec, "encode", "split"),
    plant=lambda spec: moved(spec, "encode", ahead_of="split"),
    cure=lambda spec: moved(spec, "encode", after="split"),
)
TUNED: Final = Trap(
    code="tuned-on-test",
    title="The best of many, picked on the test part",
    says="Configurations are compared on the part that then makes the claim.",
    remedy="`tune` with `judge_on: valid`",
    where="tune",
    metric="auc",
    shows=lambda spec: _argument(spec, "tune", "judge_on") == "test",
    plant=lambda spec: changed(spec, "tune", judge_on="test"),
    cure=lambda spec: changed(spec, "tune", judge_on="valid"),
)
STOPPED: Final = Trap(
    code="stopped-on-test",
    title="Stopped where the test part looks best",
    says="The number of trees is the one with the best score on the part that then makes the claim.",
    remedy="`train` with `stop_on: valid`",
    where="train",
    metric="auc",
    shows=lambda spec: _argument(spec, "train", "stop_on") == "test",
    plant=lambda spec: changed(spec, "train", stop_on="test"),
    cure=lambda spec: changed(spec, "train", stop_on="valid"),
)
THRESHOLD: Final = Trap(
    code="threshold-on-test",
    title="The cut-off that would have earned most",
    says="The threshold is the most profitable one on the part that then states the profit.",
    remedy="`threshold` with `judge_on: valid`",
    where="threshold",
    metric="profit_per_1000",
    shows=lambda spec: _argument(spec, "threshold", "judge_on") == "test",
    plant=lambda spec: changed(spec, "threshold", judge_on="test"),
    cure=lambda spec: changed(spec, "threshold", judge_on="valid"),
)
BEST_SLICE: Final = Trap(
    code="best-slice-reported",
    title="The best slice stands for the whole",
    says="The test part is cut into slices, and the best one is reported.",
    remedy="`evaluate` with `report: all`",
    where="evaluate",
    metric="auc",
    shows=lambda spec: _argument(spec, "evaluate", "report") == "best",
    plant=lambda spec: changed(spec, "evaluate", report="best"),
    cure=lambda spec: changed(spec, "evaluate", report="all"),
)
FILTERED: Final = Trap(
    code="filtered-holdout",
    title="A hold-out of the easy cases",
    says="Rows are taken out of the test part by something that goes together with how easy they are.",
    remedy="leave `keep` out",
    where="keep",
    metric="auc",
    shows=lambda spec: _argument(spec, "keep", "part") == "test",
    plant=lambda spec: changed(spec, "keep", part="test"),
    cure=lambda spec: without(spec, "keep"),
)
IMMATURE: Final = Trap(
    code="immature-labels",
    title="Labels that have not happened yet",
    says="The newest rows count as stayers because nobody has had the time to leave and be booked.",
    remedy=f"`mature` with `days: {MATURITY_DAYS}`",
    where="mature",
    metric="auc",
    shows=lambda spec: isinstance(days := _argument(spec, "mature", "days"), int) and days < MATURITY_DAYS,
    plant=lambda spec: changed(spec, "mature", days=0),
    cure=lambda spec: changed(spec, "mature", days=MATURITY_DAYS),
)
POOLED: Final = Trap(
    code="pooled-churners",
    title="Churners of a year against stayers of a day",
    says="Churners come from every cutoff and stayers from the newest alone, so the calendar tells them apart.",
    remedy="`pool` with `stayers: all`",
    where="pool",
    metric="auc",
    shows=lambda spec: _argument(spec, "pool", "stayers") == "newest",
    plant=lambda spec: changed(spec, "pool", stayers="newest"),
    cure=lambda spec: changed(spec, "pool", stayers="all"),
)
ACCURACY: Final = Trap(
    code="accuracy-at-low-churn",
    title="Accuracy where three in a hundred leave",
    says="Saying 'nobody leaves' is nearly as accurate; accuracy above that is what the model adds.",
    remedy="`evaluate` with `accuracy_above_always_no` instead of `accuracy`",
    where="evaluate",
    metric="accuracy",
    shows=lambda spec: "accuracy" in _metrics(spec),
    plant=lambda spec: changed(
        spec, "evaluate", metrics=[*(one for one in _metrics(spec) if one != ABOVE_ALWAYS_NO), "accuracy"]
    ),
    cure=lambda spec: changed(spec, "evaluate", metrics=_sound_metrics(spec)),
)
SCALED: Final = Trap(
    code="scaled-before-split",
    title="Scaled on all rows",
    says="Means and deviations are taken from all rows, test rows among them.",
    remedy="`scale` after `split`",
    where="scale",
    metric="auc",
    shows=lambda spec: before(spec, "scale", "split"),
    plant=lambda spec: moved(spec, "scale", ahead_of="split"),
    cure=lambda spec: moved(spec, "scale", after="split"),
)
FILLED: Final = Trap(
    code="filled-before-split",
    title="Gaps filled from all rows",
    says="Medians are taken from all rows, test rows among them.",
    remedy="`fill` after `split`",
    where="fill",
    metric="auc",
    shows=lambda spec: before(spec, "fill", "split"),
    plant=lambda spec: moved(spec, "fill", ahead_of="split"),
    cure=lambda spec: moved(spec, "fill", after="split"),
)
NO_GAP: Final = Trap(
    code="no-gap-before-test",
    title="No gap between training and test months",
    says="The newest training labels reach into the test months.",
    remedy=f"`split` with `gap_days: {HORIZON_DAYS}`",
    where="split",
    metric="auc",
    shows=lambda spec: _argument(spec, "split", "method") == "time" and _argument(spec, "split", "gap_days") == 0,
    plant=lambda spec: changed(spec, "split", method="time", gap_days=0),
    cure=lambda spec: changed(spec, "split", gap_days=HORIZON_DAYS),
)


def _metrics(spec: Spec) -> list[str]:
    step = find(spec, "evaluate")
    return [] if step is None else list(step["metrics"])


TRAPS: Final = (
    RANDOM_SPLIT,
    DUPLICATES,
    OVERSAMPLED,
    REBALANCED,
    SELECTED,
    ENCODED,
    TUNED,
    STOPPED,
    THRESHOLD,
    BEST_SLICE,
    FILTERED,
    IMMATURE,
    POOLED,
    ACCURACY,
    SCALED,
    FILLED,
    NO_GAP,
)
"""Everything a pipeline of this scenario can be accused of, harmless or not, in the order of the brief."""

ABSENT: Final = (
    ("target-in-features", "A column the model reads is made from the label.", "columns"),
    ("household-on-both-sides", "People who decide together lie on both sides of the split.", "split"),
)
"""Codes of the public list that no case has."""


def trap(code: str) -> Trap:
    """The trap of a code. Raises KeyError."""
    return {one.code: one for one in TRAPS}[code]


def shown(spec: Spec) -> tuple[Trap, ...]:
    """The traps whose outward sign a pipeline shows, harmful or not."""
    return tuple(one for one in TRAPS if place(spec, one.where) >= 0 and one.shows(spec))
