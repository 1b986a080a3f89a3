"""The verdict on an answer: the decision, the causes named, sameness everywhere, the figure, and where it came from."""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd

from scenarios.base import Answer, Check, Scorecard, check
from scenarios.kit.grading import damage_f, supported
from scenarios.reproducibility.causes.catalogue import cause
from scenarios.reproducibility.causes.overwritten_table import CODE as OVERWRITTEN
from scenarios.reproducibility.hidden import FIGURE_WITHIN, LINEAGE, RUNS
from scenarios.reproducibility.lineage import read_lineage, right_fields, weights
from scenarios.reproducibility.truth import Truth

NAME: Final = "reproducibility"
VERSION: Final = 5

DECISION, NAMED, SAME, FIGURE, CAME_FROM = 10.0, 35.0, 20.0, 20.0, 15.0
"""Points of each check; together 100."""

CURE, KEEP, GONE = "cure", "keep", "gone"
ACTIONS: Final = (CURE, KEEP, GONE)
"""What an answer may say of a finding: cured, innocent, or lost for good."""

SURE_ENOUGH: Final = 0.5
"""From this stated probability on, a finding counts as said."""

FALSE_ALARMS_ALLOWED: Final = 2
"""Accusations (of an oddity twice) in a case without causes at which the points for naming are gone."""

FIRST_STEP: Final = 0.2
"""What of the figure's points the first step's output earns, where it is the recorded one and the figure is not."""

UNPROVED: Final = 0.25
"""What a right decision earns that nothing named bears out."""


