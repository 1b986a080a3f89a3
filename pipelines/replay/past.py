"""The good months before production and the first champion trained on them: what many stages share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

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
    `features(month)` are those of the base world, built once.
    """

    base: World
    champion: ChurnModel
    cohorts: tuple[Cohort, ...]
    held_out: pd.DataFrame
    parameters: ChampionParameters
    economics: Economics
    costs: Costs
    features: Callable[[int], pd.DataFrame]

    @property
    def known(self) -> Known:
        """What a policy is told before the first month."""
        columns = ["score", "churned"]
        held_out = self.held_out.set_index("customer_id")
        return Known(
            views={c.label: c.features for c in self.cohorts},
            cohorts={str(month): rows[columns] for month, rows in held_out.groupby("month")},
            weights=self.champion.gain,
            threshold=self.champion.threshold,
            economics=self.economics,
            costs=self.costs,
        )


def past_of(company: Company, parameters: ChampionParameters, economics: Economics, costs: Costs) -> Past:
    """Record `company` without its levers, and train its first champion on the history."""
    history = company.calendar.history
    base = record(company.without_levers(), branch_at=history)
    feed = base.feed(history)
    months = range(parameters.warm_up, history)
    cohorts = tuple(cohort(feed, company.calendar, month, known_at=history) for month in months)
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
    )
