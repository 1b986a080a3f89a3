"""The validation scenario, as the contract has it."""

from typing import Final

from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from scenarios.base import (
    ANYTHING_GOES,
    GAMING,
    MIDDLING,
    NOTHING,
    STRONG,
    WEAK,
    Brief,
    Deliverable,
    Level,
    SampleAnswer,
    Scenario,
)
from scenarios.validation.answers.simple import crying_wolf, gaming, middling, nothing, weak
from scenarios.validation.answers.strong import strong
from scenarios.validation.grading import NAME, VERSION, grade
from scenarios.validation.planting import control, plant
from scenarios.validation.tell import demonstrate
from scenarios.validation.truth import Truth

BRIEF: Final = Brief(
    question=(
        "An analyst's churn model goes live next month with a hold-out score that is very good. May it be believed, "
        "what in the way it was made is wrong, and what will this model really give over the next six months?"
    ),
    deliverables=(Deliverable(file="answer.yaml", kind="sheet", what="decision, mistakes, figures with intervals"),),
    minutes={Level.JUNIOR: 45, Level.MID: 75, Level.SENIOR: 90},
)

SCENARIO: Final[Scenario[Truth]] = Scenario(
    name=NAME,
    signal="validation discipline",
    version=VERSION,
    brief=BRIEF,
    plant=plant,
    control=control,
    demonstrate=demonstrate,
    grade=grade,
    sample_answers=(
        SampleAnswer(
            name="strong",
            what="cures each suspect alone, runs again, and scores customers the pipeline never touched",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="says overfitting, misses the subtlest of several, still believes most of the score",
            answer=middling,
            band=MIDDLING,
            control_band=None,
        ),
        SampleAnswer(
            name="weak",
            what="celebrates the score",
            answer=weak,
            band=WEAK,
            control_band=None,
        ),
        SampleAnswer(
            name="crying wolf",
            what="accuses every textbook sin the pipeline shows, without measuring one",
            answer=crying_wolf,
            band=ANYTHING_GOES,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="gaming",
            what="accuses everything on the list",
            answer=gaming,
            band=GAMING,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="nothing",
            what="hands in the starter",
            answer=nothing,
            band=NOTHING,
            control_band=NOTHING,
        ),
    ),
)


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Run the lesson in the company's own record."""
    from scenarios.validation.stage import stage as run_stage

    return run_stage(parameters, layout)
