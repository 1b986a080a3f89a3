"""A scenario for tests of the kit: a table in which one column knows the outcome, and a guess to be written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.base import (
    MIDDLING,
    NOTHING,
    STRONG,
    Answer,
    AnswerSheet,
    Brief,
    Case,
    Deliverable,
    Draw,
    Finding,
    Level,
    SampleAnswer,
    Scenario,
    Scorecard,
    check,
)
from scenarios.kit.sandbox.box import open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import SessionError
from scenarios.kit.sandbox.limits import Limits

NAMES = ("visits", "tickets", "tenure", "price")
LEAD = Path(__file__).with_name("toy_lead.py")
LIMITS = Limits(cpu_seconds=3, seconds_a_call=15.0)
SECONDS = 12.0
"""Of waiting, for all questions."""

QUESTIONS = (1.0, 2.0, 5.0)
GUESS = "def guess(x):\n    return 3.0 * x\n"
NO_GUESS = "def guess(x):\n    return 0.0\n"


@dataclass(frozen=True, kw_only=True)
class ToyTruth:
    """The column that knows, how much harm it does, and what a guess should be."""

    level: Level
    seed: int
    column: str
    harm: float
    slope: float = 3.0


def _case(draw: Draw, *, planted: bool) -> Case[ToyTruth]:
    rng = np.random.Generator(np.random.Philox(key=[draw.seed, 1]))
    churned = (rng.random(300) < 0.3).astype(np.int64)
    table = pd.DataFrame({"customer_id": np.arange(300), **{name: rng.normal(size=300) for name in NAMES}})
    column = NAMES[int(rng.integers(len(NAMES)))] if planted else ""
    if planted:
        table[column] += 2.0 * churned
    public = {
        "BRIEF.md": "# Toy\n\nWhich column knows too much?\n",
        "README.md": "# Start here\n\nLook at `table.parquet`.\n",
        "answer.yaml": "version: 1\nscenario: toy\ntrust:\nfindings: []\nestimates: {}\nrationale: ''\n",
        "guess.py": NO_GUESS,
        "table.parquet": table.assign(churned=churned),
    }
    return Case(
        public=public, truth=ToyTruth(level=draw.level, seed=draw.seed, column=column, harm=float(rng.random()))
    )


def plant(draw: Draw) -> Case[ToyTruth]:
    return _case(draw, planted=True)


def control(draw: Draw) -> Case[ToyTruth]:
    return _case(draw, planted=False)


def run_code(code: Mapping[str, str], truth: ToyTruth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    rows = []
    with open_box(code, LEAD, limits=LIMITS, trusted=trusted, budget=Budget(seconds=SECONDS)) as box:
        for x in QUESTIONS:
            try:
                box.begin("guess.py", {}, {})
                rows.append({"x": x, "said": float(box.call({"x": x}, {})), "trouble": ""})
            except (SessionError, TypeError, ValueError) as error:
                rows.append({"x": x, "said": math.nan, "trouble": str(error)})
    return {"run": pd.DataFrame(rows)}


def grade(answer: Answer, truth: ToyTruth) -> Scorecard:
    right = answer.sheet.trust is not None and answer.sheet.trust == (not truth.column)
    named = [one.where for one in answer.sheet.findings]
    found = named == ([truth.column] if truth.column else []) and right
    predicted = answer.tables.get("predictions.csv")
    spread = 0.0 if predicted is None else float(predicted["p"].std(ddof=0) > 0.01)
    run = answer.tables.get("run")
    troubles = [] if run is None else [str(one) for one in run["trouble"] if one]
    close = 0.0 if run is None else float(((run["said"] - truth.slope * run["x"]).abs() < 0.1).mean())
    checks = (
        check("decision", float(right), 20.0, f"the column is '{truth.column}'"),
        check("column", float(found), 40.0, f"truth: {truth.column or 'none'}; named: {named}"),
        check("predictions", spread * float(right), 10.0, "they differ" if spread else "all alike"),
        check("guess", close, 30.0, f"{close:.0%} close; {'; '.join(troubles)[:300]}"),
    )
    return Scorecard(scenario="toy", scenario_version=3, level=truth.level, checks=checks)


def strong(folder: Path) -> Answer:
    table = pd.read_parquet(folder / "table.parquet")
    gaps = {name: table.groupby("churned")[name].mean().diff().iloc[-1] for name in NAMES}
    found = [name for name, gap in gaps.items() if gap > 1.0]
    findings = tuple(
        Finding(where=name, mechanism="knows the outcome", evidence=f"gap {gaps[name]:.3f}") for name in found
    )
    sheet = AnswerSheet(scenario="toy", trust=not found, findings=findings, rationale="Compared means by outcome.")
    rows = pd.DataFrame({"customer_id": table["customer_id"], "p": table["churned"] * 0.5 + 0.2})
    return Answer(sheet=sheet, tables={"predictions.csv": rows}, code={"guess.py": GUESS})


TOY: Scenario[ToyTruth] = Scenario(
    name="toy",
    signal="data-leakage literacy",
    version=3,
    brief=Brief(
        question="Which column knows too much?",
        deliverables=(
            Deliverable(file="answer.yaml", kind="sheet", what="decision and column"),
            Deliverable(
                file="predictions.csv",
                kind="table",
                what="a chance for every customer",
                columns={"customer_id": "number", "p": "probability"},
            ),
            Deliverable(file="guess.py", kind="code", what="a function guess(x)"),
        ),
        minutes={Level.JUNIOR: 10, Level.MID: 20, Level.SENIOR: 30},
    ),
    plant=plant,
    control=control,
    demonstrate=lambda case: AnswerSheet(scenario="toy"),
    grade=grade,
    sample_answers=(
        SampleAnswer(name="strong", what="looks", answer=strong, band=STRONG, control_band=STRONG),
        SampleAnswer(name="middling", what="half", answer=strong, band=MIDDLING, control_band=None),
        SampleAnswer(name="nothing", what="none", answer=strong, band=NOTHING, control_band=NOTHING),
    ),
    run_code=run_code,
)

RUBRIC = """\
scenario: toy
version: 3
criteria:
  - name: Proof
    asks: Would it have failed?
    anchors: {0: none, 1: words, 2: a plot, 3: a test, 4: a test and its power}
follow_ups:
  - Asked of everybody?
  - ask: How would you have found the column?
    after: [column]
  - ask: What does your guess do at zero?
    after: [guess]
"""
