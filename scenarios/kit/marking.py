"""From an answer to its scorecard: code is run first, then the grader reads what came of it."""

from dataclasses import replace
from typing import Any

from pipelines.errors import LabError
from scenarios.base import Answer, Scenario, Scorecard


def marked(scenario: Scenario[Any], answer: Answer, truth: Any, *, trusted: bool = False) -> Scorecard:  # noqa: ANN401
    """The scorecard of an answer, its code run in the sandbox. `trusted` is for the lab's own sample answers only.

    Raises
    ------
    LabError
        For code that the brief does not ask for, and where a candidate's code cannot be isolated on this machine.
    """
    return scenario.grade(with_code_run(scenario, answer, truth, trusted=trusted), truth)


def with_code_run(
    scenario: Scenario[Any],
    answer: Answer,
    truth: Any,  # noqa: ANN401 - each scenario has a type of its own
    *,
    trusted: bool = False,
) -> Answer:
    """The answer with the tables that its code gave; tables that the brief does not ask for are thrown away."""
    asked = [one for one in scenario.brief.deliverables if one.kind in ("code", "repository")]
    if unasked := sorted(name for name in answer.code if not any(one.covers(name) for one in asked)):
        wanted = ", ".join(sorted(one.file for one in asked)) or "no code"
        raise LabError(f"The scenario '{scenario.name}' asks for {wanted}; given: {', '.join(unasked)}.")
    wanted_tables = {one.file for one in scenario.brief.deliverables if one.kind == "table"}
    own = {name: table for name, table in answer.tables.items() if name in wanted_tables}
    if scenario.run_code is None or not answer.code:
        return replace(answer, tables=own)
    return replace(answer, tables={**own, **scenario.run_code(answer.code, truth, trusted=trusted)})
