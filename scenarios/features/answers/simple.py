"""The answers that look less closely: the obvious features, every aggregate at once, all suspicion, nothing."""

from pathlib import Path
from typing import Final

from scenarios.base import Answer, AnswerSheet, Finding
from scenarios.features.answers.labels import none_listed
from scenarios.features.answers.material import Material
from scenarios.features.answers.strong import CODE
from scenarios.features.answers.tables import faults
from scenarios.features.exam import codes
from scenarios.features.exam.building import FILE
from scenarios.features.exam.listed import TABLE
from scenarios.features.exam.starting import FILE as STARTER

NAME: Final = "features"

_EYE_CATCHING: Final = (codes.DUPLICATES, codes.SENTINEL, codes.DEFAULT, codes.MISSING_VALUES, codes.RENAMED)
"""What a profile of each column shows."""


def middling(folder: Path) -> Answer:
    """Profiles the columns, builds the obvious features honestly, and believes the labels."""
    case = Material(folder)
    seen = tuple(finding for finding in faults(case) if finding.mechanism in _EYE_CATCHING)
    return _answer(trust=not seen, findings=seen, code=_code("middling"), says="Profiled and rebuilt. Labels as given.")


def weak(folder: Path) -> Answer:
    """Calls every gap a fault, and builds many aggregates from rows that had happened, whenever they could be read."""
    case = Material(folder)
    gaps = [
        Finding(where=f"{name}.{column}", mechanism=codes.MISSING_VALUES)
        for name, rows in case.tables.items()
        for column in rows.columns
        if rows[column].isna().mean() > _GAP
    ]
    return _answer(trust=False, findings=tuple(gaps), code=_code("weak"), says="Two hundred aggregates will do.")


_GAP: Final = 0.2


def gaming(folder: Path) -> Answer:
    """Flags every column with everything, lists every label row, and hands in the starter's code."""
    case = Material(folder)
    places = [f"{name}.{column}" for name, rows in case.tables.items() for column in rows.columns if column != "month"]
    everything = tuple(Finding(where=place, mechanism=mechanism) for place in places for mechanism in codes.CODES[::2])
    return Answer(
        sheet=AnswerSheet(scenario=NAME, trust=False, findings=everything[:500], rationale="All of it."),
        tables={TABLE: case.labels[["customer_id", "cutoff"]]},
        code={FILE: STARTER.read_text(encoding="utf-8")},
    )


def nothing(_folder: Path) -> Answer:
    """The starter's sheet as it is."""
    return Answer(sheet=AnswerSheet(scenario=NAME))


def _code(name: str) -> str:
    return (CODE / f"{name}.py").read_text(encoding="utf-8")


def _answer(*, trust: bool, findings: tuple[Finding, ...], code: str, says: str) -> Answer:
    return Answer(
        sheet=AnswerSheet(scenario=NAME, trust=trust, findings=findings, rationale=says),
        tables={TABLE: none_listed()},
        code={FILE: code},
    )
