"""The reproducibility scenario, as the contract has it."""

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
from scenarios.reproducibility.answers.simple import crying_wolf, gaming, middling, nothing, weak
from scenarios.reproducibility.answers.strong import strong
from scenarios.reproducibility.grade import NAME, VERSION, grade
from scenarios.reproducibility.hidden import FOLDER, run_code
from scenarios.reproducibility.planting import control, plant
from scenarios.reproducibility.tell import demonstrate
from scenarios.reproducibility.truth import Truth

BRIEF: Final = Brief(
    question=(
        "A colleague's recorded AUC went to the board half a year ago. Does it come back from what is kept; if not, "
        "what moves it, and which repository gives the same bytes on any machine?"
    ),
    deliverables=(
        Deliverable(file="answer.yaml", kind="sheet", what="decision, causes with evidence"),
        Deliverable(file=FOLDER, kind="repository", what="the cured repository, with lineage.json in it"),
    ),
    minutes={Level.JUNIOR: 45, Level.MID: 75, Level.SENIOR: 90},
)

SCENARIO: Final[Scenario[Truth]] = Scenario(
    name=NAME,
    signal="reproducibility",
    version=VERSION,
    brief=BRIEF,
    plant=plant,
    control=control,
    demonstrate=demonstrate,
    grade=grade,
    run_code=run_code,
    told=("figure",),
    sample_answers=(
        SampleAnswer(
            name="strong",
            what="reads each suspect against the record, cures it with the recorded value, says what is lost",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="pins the seed and what else is plain to see, and stops",
            answer=middling,
            band=MIDDLING,
            control_band=None,
        ),
        SampleAnswer(
            name="weak",
            what="blames the library versions, hands the repository back as it is",
            answer=weak,
            band=WEAK,
            control_band=None,
        ),
        SampleAnswer(
            name="crying wolf",
            what="accuses whatever looks odd, measures nothing, calls the figure lost",
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
    from scenarios.reproducibility.stage import stage as run_stage

    return run_stage(parameters, layout)
