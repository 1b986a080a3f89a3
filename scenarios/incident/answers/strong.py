"""The strong answer: goes along the chain, does every run over as it should have been, and guards each step."""

from pathlib import Path
from typing import Final

import pandas as pd

from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.incident.answers.blast import blast
from scenarios.incident.answers.cause import Cause, cause
from scenarios.incident.answers.material import Material

GUARDS: Final = Path(__file__).parent / "guards"


def strong(folder: Path) -> Answer:
    """Cause, radius and guard; or the statement that every step did what it should."""
    case = Material(folder)
    found = cause(case)
    code = {"guard.py": (GUARDS / "strong.py").read_text(encoding="utf-8")}
    if found is None:
        return Answer(sheet=_nothing_wrong(), tables={"affected.csv": nobody()}, code=code)
    radius = blast(case, found)
    figure = round(radius.cost, 2)
    half = max(abs(figure) * radius.doubt, 40.0)
    sheet = AnswerSheet(
        scenario="incident",
        trust=False,
        findings=(finding(found),),
        estimates={"cost": Estimate(value=figure, low=figure - half, high=figure + half)},
        rationale=post_mortem(found, rows=len(radius.affected), cost=figure),
    )
    return Answer(sheet=sheet, tables={"affected.csv": radius.affected}, code=code)


def finding(found: Cause) -> Finding:
    """The cause in the words of the sheet."""
    return Finding(
        where=found.where,
        mechanism=found.mechanism,
        action=found.action,
        since=found.since,
        probability=0.95,
        evidence=found.evidence,
    )


def nobody() -> pd.DataFrame:
    """The table of the affected without a row."""
    return pd.DataFrame({"month": pd.Series(dtype="str"), "customer_id": pd.Series(dtype="int64")})


def _nothing_wrong() -> AnswerSheet:
    return AnswerSheet(
        scenario="incident",
        trust=True,
        estimates={"cost": Estimate(value=0.0, low=-40.0, high=40.0)},
        rationale="Every snapshot follows from the raw tables, every score from its snapshot and the registry's model, "
        "every offer from its score, every label from the subscriptions. Keys are unique, words are known. The entries "
        "of the change log before the complaints left no trace in any of them.",
    )


def post_mortem(found: Cause, *, rows: int, cost: float) -> str:
    """The post-mortem as text."""
    return "\n".join(
        (
            f"What happened: {found.mechanism} in {found.where}, first in the run of {found.since}.",
            "What stayed green: jobs, rows, missing cells, and the AUC of what landed. None of them compares a step's",
            "output with its input.",
            f"Evidence: {found.evidence}. The steps before and after it follow from their inputs, which clears the",
            "other entries of the change log.",
            f"Radius: {rows:,} customer-months, {cost:,.0f} dollars by expected profit of the offers that were due.",
            f"Now: {found.action}. Done when the same comparison is clean for one run.",
            "Guard: every step is compared before offers go out; injected again, it speaks in the first run.",
            "Not watched: distributions. They moved with the season and not with this.",
        )
    )
