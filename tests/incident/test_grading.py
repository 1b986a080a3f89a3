from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pipelines import store
from scenarios.base import Answer, AnswerSheet, Case, Draw, Estimate, Finding, Level, Scorecard
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.bank.incident import MECHANISMS, PLACES
from scenarios.incident.exam.changes import FALSE_LEADS, When, change_log
from scenarios.incident.exam.grade import AFFECTED, grade
from scenarios.incident.exam.marks import TABLE
from scenarios.incident.exam.plant import control, plant, truth_of
from scenarios.incident.exam.replaying import run_code
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.incident.system.run import Lived
from scenarios.kit.pack import public_bytes
from scenarios.kit.sandbox import budget
from tests.incident.conftest import SEED, event

Run = Callable[[str], Lived]
NAME = "failed_rollback"


@pytest.fixture(scope="session")
def truth(twin: Lived, struck: Run) -> IncidentTruth:
    return truth_of(Draw(seed=SEED, level=Level.MID), struck(NAME), twin, event(NAME))


@pytest.fixture(scope="session")
def healthy(twin: Lived) -> IncidentTruth:
    return truth_of(Draw(seed=SEED, level=Level.MID), twin, twin, None)


def right(truth: IncidentTruth, **other: str) -> Finding:
    one = truth.incident
    assert one is not None
    said = {"where": one.place, "mechanism": one.mechanism, "action": one.action, "since": truth.since}
    return Finding.model_validate(said | other)


def answer(truth: IncidentTruth, *findings: Finding, trust: bool = False) -> Answer:
    cost = Estimate(value=truth.cost, low=truth.cost * 0.8, high=truth.cost * 1.2)
    sheet = AnswerSheet(scenario="incident", trust=trust, findings=findings, estimates={"cost": cost})
    return Answer(sheet=sheet, tables={AFFECTED: truth.affected})


def points(card: Scorecard) -> dict[str, float]:
    return {one.name: one.points for one in card.checks}


def test_a_right_sheet_earns_everything_but_the_guard(truth: IncidentTruth) -> None:
    card = grade(answer(truth, right(truth)), truth)

    assert card.score == pytest.approx(78.0)


def test_the_points_of_a_planted_case_make_a_hundred(truth: IncidentTruth) -> None:
    assert sum(one.of for one in grade(answer(truth), truth).checks) == pytest.approx(100.0)


def test_a_vaguer_finding_about_another_right_place_costs_its_share(twin: Lived, struck: Run) -> None:
    name = next(one.name for one in INCIDENTS if one.also)
    told = truth_of(Draw(seed=SEED, level=Level.MID), struck(name), twin, event(name))
    assert told.incident is not None
    vague = Finding(where=told.incident.also[0], mechanism="wrong month", action="", since=None)

    marks = points(grade(answer(told, right(told), vague), told))

    assert marks["since when"] == pytest.approx(5.0)


def test_every_innocent_place_that_is_named_costs(truth: IncidentTruth) -> None:
    innocent = [Finding(where=place, action="retrain") for place in ("usage", "tickets", "campaign")]

    scores = [grade(answer(truth, right(truth), *innocent[:count]), truth).score or 0.0 for count in range(4)]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_naming_every_place_earns_next_to_nothing(truth: IncidentTruth) -> None:
    everything = [Finding(where=place, mechanism=mechanism) for place in PLACES for mechanism in MECHANISMS]

    earned = points(grade(answer(truth, *everything), truth))

    assert earned["where"] + earned["mechanism"] + earned["decision"] < 3.0


def test_a_finding_with_little_certainty_or_without_action_is_not_said(truth: IncidentTruth) -> None:
    unsure = right(truth).model_copy(update={"probability": 0.4})

    assert points(grade(answer(truth, unsure), truth))["where"] == 0.0
    assert points(grade(answer(truth, right(truth, action="keep")), truth))["where"] == 0.0


@pytest.mark.parametrize(
    ("off", "share"), [(-4, 0.0), (-2, 2 / 3), (-1, 1.0), (0, 1.0), (1, 1.0), (3, 1 / 3), (5, 0.0)]
)
def test_a_start_that_is_a_month_off_is_right_and_five_months_off_worth_nothing(
    truth: IncidentTruth, off: int, share: float
) -> None:
    said = str(np.datetime64(truth.since, "M") + off)

    assert points(grade(answer(truth, right(truth, since=said)), truth))["since when"] == pytest.approx(
        10.0 * share, abs=1e-3
    )


def test_a_cost_may_be_further_off_where_what_was_true_is_lost(truth: IncidentTruth, twin: Lived, struck: Run) -> None:
    gone = truth_of(Draw(seed=SEED, level=Level.MID), struck("usage_default"), twin, event("usage_default"))
    earned = [_for_cost(case, off=0.7) for case in (truth, gone)]

    assert 0.0 < earned[0] < earned[1] < 10.0


def _for_cost(case: IncidentTruth, *, off: float) -> float:
    """Points for a cost too high by `off` of the truth, with an interval that just holds the truth."""
    cost = Estimate(value=case.cost * (1.0 + off), low=case.cost, high=case.cost * (1.0 + 2.0 * off))
    sheet = AnswerSheet(scenario="incident", trust=False, findings=(right(case),), estimates={"cost": cost})
    return points(grade(Answer(sheet=sheet), case))["cost"]


