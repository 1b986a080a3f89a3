"""Weak practice beside sound practice: the same year under several policies, in alerts, delays and money.

The year is replayed on every fourth customer, which takes a tenth of the time and moves money per 1,000 customers by a
few per cent.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import artefacts, store
from pipelines.dataset import FULL_HISTORY, Cohort
from pipelines.features import LOOKBACK_MONTHS
from pipelines.layout import Layout
from pipelines.parameters import Parameters
from pipelines.recorded import World
from pipelines.replay.engine import replay
from pipelines.replay.ledger import Entry, Ledger, share
from pipelines.replay.oracle import oracle
from pipelines.replay.past import Past, known_of
from pipelines.replay.policies import catalogue
from pipelines.replay.policy import Action
from pipelines.replay.stage import Stage, stage_of
from pipelines.replay.workshop import Workshop
from pipelines.script import Script, company_of, drift_script
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.world.faults.fault import Delivery
from pipelines.world.recorder import TABLES
from pipelines.world.run import run_on
from pipelines.world.standing import Standing, from_table
from scenarios.drift.story import Practice

ONE_IN: Final = 4
"""Of how many customers one is replayed."""


def practices(parameters: Parameters, layout: Layout) -> tuple[Practice, ...]:
    """Every practice on the scripted year, weak ones first and the oracle last."""
    script = drift_script(parameters)
    workshop = Workshop(sampled_stage(parameters, layout, script, _standing(parameters, layout)))
    harm = _first_harm(script)
    ledgers = {one.name: replay(workshop, one.make(), guarded=one.guarded) for one in catalogue.SHOWN}
    ends = ledgers[catalogue.NEVER.name], oracle(workshop)
    told = [_told((one.name, one.title), ledgers[one.name], ends, harm=harm) for one in catalogue.SHOWN]
    return (*told, _told(("oracle", "The oracle, which knows the future"), ends[1], ends, harm=harm))


def _standing(parameters: Parameters, layout: Layout) -> Standing:
    """Where the company stands when the model goes live, as the stage `world` has written it."""
    calendar = parameters.world.calendar
    table = store.read_month(layout.truth(), "standing", calendar.label(calendar.history))
    return from_table(company_of(parameters), calendar.history, table)


def _first_harm(script: Script) -> int | None:
    """The production month, counted from 0, in which the first harmful lever starts; None without one."""
    starts = [one.start for one in script.company.levers if not one.lever.harmless]
    return min(starts) - script.company.calendar.history if starts else None


def sampled_stage(parameters: Parameters, layout: Layout, script: Script, standing: Standing) -> Stage:
    """The script's year on one customer in `ONE_IN`, after the history and with the champion on disk."""
    world = _world(parameters, layout, script, standing)
    calendar = parameters.world.calendar
    months = range(parameters.champion.warm_up, calendar.history)
    cohorts = tuple(_thinned(artefacts.read_cohort(layout.reference, at, calendar.label(at))) for at in months)
    champion = artefacts.read_model(layout.champion)
    held_out = _some(store.read_frame(layout.reference / "held_out.parquet"))
    economics, costs = parameters.economics.economics, parameters.costs.costs
    past = Past(
        base=world,
        champion=champion,
        cohorts=cohorts,
        held_out=held_out,
        parameters=parameters.champion,
        economics=economics,
        costs=costs,
        features=cache(world.features),
        known=known_of(champion, cohorts, held_out, economics=economics, costs=costs),
    )
    return stage_of(past, world, script.faults)


def _world(parameters: Parameters, layout: Layout, script: Script, standing: Standing) -> World:
    """The script's world on the sampled customers: the history from disk, the production months simulated."""
    history = parameters.world.history
    deliveries = _history(layout, [parameters.world.calendar.label(month) for month in range(history)])
    truth = [pd.DataFrame() for _ in range(history)]
    for made in run_on(standing, script.company):
        deliveries.append({name: _some(table.to_pandas()) for name, table in made.tables.items()})
        truth.append(_some(made.truth.to_pandas()).set_index("customer_id"))
    return World(company=script.company, deliveries=deliveries, truth=truth)


def _history(layout: Layout, labels: Sequence[str]) -> list[Delivery]:
    """The history's deliveries; tables of which features need the last months only are empty before."""
    needed = len(labels) - LOOKBACK_MONTHS
    empty = {name: store.read_month(layout.tables(), name, labels[-1]).iloc[:0] for name in TABLES}

    def delivered(at: int, name: str) -> pd.DataFrame:
        there = name in FULL_HISTORY or at >= needed
        return _some(store.read_month(layout.tables(), name, labels[at])) if there else empty[name]

    return [{name: delivered(at, name) for name in TABLES} for at in range(len(labels))]


def _some(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the sampled customers."""
    return table[_sampled(table["customer_id"].to_numpy())].reset_index(drop=True)


def _sampled(customers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which customers are in the sample. Ids are scrambled, so the draw is fair.

    Their lowest bit must stay free, since it divides customers into the halves that a challenger is calibrated on.
    """
    return np.asarray(customers // 4 % ONE_IN == 0)


def _thinned(one: Cohort) -> Cohort:
    kept = _sampled(one.features.index.to_numpy())
    return replace(one, features=one.features[kept], churned=one.churned[kept])


def _told(shown: tuple[str, str], ledger: Ledger, ends: tuple[Ledger, Ledger], *, harm: int | None) -> Practice:
    """A ledger as the story tells it; `ends` are the ledgers of doing nothing and of the oracle."""
    early = ledger.entries if harm is None else ledger.entries[:harm]
    won = share(ledger, *ends)
    return Practice(
        name=shown[0],
        title=shown[1],
        alerts=ledger.pages,
        alerts_before_harm=sum(len(one.alerts) for one in early),
        delay=_delay(ledger.entries, harm),
        actions=_counts(ledger),
        missed=round(ledger.missed, 2),
        spent=round(sum(one.spent for one in ledger.entries), 2),
        called=round(sum(one.called for one in ledger.entries), 2),
        cost=round(ledger.cost, 2),
        share_won=None if won != won else round(won, 4),  # noqa: PLR0124 - NaN where nothing is to be won
        running=tuple(round(cost, 2) for cost in accumulate(one.cost for one in ledger.entries)),
    )


def _counts(ledger: Ledger) -> dict[str, int]:
    return {str(action): ledger.count(action) for action in Action if action is not Action.KEEP}


def _delay(entries: Sequence[Entry], harm: int | None) -> int | None:
    """Months from the harm's start to the first change of the model that can have learnt of it from labels."""
    if harm is None:
        return None
    changes = (Action.RETRAIN, Action.RECALIBRATE)
    known = enumerate(entries[harm + LABEL_GAP_MONTHS :], start=LABEL_GAP_MONTHS)
    return next((late for late, one in known if one.action in changes and one.promoted is not False), None)
