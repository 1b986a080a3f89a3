"""A scenario and a course that take no time: a number to guess, and a sandboxed function that doubles."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import yaml

from scenarios.base import (
    GAMING,
    MIDDLING,
    NOTHING,
    STRONG,
    WEAK,
    Answer,
    AnswerSheet,
    Band,
    Brief,
    Case,
    Deliverable,
    Draw,
    Estimate,
    Finding,
    Level,
    SampleAnswer,
    Scenario,
    Scorecard,
    check,
)
from scenarios.kit.learn.course import Course
from scenarios.kit.learn.desk import Desk

NAME = "toy"


def plant(draw: Draw) -> Case[float]:
    return Case(public={"BRIEF.md": "Guess.", "numbers.csv": pd.DataFrame({"x": [float(draw.seed)]})}, truth=draw.seed)


def grade(answer: Answer, truth: float) -> Scorecard:
    said = answer.sheet.estimates.get("x")
    figure = check("figure", float(said is not None and said.value == truth), 60, f"the truth is {truth}")
    named = check("named", float(any(one.where == "x" for one in answer.sheet.findings)), 30, "x was planted")
    doubled = answer.tables.get("doubled")
    stopped = answer.tables.get("stopped")
    says = "2 x" if stopped is None else f"code.py: {stopped['why'][0]}"
    code = check("code", float(doubled is not None and bool((doubled["y"] == 2.0 * truth).all())), 10, says)
    return Scorecard(scenario=NAME, scenario_version=1, level=Level.JUNIOR, checks=(figure, named, code))


def strong(folder: Path) -> Answer:
    x = float(pd.read_csv(folder / "numbers.csv")["x"][0])
    sheet = AnswerSheet(
        scenario=NAME, trust=False, findings=(Finding(where="x"),), estimates={"x": Estimate(value=x, low=x, high=x)}
    )
    return Answer(sheet=sheet, code={"code.py": "def double(x):\n    return 2 * x\n"})


def run_code(code: Mapping[str, str], truth: float, *, trusted: bool) -> Mapping[str, pd.DataFrame]:
    """Not a sandbox: the tests of the sandbox are elsewhere. It tells whether it was asked to trust."""
    if not trusted and "import os" in code["code.py"]:
        return {}
    if "raise" in code["code.py"]:
        return {"stopped": pd.DataFrame({"why": ["ValueError: [no] idea (line 2 of code.py)"]})}
    said = 2.0 * truth if "2 * x" in code["code.py"] else 0.0
    return {"doubled": pd.DataFrame({"y": [said]})}


def sample(name: str, answer: Callable[[Path], Answer], band: Band) -> SampleAnswer:
    return SampleAnswer(name=name, what=name, answer=answer, band=band, control_band=None)


def nothing(_folder: Path) -> Answer:
    return Answer(sheet=AnswerSheet(scenario=NAME))


SCENARIO: Scenario[float] = Scenario(
    name=NAME,
    signal="validation discipline",
    version=1,
    brief=Brief(
        question="What is x?",
        deliverables=(
            Deliverable(file="answer.yaml", kind="sheet", what="x"),
            Deliverable(file="code.py", kind="code", what="double"),
        ),
        minutes=dict.fromkeys(Level, 10),
    ),
    plant=plant,
    control=plant,
    demonstrate=lambda _case: AnswerSheet(scenario=NAME),
    grade=grade,
    run_code=run_code,
    sample_answers=(
        sample("strong", strong, STRONG),
        sample("middling", nothing, MIDDLING),
        sample("weak", nothing, WEAK),
        sample("gaming", nothing, GAMING),
        sample("nothing", nothing, NOTHING),
    ),
)

COURSE = """
scenario: toy
why: This course is about a number and about nothing else at all.
cases: {case: {seed: 7}}
tasks:
  - name: figure
    title: Say the figure
    minutes: 5
    file: figure.yaml
    gives: [estimates.x]
    start: |
      version: 1
      scenario: toy
      estimates: {}
    asks: Look into numbers.csv in the case's folder and say what stands there.
    checks: {figure: {least: 1.0, short: That is not the number in the file.}}
    hints: &hints
      nudge: The number stands in a file that has numbers in its name.
      look: Open numbers.csv in the case's folder; it has a single column.
      step: With pandas, read_csv and the first row of the column x give the number.
    solution: The number is what stands in the file; there was nothing else to it.
  - name: named
    title: Name the column
    minutes: 5
    file: named.yaml
    gives: [findings]
    start: |
      version: 1
      scenario: toy
      findings: []
    asks: Name the column that the number stands in, as a finding of its own.
    checks: {named: {least: 1.0, short: That is not the column.}}
    hints: *hints
    solution: It is the only column there is, so it had to be this one.
"""


@pytest.fixture
def course() -> Course:
    return Course.model_validate(yaml.safe_load(COURSE))


@pytest.fixture
def scenario() -> Scenario[float]:
    return SCENARIO


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def desk(tmp_path: Path, course: Course, said: list[str]) -> Desk:
    return Desk(
        folder=tmp_path / "learn",
        kept=tmp_path / "kept",
        courses=(course,),
        scenarios={NAME: partial(lambda: SCENARIO)},
        say=said.append,
    )
