"""The tables of sample answers and their scores in docs/interview, made of benchmarks/results/*_scores.json.

``python benchmarks/score_tables.py`` writes them anew between their marks; a test holds the pages against the figures.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.base import Level, Scenario
from scenarios.catalogue import GRADED, scenario_module

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- scores -->\n).*?(<!-- end of scores -->)", re.DOTALL)

Span = tuple[float, float]
"""Lowest and highest score."""


def spans(name: str) -> dict[tuple[str, str], Span] | None:
    """Lowest and highest score by sample answer and column (a level, or control); None where nothing was measured."""
    file = ROOT / "benchmarks" / "results" / f"{name}_scores.json"
    if not file.is_file():
        return None
    result = json.loads(file.read_text(encoding="utf-8"))
    return _of_bands(result["bands"]) if "bands" in result else _of_rows(result["rows"])


def _of_rows(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Span]:
    scores: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        column = row["level"] if row["kind"] == "planted" else "control"
        for answer, score in row["scores"].items():
            scores.setdefault((answer, column), []).append(score)
    return {key: (min(found), max(found)) for key, found in scores.items()}


def _of_bands(bands: dict[str, dict[str, float]]) -> dict[tuple[str, str], Span]:
    found = {}
    for key, band in bands.items():
        kind, *answer, level = key.split(" ")
        column = level if kind == "planted" else "control" if level == Level.MID else ""
        if column:
            found[" ".join(answer), column] = (band["min"], band["max"])
    return found


def table(scenario: Scenario[Any], found: dict[tuple[str, str], Span]) -> str:
    """A row a sample answer, a column a level, and the control."""
    columns = [*Level, "control"]
    rows = [f"| answer | what it does | {' | '.join(columns)} |", f"|{' --- |' * (2 + len(columns))}"]
    for one in scenario.sample_answers:
        cells = " | ".join(_span(found.get((one.name, str(column)))) for column in columns)
        rows.append(f"| {one.name} | {one.what} | {cells} |")
    return "\n".join(rows) + "\n"


def _span(span: Span | None) -> str:
    if span is None:
        return "-"
    low, high = (f"{one:.0f}" for one in span)
    return low if low == high else f"{low} to {high}"


def written(text: str, scenario: Scenario[Any], found: dict[tuple[str, str], Span]) -> str:
    """A page with its table made anew."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{table(scenario, found)}\n{block[2]}", text)


def main() -> None:
    """Write every table that has marks and figures."""
    for name in GRADED:
        page, found = ROOT / "docs" / "interview" / f"{name}.md", spans(name)
        if page.is_file() and found is not None:
            text = page.read_text(encoding="utf-8")
            page.write_text(written(text, scenario_module(name).SCENARIO, found), encoding="utf-8")


if __name__ == "__main__":
    main()
