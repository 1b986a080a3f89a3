"""The stage `scenario@validation`: a case in the company's own record, handed out, told and recorded."""

from typing import Any

import pandas as pd

from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from pipelines.recorded import World
from scenarios.base import Case
from scenarios.kit.lesson import canonical, draw_of, hand_out
from scenarios.validation.grading import NAME
from scenarios.validation.page import render
from scenarios.validation.planting import plant_into
from scenarios.validation.recorded import SEALED
from scenarios.validation.story import Story
from scenarios.validation.tell import demonstrate
from scenarios.validation.truth import Truth


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Plant the case that `params.yaml` names, write its public files, its truth and its report."""
    lesson = Lesson(
        name=NAME,
        plant=lambda world: planted(world, parameters),
        hand_out=lambda case, into: hand_out(NAME, case.public, plain_truth(case.truth), into),
        tell=tell,
    )
    return run_lesson(lesson, parameters, layout)


def planted(world: World, parameters: Parameters) -> Case[Truth]:
    """The case extracted so late that the company's last six months are sealed."""
    given, extract = parameters.validation, world.company.calendar.months - SEALED
    return plant_into(world, draw_of(given), extract=extract, control=given.control)


def plain_truth(truth: Truth) -> dict[str, Any]:
    """What was planted, what each trap bought, and what the sealed months give, as plain values."""
    return {
        "level": str(truth.level),
        "control": truth.control,
        "claimed": dict(truth.claimed),
        "cured": dict(truth.cured),
        "auc": truth.auc,
        "error": truth.error,
        "prices": {code: one.model_dump(mode="json") for code, one in sorted(truth.prices.items())},
        "harmless": sorted(truth.harmless),
        "neutral": sorted(truth.neutral),
    }


def tell(case: Case[Truth]) -> Told:
    """The report: story, page, the traps' prices, one row a sealed month."""
    story = demonstrate(case)
    return Told(
        files={
            "story.json": canonical(story.model_dump(mode="json")),
            "index.html": render(story),
            "traps.json": canonical([one.model_dump(mode="json") for one in (*story.traps, *story.sins)]),
            "months.csv": months_table(story).to_csv(index=False),
        },
        metrics=flat_metrics(story),
        series={"sealed_auc": {step: month.expected for step, month in enumerate(story.months, start=1)}},
    )


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the case, flat, for DVC and MLflow."""
    claimed = next(claim.claimed for claim in story.claims if claim.metric == "auc")
    return {
        "claimed_auc": claimed,
        "sealed_auc": story.auc,
        "cured_claim": story.cured_claim,
        "cured_auc": story.cured_auc,
        "traps": len(story.traps),
        "sound_practice_score": story.practices[-1].score,
    }


def months_table(story: Story) -> pd.DataFrame:
    """One row a sealed month, for DVC's plots."""
    return pd.DataFrame(
        {
            "month": m.label,
            "expected_auc": m.expected,
            "realised_auc": m.realised.auc,
            "best_auc": m.best,
            "churners": m.churners,
        }
        for m in story.months
    )
