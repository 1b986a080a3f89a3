"""The incident scenario, as the contract has it."""

from typing import Final

from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from scenarios.base import (
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
from scenarios.incident.answers.simple import gaming, middling, nothing, weak
from scenarios.incident.answers.strong import strong
from scenarios.incident.exam.grade import AFFECTED, NAME, VERSION, grade
from scenarios.incident.exam.plant import control, plant
from scenarios.incident.exam.replaying import run_code
from scenarios.incident.exam.tell import demonstrate
from scenarios.incident.exam.truth import IncidentTruth

BRIEF: Final = Brief(
    question=(
        "A churn system has run for nine months with every light green, and the campaign has a bad feeling. Is a step "
        "failing in silence? Which, since when, who was hit, what did it cost, what now, and which guard keeps it away?"
    ),
    deliverables=(
        Deliverable(file="answer.yaml", kind="sheet", what="cause, start, cost, what to do, post-mortem"),
        Deliverable(
            file=AFFECTED,
            kind="table",
            what="month and customer_id of everybody who was hit",
            columns={"month": "text", "customer_id": "number"},
            may_be_empty=True,
        ),
        Deliverable(file="guard.py", kind="code", what="check(month_tables, history) -> findings"),
    ),
    minutes={Level.JUNIOR: 90, Level.MID: 120, Level.SENIOR: 120},
)

SCENARIO: Final[Scenario[IncidentTruth]] = Scenario(
    name=NAME,
    signal="production scar tissue",
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
            what="compares each step's output with its input, does every run over, guards every step",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="finds the step and stops there: everybody was hit, retrain, alert on rows and missing cells",
            answer=middling,
            band=MIDDLING,
            control_band=None,
        ),
        SampleAnswer(
            name="weak",
            what="blames the last change before the first complaint, and retrains",
            answer=weak,
            band=WEAK,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="gaming",
            what="names every place and everybody, and alarms always",
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
    from scenarios.incident.stage import stage as run_stage

    return run_stage(parameters, layout)
