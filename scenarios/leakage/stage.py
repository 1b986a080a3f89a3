"""The stage `scenario@leakage`: a case in the company's own record, handed out, told and recorded."""

import tempfile
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from monitoring.leakage.plain import to_plain
from pipelines.errors import LabError
from pipelines.flows.beside import beside
from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from pipelines.recorded import World
from pipelines.sample import sample
from scenarios.base import Case
from scenarios.kit.lesson import canonical, draw_of, hand_out
from scenarios.kit.pack import write_public
from scenarios.leakage import tell
from scenarios.leakage.answers.material import Material
from scenarios.leakage.company import CUSTOMERS
from scenarios.leakage.grade import NAME
from scenarios.leakage.page import render
from scenarios.leakage.plant import make, truth_of
from scenarios.leakage.story import Story
from scenarios.leakage.timeline import LENGTH
from scenarios.leakage.truth import LeakageTruth


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Plant the case that `params.yaml` names, write its public files, its truth and its report."""
    with tempfile.TemporaryDirectory() as folder, beside() as helper:
        helper.submit(tell.ready)  # its process starts while Prefect and the case are made ready
        lesson = Lesson(
            name=NAME,
            plant=partial(_planted, parameters=parameters, folder=Path(folder), helper=helper),
            hand_out=_handed_out,
            tell=partial(_told, folder=Path(folder)),
        )
        return run_lesson(lesson, parameters, layout)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A case, and what sound practice makes of its public files, worked out beside it."""

    case: Case[LeakageTruth]
    seen: Future[tell.Sound]


def _planted(world: World, *, parameters: Parameters, folder: Path, helper: Executor) -> Shown:
    """The case in a sample of the company's customers. Raises LabError where its record is too short."""
    given, months = parameters.leakage, world.company.calendar.months
    if months < LENGTH:
        raise LabError(
            f"The leakage scenario needs {LENGTH} months of record; world.history + world.production gives {months}. "
            "Raise one of them in params.yaml."
        )
    draw = draw_of(given)
    made = make(sample(world, CUSTOMERS), draw, first=months - LENGTH, healthy=given.control)
    public = made.public
    write_public(folder, public)
    # The audit needs no truth: it starts as soon as the files are there.
    seen = helper.submit(tell.sound, folder)
    return Shown(case=Case(public=public, truth=truth_of(made, draw.level)), seen=seen)


def _handed_out(shown: Shown, layout: Layout) -> None:
    hand_out(NAME, shown.case.public, plain_truth(shown.case.truth), layout)


def plain_truth(truth: LeakageTruth) -> dict[str, Any]:
    """What was planted and what it does, as plain values."""
    faults = [
        {
            "name": f.name,
            "title": f.title,
            "kind": f.kind,
            "columns": list(f.columns),
            "codes": list(f.codes),
            "nearly": list(f.nearly),
            "damage": f.damage,
        }
        for f in truth.faults
    ]
    figures = {name: round(getattr(truth, name), 6) for name in ("claimed", "deployed", "honest")}
    return {"level": str(truth.level), "faults": faults, "decoys": list(truth.decoys), **figures}


def _told(shown: Shown, *, folder: Path) -> Told:
    """The report: story, page, the audit's own figures, one row a month."""
    case, truth = Material(folder), shown.case.truth
    weighed = tell.weigh(case, truth)
    seen = shown.seen.result()
    story = tell.story_of(case, truth, seen, weighed)
    return Told(
        files={
            "story.json": canonical(story.model_dump(mode="json")),
            "index.html": render(story),
            "audit.json": canonical(to_plain(seen.audit)),
            "months.csv": months_table(story).to_csv(index=False),
        },
        metrics=flat_metrics(story),
        series=monthly_series(story),
    )


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the case, flat, for DVC and MLflow."""
    return {
        "claimed_auc": story.claimed.auc,
        "deployed_auc": story.deployed,
        "honest_auc": story.honest,
        "planted": len(story.planted),
        "found": sum(one.found_by is not None for one in story.planted),
        "honest_accused": story.accused_honest,
        "sound_practice_auc": story.practices[-1].real,
        "sound_practice_score": story.practices[-1].score,
    }


def monthly_series(story: Story) -> dict[str, dict[int, float]]:
    """Metrics by month, for MLflow; step 1 is the first test month."""
    series: dict[str, dict[int, float]] = {"production_auc": {}, "honest_auc_by_month": {}}
    for step, month in enumerate(story.months, start=1):
        series["production_auc"][step] = month.production.auc
        series["honest_auc_by_month"][step] = month.honest.auc
        if month.offline is not None:
            series.setdefault("offline_auc", {})[step] = month.offline.auc
    return series


def months_table(story: Story) -> pd.DataFrame:
    """One row a month, for DVC's plots."""
    return pd.DataFrame(
        {
            "month": m.label,
            "part": m.part,
            "offline_auc": None if m.offline is None else m.offline.auc,
            "production_auc": m.production.auc,
            "honest_auc": m.honest.auc,
        }
        for m in story.months
    )
