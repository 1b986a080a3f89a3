"""Grading: bands of the sample answers, and what each check pays for."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from monitoring.performance.metrics import auc
from scenarios.base import Answer, AnswerSheet, Case, Estimate, Finding, Level, Status
from scenarios.validation.clustered import clustered_auc
from scenarios.validation.grading import BLIND, grade
from scenarios.validation.plan import MAIN
from scenarios.validation.scenario import SCENARIO
from scenarios.validation.traps import TRAPS
from scenarios.validation.truth import Truth

Cases: TypeAlias = Callable[[Level, bool], Case[Truth]]
Folders: TypeAlias = Callable[[Level, bool], Path]


LEVELS = tuple(Level)
ANSWERS = {one.name: one for one in SCENARIO.sample_answers}


def about(value: float, half: float = 0.01) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


def sheet(**fields: object) -> Answer:
    return Answer(sheet=AnswerSheet(scenario="validation", **fields))


def points(answer: Answer, truth: Truth, name: str) -> float:
    return next(one.points for one in grade(answer, truth).checks if one.name == name)


def right(truth: Truth) -> tuple[Finding, ...]:
    return tuple(Finding(where=truth.where[code], mechanism=code, action="fix") for code in truth.prices)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(ANSWERS))
def test_a_sample_answer_scores_in_its_band(name: str, level: Level, case: Cases, folder: Folders) -> None:
    answer = ANSWERS[name].answer(folder(level, False))
    assert grade(answer, case(level, False).truth).score in ANSWERS[name].band


@pytest.mark.parametrize("name", [name for name, one in ANSWERS.items() if one.control_band is not None])
def test_a_sample_answer_scores_in_its_band_on_a_control(name: str, case: Cases, folder: Folders) -> None:
    answer = ANSWERS[name].answer(folder(Level.MID, True))
    assert grade(answer, case(Level.MID, True).truth).score in ANSWERS[name].control_band


def test_every_check_has_a_reason_and_planted_cases_are_worth_100(case: Cases) -> None:
    card = grade(sheet(), case(Level.MID, False).truth)
    assert all(one.reason for one in card.checks)
    assert sum(one.of for one in card.checks) == pytest.approx(100.0)
    assert card.score == 0.0


def test_on_a_control_prices_are_not_asked_for(case: Cases) -> None:
    card = grade(sheet(), case(Level.MID, True).truth)
    assert [one.name for one in card.checks if one.status is Status.SKIPPED] == ["prices of the traps"]
    assert card.score == 0.0


def test_a_code_in_the_wrong_step_is_no_finding(case: Cases) -> None:
    truth = case(Level.JUNIOR, False).truth
    wrong = tuple(one.model_copy(update={"where": "load"}) for one in right(truth))
    assert points(sheet(trust=False, findings=wrong), truth, "traps named") == 0.0


def test_naming_all_traps_and_nothing_else_earns_every_point_for_naming(case: Cases) -> None:
    truth = case(Level.SENIOR, False).truth
    assert points(sheet(trust=False, findings=right(truth)), truth, "traps named") == 35.0


def test_calling_a_sin_harmless_costs_nothing_and_accusing_it_does(case: Cases) -> None:
    truth = case(Level.SENIOR, False).truth
    code = next(iter(truth.harmless))
    sin = Finding(where=truth.where[code], mechanism=code, action="keep")
    assert points(sheet(trust=False, findings=(*right(truth), sin)), truth, "traps named") == 35.0
    accused = sin.model_copy(update={"action": "fix"})
    assert points(sheet(trust=False, findings=(*right(truth), accused)), truth, "traps named") < 30.0


def test_a_right_decision_without_findings_earns_nothing_on_a_planted_case(case: Cases) -> None:
    assert points(sheet(trust=False), case(Level.MID, False).truth, "decision") == 0.0


def test_trusting_a_planted_case_earns_nothing_for_the_decision(case: Cases) -> None:
    truth = case(Level.MID, False).truth
    assert points(sheet(trust=True, findings=right(truth)), truth, "decision") == 0.0


def test_an_interval_that_holds_everything_earns_nothing(case: Cases) -> None:
    truth = case(Level.MID, True).truth
    assert points(sheet(trust=True, estimates={"auc": about(truth.auc, 0.2)}), truth, "honest interval") == 0.0
    assert points(sheet(trust=True, estimates={"auc": about(truth.auc, 0.02)}), truth, "honest interval") == 10.0


def test_exact_prices_earn_every_point_and_none_earn_nothing(case: Cases) -> None:
    truth = case(Level.MID, False).truth
    prices = {f"bought_{code}": about(one.points) for code, one in truth.prices.items()}
    assert points(sheet(findings=right(truth), estimates=prices), truth, "prices of the traps") == 15.0
    assert points(sheet(findings=right(truth)), truth, "prices of the traps") == 0.0


def test_a_price_counts_for_a_trap_that_is_accused(case: Cases) -> None:
    truth = case(Level.MID, False).truth
    prices = {f"bought_{code}": about(one.points) for code, one in truth.prices.items()}
    absent = Finding(where="columns", mechanism="target-in-features", action="fix")
    assert points(sheet(trust=False, estimates=prices), truth, "prices of the traps") == 0.0
    assert 0.0 < points(sheet(findings=right(truth)[:1], estimates=prices), truth, "prices of the traps") < 15.0
    assert 0.0 < points(sheet(findings=(*right(truth), absent), estimates=prices), truth, "prices of the traps") < 15.0


@pytest.mark.parametrize("trust", [False, True, None])
@pytest.mark.parametrize("level", LEVELS)
def test_figures_known_beforehand_earn_little_where_nothing_is_found(
    trust: bool | None, level: Level, case: Cases
) -> None:
    truth = case(level, False).truth
    assert grade(sheet(trust=trust, estimates=known_beforehand()), truth).score <= 25.0
    accused = tuple(Finding(where=one.where, mechanism=one.code, action="fix") for one in TRAPS)
    assert grade(sheet(trust=trust, findings=accused, estimates=known_beforehand()), truth).score <= 25.0


@pytest.mark.parametrize("trust", [False, None])
def test_a_right_figure_alone_is_no_verdict_on_a_control(trust: bool | None, case: Cases) -> None:
    truth = case(Level.MID, True).truth
    exact = {"auc": about(truth.auc, 0.016)}
    assert grade(sheet(trust=trust, estimates=exact), truth).score <= 25.0
    assert grade(sheet(trust=True, estimates=exact), truth).score == 100.0


def test_a_figure_counts_in_full_where_most_of_what_was_named_is_there(case: Cases) -> None:
    truth = case(Level.SENIOR, False).truth
    exact = {"auc": about(truth.auc, 0.016)}
    absent = Finding(where="columns", mechanism="target-in-features", action="fix")
    found = sheet(trust=False, findings=(*right(truth), absent), estimates=exact)
    assert points(found, truth, "honest interval") == 10.0
    assert points(sheet(trust=False, findings=(absent,), estimates=exact), truth, "honest interval") == 10.0 * BLIND
    assert points(sheet(trust=True, findings=right(truth), estimates=exact), truth, "honest interval") == 10.0 * BLIND


def known_beforehand() -> dict[str, Estimate]:
    """Figures of a usual case: what such models give, and what such traps buy."""
    other = {"accuracy-at-low-churn": 0.96, "threshold-on-test": 60.0}
    bought = {one.code: other.get(one.code, 0.1 if one.code in MAIN else 0.025) for one in TRAPS}
    prices = {f"bought_{code}": about(value, 0.0) for code, value in bought.items()}
    return {"auc": about(0.75, 0.016), "profit_per_1000": about(0.0, 50.0), **prices}


def test_one_row_a_customer_gives_delongs_error() -> None:
    draw = np.random.default_rng(0)
    churned = draw.random(2000) < 0.1
    score = draw.random(2000) + 0.3 * churned
    found, delong = clustered_auc(churned, score, np.arange(2000)), auc(churned, score)
    assert (found.value, found.error) == pytest.approx((delong.value, delong.error), rel=1e-9)


def test_repeating_each_customer_adds_no_certainty() -> None:
    draw = np.random.default_rng(0)
    churned = draw.random(500) < 0.2
    score, customer = draw.random(500) + 0.3 * churned, np.arange(500)
    once = clustered_auc(churned, score, customer)
    thrice = clustered_auc(np.repeat(churned, 3), np.repeat(score, 3), np.repeat(customer, 3))
    assert thrice.error == pytest.approx(once.error, rel=1e-9)
