"""What each trap bought: the claim with it, less the claim with it alone cured. Always measured by running both."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from scenarios.validation.engine import Run, run_pipeline
from scenarios.validation.specs import Spec
from scenarios.validation.traps import ABOVE_ALWAYS_NO, Metric, Trap

AUC_BITE, SHARE_BITE = 0.01, 0.10
"""A trap bites from .01 of AUC or accuracy on, or from a tenth of the profit claimed."""

TOLERANCE: Final = 0.12
"""Standard error of a stated price, as a share of it."""

HALF_BITE: Final = 0.5
"""Least standard error of a stated price, in bites."""

_LEAST_MONEY = 20.0
"""Dollars per 1,000 customers below which a difference in profit is no bite, however little was claimed."""


class Price(BaseModel):
    """What a trap bought in the metric it inflates, and the smallest harm that matters there (`bite`)."""

    model_config = ConfigDict(frozen=True)

    metric: Metric
    points: float
    bite: float

    @property
    def bites(self) -> float:
        """What it bought, in units of the smallest harm that matters."""
        return self.points / self.bite

    @property
    def tolerance(self) -> float:
        """Standard error granted to whoever states the price: another seed, or another way to cure."""
        return max(TOLERANCE * abs(self.points), HALF_BITE * self.bite)


def price(trap: Trap, spec: Spec, done: Run) -> Price:
    """Cure one trap, run the pipeline again, and compare with what was claimed."""
    claimed = done.claims
    metric = trap.metric if trap.metric in claimed else "auc"
    cured = run_pipeline(trap.cure(spec), done.tables, done.trained).claims
    now = cured[metric] if metric in cured else cured[ABOVE_ALWAYS_NO]
    points = claimed[metric] - now
    return Price(metric=metric, points=points, bite=unit(metric, claimed))


def unit(metric: Metric, claimed: Mapping[str, float]) -> float:
    """The smallest harm that matters in a metric."""
    return AUC_BITE if metric != "profit_per_1000" else max(SHARE_BITE * abs(claimed[metric]), _LEAST_MONEY)


def cured(spec: Spec, traps: tuple[Trap, ...]) -> Spec:
    """The pipeline with all of some traps cured."""
    for one in traps:
        spec = one.cure(spec)
    return spec
