"""The good months before production and the first champion trained on them: what many stages share."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from monitoring.performance.profit import Economics
from pipelines.dataset import Cohort, cohort
from pipelines.model import ChurnModel
from pipelines.parameters import ChampionParameters
from pipelines.recorded import World, record
from pipelines.replay.policy import Costs, Known
from pipelines.train import train_champion
from pipelines.world.company import Company

FIRST_MODEL = "champion-1"
"""Name of the first deployed model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A company's history, and what was learnt from it before the first production month.

    `base` is the company without levers, production months included. `cohorts` are the history's cutoffs from the
    warm-up on; the newest has no labels yet. `held_out` has the columns month, customer_id, churned and score.
    `features(month)` are those of the base world, built once; `known` is what a policy is told before the first month.
    `challengers` keeps the models trained so far, since worlds that differ late have the same ones early.
    """

    base: World
    champion: ChurnModel
    cohorts: tuple[Cohort, ...]
    held_out: pd.DataFrame
    parameters: ChampionParameters
    economics: Economics
    costs: Costs
    features: Callable[[int], pd.DataFrame]
    known: Known
    challengers: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


def past_of(company: Company, parameters: ChampionParameters, economics: Economics, costs: Costs) -> Past:
    """Record `company` without its levers, and train its first champion on the history."""
    base = record(company.without_levers(), branch_at=company.calendar.history)
    return past_in(base, parameters, economics, costs)


def past_in(base: World, parameters: ChampionParameters, economics: Economics, costs: Costs) -> Past:
    """The past of a world that was recorded already, and its first champion."""
    calendar = base.company.calendar
    feed = base.feed(calendar.history)
    months = range(parameters.warm_up, calendar.history)
    cohorts = tuple(cohort(feed, calendar, month, known_at=calendar.history) for month in months)
    labelled = [c for c in cohorts if c.labelled().any()]
    champion, held_out = train_champion(labelled, parameters, economics, version=FIRST_MODEL)
    return Past(
        base=base,
        champion=champion,
        cohorts=cohorts,
        held_out=held_out,
        parameters=parameters,
        economics=economics,
        costs=costs,
        features=cache(base.features),
        known=known_of(champion, cohorts, held_out, economics=economics, costs=costs),
    )


def known_of(
    champion: ChurnModel, cohorts: Sequence[Cohort], held_out: pd.DataFrame, *, economics: Economics, costs: Costs
) -> Known:
    """What a policy is told before the first month."""
    by_customer = held_out.set_index("customer_id")
    return Known(
        views={c.label: c.features for c in cohorts},
        cohorts={str(month): rows[["score", "churned"]] for month, rows in by_customer.groupby("month")},
        weights=champion.gain,
        threshold=champion.threshold,
        economics=economics,
        costs=costs,
    )
