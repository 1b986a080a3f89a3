"""What a policy sees at the start of a month, and what it may do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import pandas as pd

from monitoring.performance.profit import Economics


class Action(StrEnum):
    """What can be done at the start of a month.

    `retrain` grows further trees on top of the first model's, on the newest labelled months that it has not seen, and
    fits calibration anew; `recalibrate` keeps the trees and fits calibration on the newest labelled months; `repair`
    has a broken feed mended from this month's delivery on and scores this month with each customer's last good inputs.
    Where nothing is broken it mends nothing. The threshold stays: it is where an offer breaks even.
    """

    KEEP = "keep"
    RETRAIN = "retrain"
    RECALIBRATE = "recalibrate"
    REPAIR = "repair"


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """What actions cost, in money per 1,000 customers and time. `page` is a person called away for one alert."""

    retrain: float
    recalibrate: float
    repair: float
    page: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One month as a policy sees it, before this month's offers go out.

    `view` (n, 29) is what the model reads and `score` (n,) what it says, both by customer_id. `landed` is the cohort
    whose labels are new this month: columns `score` (as it went out) and `churned` (0/1), by customer_id;
    `landed_month` its month. None where no labels have landed.
    """

    month: str
    view: pd.DataFrame
    score: pd.Series
    model: str
    landed_month: str | None = None
    landed: pd.DataFrame | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """What is known before the first month: good months, the campaign, the contract of being called, and prices.

    `views` maps history months to the model's view, `cohorts` months the model was not fitted on to `score` and
    `churned`. `weights` is the share of the model's gain by feature.
    """

    views: Mapping[str, pd.DataFrame]
    cohorts: Mapping[str, pd.DataFrame]
    weights: Mapping[str, float]
    threshold: float
    economics: Economics
    costs: Costs


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a policy does in a month. Every alert calls a person, and costs that."""

    action: Action = Action.KEEP
    alerts: tuple[str, ...] = field(default_factory=tuple)


Policy: TypeAlias = Callable[[Seen, Known, Sequence[Seen]], Decision]
"""The month, what is known, and the months seen before it (oldest first), to a decision."""
