"""The leakage scenario, as the contract has it."""

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
from scenarios.leakage.answers.simple import crying_wolf, gaming, middling, nothing, weak
from scenarios.leakage.answers.strong import strong
from scenarios.leakage.grade import NAME, VERSION, grade
from scenarios.leakage.plant import control, plant
from scenarios.leakage.tell import demonstrate
from scenarios.leakage.truth import LeakageTruth

BRIEF: Final = Brief(
    question=(
        "A churn model scores high on a test set that lies after its training months, and no better than its "
        "predecessor in production. What is wrong, if anything, and what can it really do?"
    ),
    deliverables=(Deliverable(file="answer.yaml", kind="sheet", what="decision, columns, mechanisms, two figures"),),
    minutes={Level.JUNIOR: 60, Level.MID: 90, Level.SENIOR: 90},
)

SCENARIO: Final[Scenario[LeakageTruth]] = Scenario(
    name=NAME,
    signal="data-leakage literacy",
    version=VERSION,
    brief=BRIEF,
    plant=plant,
    control=control,
    demonstrate=demonstrate,
    grade=grade,
    sample_answers=(
        SampleAnswer(
            name="strong",
            what="audits with events, log and builder; repairs; measures by month",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="says overfitting, drops the top column, believes production more than the test",
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
            what="flags the five strongest columns because they are strong",
            answer=crying_wolf,
            band=ANYTHING_GOES,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="gaming",
            what="flags every column",
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
    from scenarios.leakage.stage import stage as run_stage

    return run_stage(parameters, layout)
