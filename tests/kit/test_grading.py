import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.base import Check, Estimate, Level, Scorecard, Status, check
from scenarios.kit.grading import damage_f, interval_share, point_share, supported

NAMES = ["a", "b", "c", "d", "e", "f"]
DAMAGE = {"a": 0.10, "b": 0.05, "c": 0.0}


def test_a_figure_earns_all_within_two_errors_and_nothing_from_eight() -> None:
    assert [point_share(0.8 + k * 0.01, 0.8, 0.01) for k in (0, 2, 5, 8, 20)] == pytest.approx([1, 1, 0.5, 0, 0])


def test_a_narrow_true_interval_earns_more_than_a_wide_one_and_a_narrow_false_one() -> None:
    def share(low: float, high: float) -> float:
        return interval_share(Estimate(value=(low + high) / 2, low=low, high=high), 0.80, 0.01)

    assert share(0.785, 0.815) == 1.0
    assert share(0.5, 1.0) == 0.0
    assert share(0.92, 0.94) == 0.0
    assert 0.0 < share(0.74, 0.86) < 1.0


def test_naming_every_planted_thing_and_nothing_else_earns_all() -> None:
    assert damage_f(["a", "b", "c"], DAMAGE) == pytest.approx(1.0)


def test_a_worse_fault_counts_more_and_a_harmless_one_still_counts() -> None:
    worst, weakest = damage_f(["a"], DAMAGE), damage_f(["c"], DAMAGE)

    assert worst > damage_f(["b"], DAMAGE) > weakest > 0.0


def test_naming_everything_earns_little_and_a_decoy_costs_twice() -> None:
    everything = [*DAMAGE, *(f"honest_{i}" for i in range(36))]

    assert damage_f(everything, DAMAGE) < 0.2
    assert damage_f(["a", "x"], DAMAGE, decoys=["x"]) < damage_f(["a", "x"], DAMAGE)


@given(st.sets(st.sampled_from(NAMES)), st.sampled_from(["a", "b", "c"]))
def test_naming_one_more_planted_thing_never_costs(named: set[str], more: str) -> None:
    assert damage_f(named | {more}, DAMAGE) >= damage_f(named, DAMAGE) - 1e-12


@given(st.sets(st.sampled_from(NAMES)))
def test_the_shares_lie_between_0_and_1(named: set[str]) -> None:
    assert 0.0 <= damage_f(named, DAMAGE, decoys=["f"]) <= 1.0
    assert 0.0 <= supported(named, DAMAGE) <= 1.0


@pytest.mark.parametrize(
    ("share", "status", "points"),
    [
        (1.0, Status.PASS, 10.0),
        (1.7, Status.PASS, 10.0),
        (0.25, Status.PARTIAL, 2.5),
        (0.0, Status.FAIL, 0.0),
        (-3.0, Status.FAIL, 0.0),
        (float("nan"), Status.FAIL, 0.0),
    ],
)
def test_a_check_turns_a_share_into_points(share: float, status: Status, points: float) -> None:
    done = check("one", share, 10.0, "because")

    assert (done.status, done.points) == (status, points)


def card(*checks: Check) -> Scorecard:
    return Scorecard(scenario="leakage", scenario_version=1, level=Level.MID, checks=checks)


def test_skipped_checks_are_left_out_of_the_hundred() -> None:
    skipped = Check(name="two", status=Status.SKIPPED, points=0.0, of=50.0, reason="not asked")

    assert card(check("one", 0.5, 50.0, ""), skipped).score == 50.0


def test_a_fault_of_the_grader_is_no_score() -> None:
    broken = Check(name="two", status=Status.ERROR, points=0.0, of=50.0, reason="the grader failed")

    assert card(check("one", 1.0, 50.0, ""), broken).score is None
