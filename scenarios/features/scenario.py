"""The features scenario, as the contract has it."""

from typing import Final

from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from scenarios.base import GAMING, MIDDLING, NOTHING, STRONG, WEAK, Brief, Deliverable, Level, SampleAnswer, Scenario
from scenarios.features.answers.simple import gaming, middling, nothing, weak
from scenarios.features.answers.strong import strong
from scenarios.features.exam.building import run_code
from scenarios.features.exam.grade import NAME, VERSION, grade
from scenarios.features.exam.plant import control, plant
from scenarios.features.exam.tell import demonstrate
from scenarios.features.exam.truth import FeaturesTruth

BRIEF: Final = Brief(
    question=(
        "A churn model is stuck, and its learner, settings and seed may not be changed. What is wrong with the tables "
        "and the labels, if anything, and how good does the model get on better features?"
    ),
    deliverables=(
        Deliverable(file="answer.yaml", kind="sheet", what="decision, faults of tables, labels and dictionary"),
        Deliverable(
            file="labels_to_review.csv",
            kind="table",
            what="label rows that should be looked up",
            columns={"customer_id": "number", "cutoff": "text"},
            may_be_empty=True,
        ),
        Deliverable(file="features.py", kind="code", what="build_features(tables, cutoff), run on months to come"),
    ),
    minutes={Level.JUNIOR: 90, Level.MID: 120, Level.SENIOR: 180},
)

SCENARIO: Final[Scenario[FeaturesTruth]] = Scenario(
    name=NAME,
    signal="feature engineering",
    version=VERSION,
    brief=BRIEF,
    plant=plant,
    control=control,
    demonstrate=demonstrate,
    grade=grade,
    run_code=run_code,
    sample_answers=(
        SampleAnswer(
            name="strong",
            what="tests tables, dictionary and labels, repairs, builds on that",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="profiles the columns, builds the obvious features, believes the labels",
            answer=middling,
            band=MIDDLING,
            control_band=None,
        ),
        SampleAnswer(
            name="weak",
            what="calls every gap a fault, aggregates whatever had happened by the cutoff",
            answer=weak,
            band=WEAK,
            control_band=None,
        ),
        SampleAnswer(
            name="gaming",
            what="flags everything, lists every label, hands in the starter's code",
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
    from scenarios.features.stage import stage as run_stage

    return run_stage(parameters, layout)
