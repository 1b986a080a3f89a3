"""Make a case: a company's year in which one step fails in silence, or none does, and the files handed out."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.recorded import World
from pipelines.replay.past import Past
from pipelines.replay.stage import lived as lived_through
from pipelines.world.levers.catalogue import pulled
from scenarios.base import Case, Draw, Level
from scenarios.incident.exam.changes import Papers, papers_of
from scenarios.incident.exam.compose import struck
from scenarios.incident.exam.public import public_files
from scenarios.incident.exam.truth import IncidentTruth, affected_table
from scenarios.incident.system.company import luck, past_of_record, shown_past
from scenarios.incident.system.dashboard import Panel, dashboard
from scenarios.incident.system.harm import harm, since
from scenarios.incident.system.run import Lived, Struck, live

_EVENTS, _WORLD, _PAPERS, _NOISE = 10, 40, 41, 42
"""Purposes of the case's random draws; each attempt at drawing an incident has one of its own."""

_ATTEMPTS = 12
"""Draws of an incident before the last one is taken as it is."""

WORTH_ASKING: Final = 350.0
"""The least an incident costs in all, in dollars: below it nobody could be asked to find it."""

SWINGS: Final = {Level.JUNIOR: 0.0, Level.MID: 0.3, Level.SENIOR: 0.6}
"""How strongly the season swings by level: harmless movement in every chart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A case with what it was made from."""

    case: Case[IncidentTruth]
    lived: Lived
    panels: tuple[Panel, ...]
    papers: Papers


def plant(draw: Draw) -> Case[IncidentTruth]:
    """A year in which one step of the system fails and every light stays green."""
    past = shown_past(draw.seed)
    return _case(draw, past, _world(draw, past), quiet=False)


def control(draw: Draw) -> Case[IncidentTruth]:
    """A year in which every step does what it should."""
    past = shown_past(draw.seed)
    return _case(draw, past, _world(draw, past), quiet=True)


def shown_in(world: World, draw: Draw, *, quiet: bool) -> Shown:
    """The same in a company that was recorded elsewhere, with everything a story is told from."""
    past = past_of_record(world)
    return _shown(draw, past, past.base, quiet=quiet)


def _world(draw: Draw, past: Past) -> World:
    """The year as people lived it: at the higher levels the season swings."""
    swing = SWINGS[draw.level]
    levers = [pulled("seasonal_swing", start=past.base.company.calendar.history, dose=swing)] if swing else []
    return lived_through(past, levers)


def _case(draw: Draw, past: Past, world: World, *, quiet: bool) -> Case[IncidentTruth]:
    return _shown(draw, past, world, quiet=quiet).case


def _shown(draw: Draw, past: Past, world: World, *, quiet: bool) -> Shown:
    twin = live(past, world)
    drawn, hit = _silent(draw, past, world, twin)
    event, lived = (None, twin) if quiet else (drawn, hit)
    panels = dashboard(lived.runs, luck(draw.seed, _NOISE))
    papers = papers_of(lived, drawn, draw.level, luck(draw.seed, _PAPERS))
    case = Case(public=public_files(lived, panels, papers), truth=truth_of(draw, lived, twin, event))
    return Shown(case=case, lived=lived, panels=panels, papers=papers)


def _silent(draw: Draw, past: Past, world: World, twin: Lived) -> tuple[Struck, Lived]:
    """An incident that costs enough to be worth asking about and turns no light red, and the year with it."""
    found: tuple[Struck, Lived] | None = None
    for attempt in range(_ATTEMPTS):
        rng = luck(draw.seed, _EVENTS + attempt)
        event = struck(draw.level, past.base.company.calendar.history, rng)
        lived = live(past, world, event, twin=twin)
        found = event, lived
        if _cost(lived, twin) >= WORTH_ASKING and silent(dashboard(lived.runs, luck(draw.seed, _NOISE))):
            break
    if found is None:
        raise AssertionError("at least one attempt is made")
    return found


def silent(panels: tuple[Panel, ...]) -> bool:
    """Whether every light of the dashboard stayed green."""
    return all(one.green for one in panels)


def _cost(lived: Lived, twin: Lived) -> float:
    return float(np.sum([one.cost for one in harm(lived, twin)]))


def truth_of(draw: Draw, lived: Lived, twin: Lived, event: Struck | None) -> IncidentTruth:
    """The truth of a run beside its twin."""
    months = harm(lived, twin)
    return IncidentTruth(
        level=draw.level,
        struck=event,
        since=None if event is None else lived.world.company.calendar.label(event.start),
        hurt_since=since(months),
        months=months,
        affected=affected_table(months),
        cost=round(float(np.sum([one.cost for one in months])), 2),
        seed=draw.seed,
    )
