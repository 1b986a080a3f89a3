"""The verdict on an answer: decision, place, mechanism, start, who was hit, cost, action, and the guard."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import pandas as pd

from monitoring.months import index_of
from scenarios.base import Answer, Check, Estimate, Finding, Scorecard, Status, check
from scenarios.incident.bank.incident import KEEP, PLACES, Incident
from scenarios.incident.exam.marks import guard_checks
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.kit.grading import interval_share, point_share, supported

NAME = "incident"
VERSION = 4

AFFECTED: Final = "affected.csv"
"""File name of the table of customers who were hit."""

SURE_ENOUGH = 0.5
"""From this stated probability on, a finding counts as said."""

DECISION, WHERE, MECHANISM, SINCE, HIT, COST, ACTION = 10.0, 12.0, 13.0, 10.0, 14.0, 10.0, 9.0
"""Points of the sheet's checks, 78 together; the guard's make up the hundred."""

FULL_OVERLAP, NO_OVERLAP = 0.75, 0.15
"""Jaccard index of the affected rows that earns every point, and the one up to which nothing is earned."""

COST_ERROR: Final = 0.2
"""Standard error of a good answer's cost, as a share of the truth."""

COST_ERROR_LOST: Final = 0.3
"""The same where the incident destroyed what was true, so that nobody can work out what should have been offered."""

LEAST_ERROR: Final = 40.0
"""The same in dollars at least: what two or three customers are worth."""

MONTHS_OFF, MONTHS_TO_NOTHING = 1, 3.0
"""Months by which a stated start may be off, and those beyond it after which nothing is left."""