def grade(answer: Answer, truth: Truth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said = named(answer, truth)
    runs = _runs(answer)
    checks = (
        _decision(answer, said, truth),
        _causes(answer, said, truth),
        _same(answer, runs, truth),
        _figure(answer, runs, truth),
        _lineage(answer, truth),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks)


def named(answer: Answer, truth: Truth) -> tuple[str, ...]:
    """Codes accused, each once; one accused in a file where it does not sit stands as ``code in file``."""
    found: dict[str, None] = {}
    for finding in answer.sheet.findings:
        if (finding.action or CURE) in (CURE, GONE) and finding.probability >= SURE_ENOUGH:
            code = finding.mechanism
            right = code in truth.planted and finding.where in cause(code).where
            found[code if right else f"{code} in {finding.where}"] = None
    return tuple(found)


def _decision(answer: Answer, said: Sequence[str], truth: Truth) -> Check:
    """Whether the repository gives the record as it was handed over, and whether what was named bears that out."""
    trust, name = answer.sheet.trust, "decision"
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the figure comes back as handed over")
    if trust is not truth.control:
        right = "it does come back" if truth.control else "it does not come back"
        return check(name, 0.0, DECISION, f"trust: {str(trust).lower()} is wrong: {right}")
    share = float(not said) if truth.control else max(supported(said, truth.planted), UNPROVED * (not said))
    return check(name, share, DECISION, f"right, and {share:.0%} of what was named bears it out")


def _causes(answer: Answer, said: Sequence[str], truth: Truth) -> Check:
    name = "causes named"
    wrong = [one for one in said if one not in truth.planted]
    decoys = [one for one in wrong if tuple(one.split(" in ", 1)) in truth.decoys]
    if truth.control:
        alarms = len(wrong) + len(decoys)
        share = float(answer.sheet.trust is True) * (1.0 - alarms / FALSE_ALARMS_ALLOWED)
        return check(name, share, NAMED, f"nothing was planted; accused without reason: {_list(wrong)}")
    share = damage_f(said, dict.fromkeys(truth.planted, 1.0), decoys=decoys)
    found = [one for one in truth.planted if one in said]
    missed = [one for one in truth.planted if one not in said]
    says = f"found: {_list(found)}; missed: {_list(missed)}; accused without reason: {_list(wrong)}"
    return check(name, share, NAMED, says)


def _same(answer: Answer, runs: pd.DataFrame | None, truth: Truth) -> Check:
    """Half for the two clean copies, half for the planted conditions one at a time; all on data nobody has seen."""
    name = "same bytes everywhere"
    if runs is None:
        return check(name, 0.0, SAME, "no repository was handed in")
    home, less = runs.loc["home"], runs.loc["less"]
    if home["error"] or not home["outputs"]:
        return check(name, 0.0, SAME, f"the repository does not run: {home['error'] or 'nothing in out/'}")
    if _denied(answer, truth):
        return check(name, 0.0, SAME, _DENIED)
    if why := _not_computed(runs):
        return check(name, 0.0, SAME, f"bytes that no result was computed for prove nothing: {why}")
    conditions = [code for code in truth.planted if code in runs.index]
    held = [code for code in conditions if runs.loc[code, "outputs"] == less["outputs"]]
    everywhere = bool(runs.loc["away", "outputs"] == less["outputs"]) and not runs.loc["away", "error"]
    share = 0.5 * everywhere + 0.5 * (len(held) / len(conditions) if conditions else everywhere)
    moved = [code for code in conditions if code not in held]
    says = f"two clean copies {'agree' if everywhere else 'differ'}; still moved by: {_list(moved)}"
    return check(name, share, SAME, says)


_DENIED: Final = "the repository did so as handed over, which the answer does not say"


def _denied(answer: Answer, truth: Truth) -> bool:
    """Whether an answer hands in what was sound all along without saying that it was."""
    return truth.control and answer.sheet.trust is not True


def _not_computed(runs: pd.DataFrame) -> str:
    """Why the figure does not follow from the data, on all rows and on fewer; empty where it does."""
    home, less = runs.loc["home"], runs.loc["less"]
    if not (home["fits"] and less["fits"] and less["outputs"] != home["outputs"]):
        return "the figure is not the AUC of the run's own scores on the data it is given"
    return "" if less["like"] else "with customers left out, the scores are not those of this repository's model"


def _back(runs: pd.DataFrame) -> bool:
    """Whether the figure is the cured repository's, with all customers and with some left out."""
    both = runs.loc[["home", "less"]]
    return bool(((both["figure"] - both["wanted"]).abs() < FIGURE_WITHIN).all())


def _figure(answer: Answer, runs: pd.DataFrame | None, truth: Truth) -> Check:
    name = "recorded figure"
    if runs is None:
        return check(name, 0.0, FIGURE, "no repository was handed in")
    if _denied(answer, truth):
        return check(name, 0.0, FIGURE, _DENIED)
    home = runs.loc["home"]
    figure = float(str(home["figure"]))
    shown = "none" if math.isnan(figure) else f"{figure:.6f}"
    says = f"the record has {truth.figure:.6f}, a clean copy gives {shown}"
    if why := _not_computed(runs):
        return check(name, 0.0, FIGURE, f"{says}; {why}")
    back = _back(runs)
    if not back and abs(figure - truth.expected) < FIGURE_WITHIN:
        says += "; with customers left out, the cured repository gives another one than this"
    if truth.gone:
        lost = _says_gone(answer)
        share = 0.5 * lost + 0.5 * back if lost else 0.0
        told = "said" if lost else "not said"
        says += f"; its rows are gone, which was {told}; everything else cured gives {truth.expected:.6f}"
        return check(name, share, FIGURE, says)
    if _says_gone(answer):
        return check(name, 0.0, FIGURE, f"{says}; its rows were said to be gone, and they are not")
    prepared = bool(home["prepared"] == truth.recorded["out/prepared.csv"])
    return check(name, 1.0 if back else FIRST_STEP * prepared, FIGURE, says)


def _says_gone(answer: Answer) -> bool:
    findings = answer.sheet.findings
    return any(
        one.mechanism == OVERWRITTEN and one.action == GONE and one.probability >= SURE_ENOUGH for one in findings
    )


def _lineage(answer: Answer, truth: Truth) -> Check:
    name = "lineage"
    if LINEAGE not in answer.tables:
        return check(name, 0.0, CAME_FROM, "no repository was handed in")
    told = read_lineage(str(answer.tables[LINEAGE]["text"].iloc[0]))
    right, weight = right_fields(told, truth.lineage), weights(truth.planted)
    share = sum(weight[one] for one in right) / sum(weight.values())
    wrong = [one for one in weight if one not in right]
    return check(name, share, CAME_FROM, f"{len(right)} of {len(weight)} fields are right; not right: {_list(wrong)}")


def _runs(answer: Answer) -> pd.DataFrame | None:
    return answer.tables[RUNS].set_index("name") if RUNS in answer.tables else None


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "none"
