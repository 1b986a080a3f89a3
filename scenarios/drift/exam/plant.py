"""Make a case: a company's year in which something happens, or nothing that hurts, and the files handed out."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pipelines.features import CATEGORICAL, FEATURES, SOURCES
from pipelines.replay.past import Past
from pipelines.replay.stage import PER_CUSTOMERS, Stage, Supply, lived, stage_of
from pipelines.replay.workshop import Model, Workshop
from pipelines.world.truth import expected_auc, expected_campaign
from scenarios.base import Case, Draw, Level
from scenarios.drift.exam.codes import MODEL
from scenarios.drift.exam.company import luck, shown_past
from scenarios.drift.exam.compose import Pulled, harmful_events, red_herrings
from scenarios.drift.exam.events import MECHANISM, RIGHT_ACTION, Family
from scenarios.drift.exam.public import public_files
from scenarios.drift.exam.timeline import NOW
from scenarios.drift.exam.truth import DriftTruth, Happened

_EVENTS, _QUIET = 10, 40
"""Purposes of the case's random draws; each attempt at drawing events has one of its own."""

_ATTEMPTS = 12
"""Draws of events before the last one is taken as it is."""

WORTH_ASKING: Final = 30.0
"""The least damage of a harmful event, per 1,000 customers and month: below it nobody could be asked to act."""

ALL_PLACES: Final = frozenset(
    {MODEL, *FEATURES, *SOURCES.values()}
    | {f"{name}={level}" for name, levels in CATEGORICAL.items() for level in levels}
)
"""Every word for a place that means something: features, raw tables, segments of one category, the model."""


def plant(draw: Draw) -> Case[DriftTruth]:
    """A year in which one thing hurts the model, or two."""
    past = shown_past(draw.seed)
    quiet = _missed(Workshop(stage_of(past, past.base)))
    for attempt in range(_ATTEMPTS):
        rng = luck(draw.seed, _EVENTS + attempt)
        events = harmful_events(draw.level, rng)
        damage = {one.what.name: _missed(Workshop(_lived_through(past, [one]))) - quiet for one in events}
        if min(damage.values()) >= WORTH_ASKING:
            break
    return _case(draw, past, events, red_herrings(draw.level, rng), damage=damage)


def control(draw: Draw) -> Case[DriftTruth]:
    """A year in which nothing hurts the model: nothing at all happens, or something harmless."""
    rng = luck(draw.seed, _QUIET)
    happens = bool(rng.random() < HARMLESS_SHARE)
    herrings = red_herrings(Level.SENIOR if draw.level is Level.SENIOR else Level.MID, rng) if happens else ()
    return _case(draw, shown_past(draw.seed), (), herrings, damage={})


HARMLESS_SHARE: Final = 0.7
"""Share of the controls in which something harmless happens."""


def _case(
    draw: Draw, past: Past, events: Sequence[Pulled], herrings: Sequence[Pulled], *, damage: dict[str, float]
) -> Case[DriftTruth]:
    stage = _lived_through(past, [*events, *herrings])
    workshop = Workshop(stage)
    auc, profit = _now(workshop)
    truth = DriftTruth(
        level=draw.level,
        harmful=tuple(_happened(one, past, stage, round(damage[one.what.name], 2)) for one in events),
        harmless=tuple(_happened(one, past, stage, 0.0) for one in herrings),
        known=ALL_PLACES,
        auc=auc,
        profit=profit,
        seed=draw.seed,
    )
    return Case(public=public_files(workshop), truth=truth)


def _lived_through(past: Past, events: Sequence[Pulled]) -> Stage:
    levers = [lever for one in events if (lever := one.lever) is not None]
    faults = [fault for one in events if (fault := one.fault) is not None]
    return stage_of(past, lived(past, levers), faults)


def _missed(workshop: Workshop) -> float:
    """Campaign profit missed by the first model in the newest months, per 1,000 customers and month."""
    months = [scene.month for scene in workshop.stage.scenes[-NOW:]]
    return float(np.mean([workshop.missed(Model(), month, Supply.DELIVERED) for month in months]))


def _now(workshop: Workshop) -> tuple[float, float]:
    """Exact AUC and campaign profit per 1,000 customers of the first model in the newest months."""
    past, found = workshop.stage.past, []
    for scene in workshop.stage.scenes[-NOW:]:
        rows, score = scene.supplies[Supply.DELIVERED], workshop.score(Model(), scene.month, Supply.DELIVERED)
        made = expected_campaign(score, rows.chance, threshold=past.champion.threshold, economics=past.economics)
        found.append((expected_auc(score, rows.chance), made.profit / len(score) * PER_CUSTOMERS))
    auc, profit = np.mean(found, axis=0)
    return round(float(auc), 6), round(float(profit), 4)


def _happened(one: Pulled, past: Past, stage: Stage, damage: float) -> Happened:
    what, label = one.what, past.base.company.calendar.label
    fault, lever = one.fault, one.lever
    title = fault.fault.title if fault is not None else lever.lever.title if lever is not None else what.name
    return Happened(
        name=what.name,
        title=title,
        family=what.family,
        places=what.places if fault is None else (*fault.fault.tables, *stage.scenes[-1].broken),
        mechanism=MECHANISM[what.family],
        action=RIGHT_ACTION[what.family],
        since=label(one.start + 1 if what.family in (Family.FAULT, Family.HARMLESS) else one.start),
        gradual=one.gradual,
        damage=damage,
    )