HALF = 0.5
"""A right decision earns nothing when no more than half of what is accused is true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """Accusations that count, and those of them that name a right place."""

    accused: tuple[Finding, ...]
    right: tuple[Finding, ...]

    @property
    def support(self) -> float:
        """Share of the accused places that are right."""
        return supported([f.where for f in self.accused], {f.where for f in self.right})


def grade(answer: Answer, truth: IncidentTruth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said = _said(answer, truth.incident)
    checks = (
        _decision(answer, said, truth),
        _where(answer, said, truth),
        _told("mechanism", said, truth, _mechanism, points=MECHANISM),
        _told("since when", said, truth, _start, points=SINCE),
        _hit(answer, said, truth),
        _cost(answer, said, truth),
        _told("action", said, truth, _action, points=ACTION),
        *guard_checks(answer.tables, healthy=truth.incident is None),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks)


def _said(answer: Answer, incident: Incident | None) -> _Said:
    """Findings about a place that exists, that want something done, stated with enough certainty; one a place."""
    sure = [f for f in answer.sheet.findings if f.probability >= SURE_ENOUGH and f.where in PLACES and f.action != KEEP]
    accused = tuple({f.where: f for f in reversed(sure)}.values())
    places = () if incident is None else (incident.place, *incident.also)
    return _Said(accused=accused, right=tuple(f for f in accused if f.where in places))


def _decision(answer: Answer, said: _Said, truth: IncidentTruth) -> Check:
    trust, name = answer.sheet.trust, "decision"
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the system may be trusted as it runs")
    if trust is not (truth.incident is None):
        right = "nothing is wrong with it" if truth.incident is None else "one of its steps fails"
        return check(name, 0.0, DECISION, f"trust: {trust} is wrong: {right}")
    if truth.incident is None:
        share = float(not said.accused)
        return check(name, share, DECISION, f"right, and {len(said.accused)} places accused all the same")
    share = max((said.support - HALF) / (1.0 - HALF), 0.0)
    return check(name, share, DECISION, f"right; {said.support:.0%} of the places accused are")


def _where(answer: Answer, said: _Said, truth: IncidentTruth) -> Check:
    if truth.incident is None:
        share = float(answer.sheet.trust is not None and not said.accused)
        return check("where", share, WHERE, f"{len(said.accused)} places accused; nothing was wrong")
    right = " or ".join((truth.incident.place, *truth.incident.also))
    named = ", ".join(f.where for f in said.accused) or "nothing"
    return check("where", said.support, WHERE, f"named: {named} (right: {right})")


def _told(name: str, said: _Said, truth: IncidentTruth, mark: "_Mark", *, points: float) -> Check:
    """The mean mark of the findings that name a right place, less where others are accused beside them."""
    incident = truth.incident
    if incident is None:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=points, reason="nothing was wrong")
    marks = [mark(one, truth, incident) for one in said.right]
    share = sum(marks) / max(len(marks), 1) * said.support
    right = {"mechanism": incident.mechanism, "since when": truth.since, "action": incident.action}[name]
    return check(name, share, points, f"{share:.0%} (right: {right})")


def _mechanism(finding: Finding, _truth: IncidentTruth, incident: Incident) -> float:
    return float(finding.mechanism == incident.mechanism)


def _action(finding: Finding, _truth: IncidentTruth, incident: Incident) -> float:
    return float(finding.action == incident.action)


def _start(finding: Finding, truth: IncidentTruth, _incident: Incident) -> float:
    """1 from a month before the cause took hold to a month after it first hurt, falling to 0 within three more."""
    if finding.since is None or truth.since is None:
        return 0.0
    said, cause, hurt = (index_of(month) for month in (finding.since, truth.since, truth.hurt_since or truth.since))
    off = max(cause - said, said - hurt, 0) - MONTHS_OFF
    return min(max(1.0 - off / MONTHS_TO_NOTHING, 0.0), 1.0)


_Mark: TypeAlias = Callable[[Finding, IncidentTruth, Incident], float]
"""A finding that names the right place, to a share from 0 to 1."""


def _hit(answer: Answer, said: _Said, truth: IncidentTruth) -> Check:
    """Overlap of the rows handed in with those that were hit; 0 for rows that come with no cause."""
    name, table = "who was hit", answer.tables.get(AFFECTED)
    rows = _rows(table)
    if truth.incident is None:
        share = float(answer.sheet.trust is True and not rows)
        return check(name, share, HIT, f"{len(rows):,} rows named; nobody was hit")
    real, overlap = _rows(truth.affected), overlap_of(table, truth.affected)
    share = (overlap - NO_OVERLAP) / (FULL_OVERLAP - NO_OVERLAP) * min(said.support / HALF, 1.0)
    says = f"{len(rows):,} rows named, {len(real):,} were hit, Jaccard {overlap:.2f}"
    return check(name, share, HIT, says)


def overlap_of(table: pd.DataFrame | None, real: pd.DataFrame) -> float:
    """Jaccard index of two tables of month and customer_id: 1 where they name the same rows, 0 where none."""
    mine, theirs = _rows(table), _rows(real)
    return len(mine & theirs) / max(len(mine | theirs), 1)


def _rows(table: pd.DataFrame | None) -> set[tuple[str, str]]:
    """Pairs of month and customer; empty where the table lacks a column."""
    if table is None or not {"month", "customer_id"} <= set(table.columns):
        return set()
    customers = pd.to_numeric(table["customer_id"], errors="coerce").astype("float64")
    known = table.assign(customer_id=customers).dropna(subset=["customer_id"])
    return set(zip(known["month"].astype(str), known["customer_id"].map(lambda one: f"{one:.0f}"), strict=True))


def _cost(answer: Answer, said: _Said, truth: IncidentTruth) -> Check:
    """Half for the figure, half for the interval; 0 for a figure that comes with no cause."""
    claimed: Estimate | None = answer.sheet.estimates.get("cost")
    if claimed is None:
        return check("cost", 0.0, COST, "not answered")
    if truth.incident is None and answer.sheet.trust is not True:
        return check("cost", 0.0, COST, "a figure for something that did not happen")
    lost = truth.incident is not None and truth.incident.lost
    error = max((COST_ERROR_LOST if lost else COST_ERROR) * abs(truth.cost), LEAST_ERROR)
    share = (point_share(claimed.value, truth.cost, error) + interval_share(claimed, truth.cost, error)) / 2.0
    share *= 1.0 if truth.incident is None else min(said.support / HALF, 1.0)
    says = f"claimed {claimed.value:,.0f} ({claimed.low:,.0f} to {claimed.high:,.0f}), in truth {truth.cost:,.0f}"
    return check("cost", share, COST, says)
