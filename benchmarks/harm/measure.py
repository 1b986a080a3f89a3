"""One world: its exact harm, what the full monitor said month by month, what a fifth of the labels said, and others."""

from dataclasses import replace
from typing import Any

import pandas as pd

from benchmarks.harm.archetypes import Archetype
from benchmarks.harm.ground import COHORTS, RUNS, Ground, Scored, auc_of, reached, regained
from benchmarks.harm.peers import peers
from monitoring.monitor import MonthReport, observe
from monitoring.performance.regain import Regain
from monitoring.screening import MonthInput, screen
from monitoring.state import MonitorState
from monitoring.vocabulary import Layer, Measurement, Verdict
from pipelines.recorded import World
from pipelines.watch import watched_month

Line = dict[str, Any]
"""What is kept of a world: plain values only."""

_LABEL_GAP = 2
_KEPT = ("estimated_auc", "estimated_profit", "mean_score", "flagged_share", "score_drift", "churn_spread", "auc")
"""Figures kept whether they alarm or not."""


def measure(ground: Ground, archetype: Archetype) -> Line:
    """Everything the study keeps of one world."""
    world, stage = ground.world(archetype), ground.stage(archetype)
    views = {month: ground.view(world, month, archetype) for month in RUNS}
    scored = {month: ground.scored(world, month, stage.model, views[month]) for month in RUNS}
    cohorts = [scored[month] for month in COHORTS]
    found = regained(cohorts, seed=ground.seed)
    usual_share, usual_auc = ground.undisturbed
    return {
        "archetype": archetype.name,
        "seed": ground.seed,
        "harm": 1.0 - reached(cohorts, world) / usual_share,
        "auc_loss": usual_auc - auc_of(cohorts),
        "regain": _regain(found, stage.usual),
        "runs": _runs(ground, archetype, world, scored),
        "peers": peers(stage.reference, views[COHORTS[-1]]),
    }


def _regain(found: Regain, usual: Regain) -> Line:
    return {
        "lost": found.beyond(usual),
        "share": found.share,
        "usual": usual.share,
        "error": found.error,
        "ratio": found.ratio / usual.ratio,
        "rows": found.rows,
    }


def _runs(ground: Ground, archetype: Archetype, world: World, scored: dict[int, Scored]) -> list[Line]:
    """The monitor's reports, run after run; a blocked month gives no scores and leaves no cohort behind."""
    reference, label = ground.stage(archetype).reference, ground.base.company.calendar.label
    feed, cutoff = world.feed(RUNS[-1]), ground.base.cutoff
    state, kept, lines = MonitorState(), dict[int, Scored](), list[Line]()
    before = watched_month(feed, RUNS[0] - 2, cutoff(RUNS[0] - 1))
    for month in RUNS:
        now = watched_month(feed, month - 1, cutoff(month))
        given = MonthInput(
            month=label(month),
            view=scored[month].features.reset_index(),
            tables=now,
            previous_tables=before,
            previous_view=kept[month - 1].features.reset_index() if month - 1 in kept else None,
            cutoff=cutoff(month),
            cohorts={label(of): kept[of].known.table() for of in (month - _LABEL_GAP,) if of in kept},
        )
        before = now
        gate = screen(reference, given)
        if not gate.blocked:
            kept[month] = scored[month]
        given = _with_scores(given, None if gate.blocked else scored[month])
        state, report = observe(reference, state, given, screening=gate)
        lines.append(_line(report))
    return lines


def _with_scores(given: MonthInput, scored: Scored | None) -> MonthInput:
    return given if scored is None else replace(given, score=pd.Series(scored.score, name="score"))


def _line(report: MonthReport) -> Line:
    kept = [one for one in report.measurements if one.verdict is Verdict.ALARM or one.signal in _KEPT]
    return {
        "blocked": report.blocked,
        "pages": list(report.pages),
        "incidents": [
            [one.name, str(one.cause), str(one.severity), str(one.state), one.lead.signal, str(one.lead.subject)]
            for one in report.incidents
        ],
        "said": [_said(one) for one in kept],
    }


def _said(one: Measurement) -> Line:
    small = one.layer in (Layer.ESTIMATE, Layer.REALISED, Layer.PREDICTION)
    return {
        "layer": str(one.layer),
        "signal": one.signal,
        "of": str(one.subject),
        "value": one.value,
        "limit": one.threshold,
        "alarm": one.verdict is Verdict.ALARM,
        "weight": one.weight,
        "hard": one.hard,
        "details": dict(one.details) if small else {},
    }
