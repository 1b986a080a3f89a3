"""The answers that do not look closely: half a diagnosis, the nearest change, all suspicion, nothing."""

from pathlib import Path
from typing import Final

import pandas as pd

from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.incident.answers.cause import cause
from scenarios.incident.answers.material import Material
from scenarios.incident.answers.strong import GUARDS, nobody
from scenarios.incident.bank.incident import (
    CAMPAIGN,
    DRIFT,
    FEATURE_JOB,
    LABEL_JOB,
    PLACES,
    RAW,
    REPAIR_FEED,
    RETRAIN,
    SCORING_JOB,
)

OWNERS: Final = {
    "data platform": "usage",
    "support tools": "tickets",
    "billing": "invoices",
    "machine learning": FEATURE_JOB,
    "platform": SCORING_JOB,
    "marketing": CAMPAIGN,
    "finance": LABEL_JOB,
    "sales systems": "attribute_history",
}
"""What a team is blamed for by somebody who only reads the change log."""


def middling(folder: Path) -> Answer:
    """Finds the step and since when; says that all customers were hit, retrains, and guards rows and missing cells."""
    case = Material(folder)
    found = cause(case)
    code = {"guard.py": (GUARDS / "middling.py").read_text(encoding="utf-8")}
    if found is None:
        return Answer(sheet=AnswerSheet(scenario="incident", trust=True), tables={"affected.csv": nobody()}, code=code)
    finding = Finding(
        where=found.where,
        mechanism=found.mechanism,
        action=REPAIR_FEED if found.where in RAW else RETRAIN,
        since=found.since,
        evidence=found.evidence,
    )
    sheet = AnswerSheet(
        scenario="incident",
        trust=False,
        findings=(finding,),
        rationale=f"Since {found.since} {found.where} is wrong. We retrain and add alerts on rows and missing cells.",
    )
    return Answer(sheet=sheet, tables={"affected.csv": _everybody(case, found.since)}, code=code)


def _everybody(case: Material, since: str) -> pd.DataFrame:
    parts = [case.months[label]["scores"][["customer_id"]].assign(month=label) for label in case.live if label >= since]
    return pd.concat(parts, ignore_index=True)


def weak(folder: Path) -> Answer:
    """Blames the last change before the first complaint, calls it drift and retrains; no table, no guard."""
    changes = pd.read_csv(folder / "changes.csv")
    complaint = _first_complaint(folder)
    before = changes[changes["day"] <= complaint]
    blamed = (before if len(before) else changes).iloc[-1]
    finding = Finding(
        where=OWNERS.get(str(blamed["team"]), SCORING_JOB),
        mechanism=DRIFT,
        action=RETRAIN,
        since=str(blamed["day"])[:7],
        evidence=str(blamed["what"]),
    )
    return Answer(
        sheet=AnswerSheet(
            scenario="incident",
            trust=False,
            findings=(finding,),
            rationale="It began after the last change. We retrain and talk to the team.",
        ),
        code={"guard.py": _starter()},
    )


def _first_complaint(folder: Path) -> str:
    lines = (folder / "oncall.md").read_text(encoding="utf-8").splitlines()
    days = [line[2:12] for line in lines if line.startswith("- ") and "all lights green" not in line]
    return days[0]


def gaming(folder: Path) -> Answer:
    """Names every place, everybody in every month, an interval that holds anything, and alarms always."""
    case = Material(folder)
    findings = tuple(Finding(where=place, mechanism=DRIFT, action=RETRAIN, since=case.live[4]) for place in PLACES)
    return Answer(
        sheet=AnswerSheet(
            scenario="incident",
            trust=False,
            findings=findings,
            estimates={"cost": Estimate(value=2_000, low=0, high=20_000)},
            rationale="All of it.",
        ),
        tables={"affected.csv": _everybody(case, case.live[0])},
        code={"guard.py": (GUARDS / "gaming.py").read_text(encoding="utf-8")},
    )


def nothing(_folder: Path) -> Answer:
    """The starter as it is: an empty sheet, and a guard that says nothing."""
    return Answer(sheet=AnswerSheet(scenario="incident"), code={"guard.py": _starter()})


def _starter() -> str:
    return (Path(__file__).parent.parent / "starter" / "guard.py").read_text(encoding="utf-8")
