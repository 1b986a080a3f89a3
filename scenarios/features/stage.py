"""The stage `scenario@features`: a case in the company's own record, handed out, told and recorded."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pipelines.errors import LabError
from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from pipelines.recorded import World
from pipelines.sample import sample
from scenarios.base import Case
from scenarios.features.exam.company import CUSTOMERS
from scenarios.features.exam.grade import NAME
from scenarios.features.exam.plant import plant_into
from scenarios.features.exam.timeline import LENGTH
from scenarios.features.exam.truth import FeaturesTruth
from scenarios.features.page import render
from scenarios.features.story import Story
from scenarios.features.tell import told
from scenarios.kit.lesson import canonical, draw_of, hand_out


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Plant the case that `params.yaml` names, write its public files, its truth and its report."""
    lesson = Lesson(
        name=NAME,
        plant=lambda world: planted(world, parameters),
        hand_out=lambda case, into: hand_out(NAME, case.public, plain_truth(case.truth), into),
        tell=tell,
    )
    return run_lesson(lesson, parameters, layout)


def planted(world: World, parameters: Parameters) -> Case[FeaturesTruth]:
    """The case in a sample of the company's customers. Raises LabError where its record is too short."""
    given, months = parameters.features, world.company.calendar.months
    if months < LENGTH:
        raise LabError(
            f"The features scenario needs {LENGTH} months of record; world.history + world.production gives {months}. "
            "Raise one of them in params.yaml."
        )
    sampled = sample(world, CUSTOMERS)
    return plant_into(sampled, draw_of(given), first=months - LENGTH, healthy=given.control)


def plain_truth(truth: FeaturesTruth) -> dict[str, Any]:
    """What was planted, which labels are wrong, and what is possible, as plain values."""
    planted_ = [
        {"name": p.name, "title": p.title, "kind": p.kind, "places": list(p.places), "mechanism": p.mechanism}
        | {"dose": p.dose, "since": p.since}
        for p in truth.planted
    ]
    wrong = truth.labels[truth.wrong]
    rows = [[int(c), f"{at:%Y-%m-%d}"] for c, at in zip(wrong["customer_id"], wrong["cutoff"], strict=True)]
    figures = {"baseline": truth.baseline, "bayes": truth.bayes}
    return {"level": str(truth.level), "planted": planted_, "wrong_labels": rows, **figures}


def tell(case: Case[FeaturesTruth]) -> Told:
    """The report: story, page, the faults with their evidence, one row a labelled cutoff."""
    story = told(case)
    return Told(
        files={
            "story.json": canonical(story.model_dump(mode="json")),
            "index.html": render(story),
            "faults.json": canonical([one.model_dump(mode="json") for one in story.faults]),
            "months.csv": months_table(story).to_csv(index=False),
        },
        metrics=flat_metrics(story),
        series=monthly_series(story),
    )


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the case, flat, for DVC and MLflow."""
    shares = {f"share_{_NOT_PLAIN.sub('_', one.name)}": one.share for one in story.ladder}
    return {
        "baseline_auc": story.baseline,
        "best_possible_auc": story.bayes,
        "wrong_labels": story.wrong_labels,
        "planted": len(story.faults),
        "found": sum(one.found for one in story.faults),
        "sound_practice_score": story.practices[-1].score,
        **shares,
    }


_NOT_PLAIN: Final = re.compile(r"[^a-z]+")
"""What a metric's name may not hold."""


def monthly_series(story: Story) -> Mapping[str, dict[int, float]]:
    """Metrics by labelled cutoff, for MLflow."""
    numbered = list(enumerate(story.months, start=1))
    return {
        "booked_churn": {step: one.booked for step, one in numbered},
        "true_churn": {step: one.right for step, one in numbered},
        "wrong_labels_by_month": {step: float(one.wrong) for step, one in numbered},
    }


def months_table(story: Story) -> pd.DataFrame:
    """One row a labelled cutoff, for DVC's plots."""
    return pd.DataFrame(
        {"month": m.label, "customers": m.customers, "booked_churn": m.booked, "true_churn": m.right, "wrong": m.wrong}
        for m in story.months
    )