def test_rows_of_another_month_are_no_overlap(truth: IncidentTruth) -> None:
    given = answer(truth, right(truth))
    moved = Answer(sheet=given.sheet, tables={AFFECTED: truth.affected.assign(month="1999-01")})

    assert points(grade(moved, truth))["who was hit"] == 0.0


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame(),
        pd.DataFrame({"month": ["2024-01"]}),
        pd.DataFrame({"month": ["2024-01"], "customer_id": ["nobody"]}),
        pd.DataFrame({"month": [None], "customer_id": [float("nan")]}),
    ],
)
def test_a_table_that_cannot_be_read_earns_nothing_and_breaks_nothing(
    truth: IncidentTruth, table: pd.DataFrame
) -> None:
    given = answer(truth, right(truth))

    card = grade(Answer(sheet=given.sheet, tables={AFFECTED: table}), truth)

    assert points(card)["who was hit"] == 0.0


def test_on_a_sound_system_saying_so_earns_everything_and_an_accusation_nothing(healthy: IncidentTruth) -> None:
    sheet = AnswerSheet(scenario="incident", trust=True, estimates={"cost": Estimate(value=0.0, low=-30.0, high=30.0)})
    replay = pd.DataFrame(
        {
            "world": ["a", "a", "b"],
            "month": ["1", "2", "1"],
            "wrong": [True, True, False],
            "due": [False, True, False],
            "findings": [0, 1, 0],
            "trouble": ["", "", ""],
        }
    )

    sound = grade(Answer(sheet=sheet, tables={TABLE: replay}), healthy)
    accusing = grade(answer(healthy, Finding(where="usage", action="repair feed")), healthy)

    assert sound.score == 100.0
    assert accusing.score == 0.0


def test_the_true_lead_lies_before_the_start_and_stands_among_false_ones(twin: Lived) -> None:
    one = event(NAME)
    when = When(cutoffs=[twin.world.cutoff(run.month) for run in twin.runs], start=4)

    for level in Level:
        log = change_log(one.incident, when, level, np.random.default_rng(3))
        mine = log[log["what"] == one.incident.lead]
        assert list(log["day"]) == sorted(log["day"])
        assert when.cutoffs[3] < pd.Timestamp(mine["day"].iloc[-1]) < when.cutoffs[4]
        assert len(log) >= FALSE_LEADS[level] + 6


def test_a_year_in_which_nothing_happened_has_the_papers_and_types_of_one_in_which_something_did() -> None:
    draw = Draw(seed=SEED, level=Level.JUNIOR)
    loud, quiet = plant(draw), control(draw)

    assert loud.truth.struck is not None
    assert quiet.truth.struck is None
    for name in ("changes.csv", "oncall.md"):
        assert public_bytes({name: loud.public[name]}) == public_bytes({name: quiet.public[name]})
    assert _types(loud) == _types(quiet)


def _types(case: Case[IncidentTruth]) -> dict[str, str]:
    frames = {name: content for name, content in case.public.items() if isinstance(content, pd.DataFrame)}
    return {name: str(store.as_table(frame).schema) for name, frame in frames.items()}


CRASHES = "def check(month_tables, history):\n    raise RuntimeError('no')\n"
SAYS_ONE = "def check(month_tables, history):\n    return 1\n"


@pytest.mark.parametrize(
    ("code", "says"), [(CRASHES, "RuntimeError"), (SAYS_ONE, "returned int"), ("x = 1\n", "check")]
)
def test_a_guard_that_cannot_run_earns_nothing_and_is_told_why(truth: IncidentTruth, code: str, says: str) -> None:
    tables = run_code({"guard.py": code}, truth, trusted=True)

    card = grade(Answer(sheet=AnswerSheet(scenario="incident"), tables=tables), truth)
    guard = [one for one in card.checks if one.name.startswith("guard")]

    assert [one.points for one in guard] == [0.0, 0.0]
    assert says in guard[0].reason


COUNTS = "def check(month_tables, history):\n    return [str(len(history))]\n"


def test_how_much_history_a_guard_gets_says_nothing_about_what_is_to_come(truth: IncidentTruth) -> None:
    replay = run_code({"guard.py": COUNTS}, truth, trusted=True)[TABLE]

    firsts = replay.groupby("world").first()

    assert set(firsts["wrong"]) == {True, False}
    assert len(set(firsts["said"])) == 1


def test_a_figure_without_a_cause_earns_nothing(truth: IncidentTruth) -> None:
    free = grade(answer(truth), truth)
    caused = grade(answer(truth, right(truth)), truth)

    assert (points(free)["cost"], points(caused)["cost"]) == (0.0, 10.0)


SLOW = "import time\n\n\ndef check(month_tables, history):\n    time.sleep(0.5)\n    return []\n"


def test_a_guard_that_is_slow_in_every_month_runs_out_of_time_and_earns_nothing(
    truth: IncidentTruth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "SECONDS", 6.0)

    tables = run_code({"guard.py": SLOW}, truth, trusted=True)

    card = grade(Answer(sheet=AnswerSheet(scenario="incident"), tables=tables), truth)
    guard = [one for one in card.checks if one.name.startswith("guard")]
    said = list(tables[TABLE]["trouble"])
    assert [one.points for one in guard] == [0.0, 0.0]
    assert "time budget used up" in guard[0].reason
    assert said[0] == ""
    assert said[-1].startswith("time budget used up")
