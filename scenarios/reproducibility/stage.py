"""The stage `scenario@reproducibility`: a case in the company's own record, handed out, told and recorded."""

from typing import Any

import pandas as pd

from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from scenarios.kit.lesson import canonical, draw_of, hand_out
from scenarios.reproducibility.grade import NAME
from scenarios.reproducibility.page import render
from scenarios.reproducibility.planting import plant_into
from scenarios.reproducibility.story import Story
from scenarios.reproducibility.tell import demonstrate
from scenarios.reproducibility.truth import Truth


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Plant the case that `params.yaml` names, write its public files, its truth and its report."""
    given = parameters.reproducibility
    lesson = Lesson(
        name=NAME,
        plant=lambda world: plant_into(world, draw_of(given), control=given.control),
        hand_out=lambda case, into: hand_out(NAME, case.public, plain_truth(case.truth), into),
        tell=lambda case: tell(demonstrate(case)),
    )
    return run_lesson(lesson, parameters, layout)


def plain_truth(truth: Truth) -> dict[str, Any]:
    """What was planted, what each cause moves, and where the recorded run came from, as plain values."""
    return {
        "level": str(truth.level),
        "planted": list(truth.planted),
        "recorded": truth.figure,
        "expected": truth.expected,
        "gone": truth.gone,
        "without": dict(truth.without),
        "decoys": sorted([list(one) for one in truth.decoys]),
        "lineage": dict(truth.lineage),
    }


def tell(story: Story) -> Told:
    """The report: story, page, what every machine gave at every step."""
    return Told(
        files={
            "story.json": canonical(story.model_dump(mode="json")),
            "index.html": render(story),
            "steps.json": canonical([one.model_dump(mode="json") for one in story.steps]),
            "months.csv": steps_table(story).to_csv(index=False),
        },
        metrics=flat_metrics(story),
        series={"figures": {step: float(one.figures) for step, one in enumerate(story.steps)}},
    )


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the case, flat, for DVC and MLflow."""
    return {
        "recorded_auc": story.recorded,
        "cured_auc": story.expected,
        "causes": len(story.causes),
        "figures_as_handed_over": story.steps[0].figures,
        "hashes_as_handed_over": story.steps[0].digests,
        "hashes_cured": len({one.digest for one in story.proof}),
        "sound_practice_score": story.practices[-1].score,
    }


def steps_table(story: Story) -> pd.DataFrame:
    """One row a step and machine, for DVC's plots."""
    return pd.DataFrame(
        {"step": at, "cured": one.cured or "", "machine": machine.name, "auc": result.figure, "digest": result.digest}
        for at, one in enumerate(story.steps)
        for machine, result in zip(story.machines, one.results, strict=True)
    )
