"""The stage `scenario@incident`: a case in the company's own record, handed out, watched, told and recorded."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from monitoring.reference import Reference
from monitoring.screening import MonthInput
from pipelines.errors import LabError
from pipelines.flows.beside import beside
from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.flows.show import draw_month, page_of
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from pipelines.recorded import World
from scenarios.incident import watching
from scenarios.incident.exam.grade import NAME
from scenarios.incident.exam.plant import Shown, shown_in
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.incident.page import render
from scenarios.incident.story import Story
from scenarios.incident.system.timeline import HISTORY, RUNS
from scenarios.incident.tell import Seen, practices, tell
from scenarios.kit.lesson import canonical, draw_of, hand_out
from scenarios.kit.pack import write_public

PAGES: Final = 2
"""Evidently pages drawn: the first months that alert, since each takes seconds and the later ones say the same."""


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Plant the case that `params.yaml` names, write its public files, its truth and its report."""
    with beside() as helper:
        lesson = Lesson(
            name=NAME,
            plant=partial(_planted, parameters=parameters),
            hand_out=_handed_out,
            tell=partial(_told, parameters=parameters, helper=helper, folder=layout.report(NAME) / "evidently"),
        )
        return run_lesson(lesson, parameters, layout)


def _planted(world: World, *, parameters: Parameters) -> Shown:
    """The case in the company's production months. Raises LabError where its record is too short."""
    calendar = world.company.calendar
    if calendar.production < RUNS or calendar.history < HISTORY:
        raise LabError(
            f"The incident scenario needs {HISTORY} months of history and {RUNS} of production; world.history is "
            f"{calendar.history} and world.production {calendar.production}. Raise them in params.yaml."
        )
    return shown_in(world, draw_of(parameters.incident), quiet=parameters.incident.control)


def _handed_out(shown: Shown, layout: Layout) -> None:
    hand_out(NAME, shown.case.public, plain_truth(shown.case.truth), layout)


def plain_truth(truth: IncidentTruth) -> dict[str, Any]:
    """What happened, whom it hit and what it cost, as plain values."""
    incident, struck = truth.incident, truth.struck
    months = [{"month": one.label, "hit": len(one.affected), "cost": round(one.cost, 2)} for one in truth.months]
    named = (
        {}
        if incident is None or struck is None
        else {
            "name": incident.name,
            "place": incident.place,
            "mechanism": incident.mechanism,
            "action": incident.action,
            "dose": struck.dose,
        }
    )
    return {"level": str(truth.level), "incident": named, "since": truth.since, "cost": truth.cost, "months": months}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pages:
    """Evidently pages of the months that alert, drawn in a process of their own."""

    reference: Reference
    watched: Sequence[watching.Watched]
    folder: Path

    def draw(self, helper: ProcessPoolExecutor) -> tuple[str, ...]:
        """The pages' names within the report, in order of months."""
        from monitoring.evidently_face import backdrop_of

        alerting = [one for one in self.watched if page_of(one.report) is not None][:PAGES]
        backdrop = backdrop_of(self.reference)
        drawn = [helper.submit(draw_month, backdrop, _light(one), one.report, self.folder) for one in alerting]
        for one in drawn:
            one.result()
        return tuple(f"evidently/{page_of(one.report)}" for one in alerting)


def _light(one: watching.Watched) -> MonthInput:
    """The month without its raw tables, which are slow to send."""
    return replace(one.given, tables={}, previous_tables={})


def _told(shown: Shown, *, parameters: Parameters, helper: ProcessPoolExecutor, folder: Path) -> Told:
    """The report: story, page, alerts, one row a month."""
    lived = shown.lived
    good = [one.features for one in lived.past.cohorts[-watching.VENDOR_MONTHS :]]
    with tempfile.TemporaryDirectory() as public:
        write_public(Path(public), shown.case.public)
        said = helper.submit(practices, Path(public), shown.case.truth)
        vendor = helper.submit(watching.vendor, good, [run.snapshot for run in lived.runs])
        reference = watching.reference_of(lived, parameters.monitoring)
        watched = watching.monitor(lived, reference)
        guard = watching.guard(lived)
        seen = Seen(vendor=vendor.result(), watched=watched, guard=guard, practices=said.result())
    pages = _Pages(reference=reference, watched=watched, folder=folder).draw(helper)
    story = tell(shown, seen, evidently=pages)
    alerts = [one.report.to_plain() | {"measurements": None} for one in watched]
    return Told(
        files={
            "story.json": canonical(story.model_dump(mode="json")),
            "index.html": render(story),
            "alerts.json": canonical(alerts),
            "months.csv": months_table(story).to_csv(index=False),
        },
        metrics=flat_metrics(story),
        series={"cost": {step: one.cost for step, one in enumerate(story.months, start=1)}},
    )


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the case, flat, for DVC and MLflow."""
    return {
        "cost": story.cost,
        "rows_hit": story.hit,
        "red_months_dashboard": sum(bool(one.lights) for one in story.months),
        "alarm_months_vendor": sum(one.vendor_dataset for one in story.months),
        "critical_months_monitor": sum(one.monitor_severity == "critical" for one in story.months),
        "alarm_months_guard": sum(bool(one.guard) for one in story.months),
        "sound_practice_points": story.practices[-1].points,
    }


def months_table(story: Story) -> pd.DataFrame:
    """One row a month, for DVC's plots."""
    return pd.DataFrame(
        {
            "month": one.label,
            "hit": one.hit,
            "cost": one.cost,
            "dashboard_red": int(bool(one.lights)),
            "vendor_columns": len(one.vendor),
            "monitor": one.monitor_severity,
            "guard": int(bool(one.guard)),
        }
        for one in story.months
    )
