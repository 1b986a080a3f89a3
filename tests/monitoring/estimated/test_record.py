import json
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from monitoring.months import name_of
from monitoring.performance.estimated.measure import measure_estimate
from monitoring.performance.estimated.record import (
    EstimateState,
    in_half_widths,
    remembered,
    score_landed,
    tail,
)
from monitoring.performance.estimated.reference import EstimateReference
from monitoring.vocabulary import Layer, Measurement, Verdict

Draw: TypeAlias = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


def after_months(
    reference: EstimateReference, draw: Draw, months: int, strength: float
) -> tuple[EstimateState, list[Measurement]]:
    """Estimates of some months, whose labels land two months later."""
    state, said, cohorts = EstimateState(), [], {}
    for at in range(months):
        month = name_of(24_300 + at)
        view, cohorts[month] = draw(700 + at, strength=strength)
        due = name_of(24_300 + at - 2)
        landed = {due: cohorts[due]} if due in cohorts else {}
        state, found = score_landed(reference, state, landed, month)
        said += found
        measured = measure_estimate(reference, cohorts[month]["score"], view, month, widening=state.widening)
        state = remembered(state, month, measured)
    return state, said


def test_landed_labels_replace_their_estimate_and_score_it(reference: EstimateReference, draw: Draw) -> None:
    state, said = after_months(reference, draw, 8, strength=1.0)
    errors = [one for one in said if one.signal == "estimate_error"]
    coverage = [one for one in said if one.signal == "estimate_coverage"]

    assert [one.detail("cohort") for one in errors] == [name_of(24_300 + at) for at in range(6)]
    assert all(one.value == pytest.approx(one.detail("realised") - one.detail("estimated")) for one in errors)
    assert [one.verdict for one in coverage] == [Verdict.OK] * 6
    assert coverage[-1].value == state.coverage >= 5 / 6
    assert sorted(state.waiting) == [name_of(24_306), name_of(24_307)]
    assert {one.layer for one in said} == {Layer.REALISED}


def test_an_estimator_whose_claim_breaks_is_itself_an_alarm(reference: EstimateReference, draw: Draw) -> None:
    state, said = after_months(reference, draw, 8, strength=0.3)
    coverage = [one for one in said if one.signal == "estimate_coverage"]

    assert coverage[0].verdict is Verdict.OK
    assert coverage[-1].verdict is Verdict.ALARM
    assert not coverage[-1].hard
    assert state.coverage < 0.6
    assert state.widening > 1.5


def test_the_state_survives_a_restart(reference: EstimateReference, draw: Draw) -> None:
    state, _ = after_months(reference, draw, 5, strength=1.0)

    assert EstimateState.from_plain(json.loads(json.dumps(state.to_plain(), allow_nan=False))) == state
    assert len(json.dumps(state.to_plain())) < 3000


def test_a_cohort_is_scored_once_and_only_when_most_labels_are_there(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(31)
    first = EstimateState()
    waiting = remembered(first, "2025-01", measure_estimate(reference, cohort["score"], view, "2025-01"))

    early, nothing = score_landed(reference, waiting, {"2025-01": cohort.head(2000)}, "2025-02")
    scored, found = score_landed(reference, early, {"2025-01": cohort}, "2025-03")
    again, repeated = score_landed(reference, scored, {"2025-01": cohort}, "2025-04")

    assert (early, nothing) == (waiting, [])
    assert [one.signal for one in found] == ["estimate_error", "estimate_coverage"]
    assert (again, repeated) == (scored, [])


@pytest.mark.parametrize(
    "landed",
    [
        pd.DataFrame({"churned": [1.0, 0.0]}),
        pd.DataFrame({"score": [0.1] * 6000, "churned": [0.0] * 6000}),
        pd.DataFrame({"score": ["x"] * 6000, "churned": [None] * 6000}),
    ],
    ids=["no scores", "nobody left", "nonsense"],
)
def test_labels_that_cannot_be_read_score_nothing(
    reference: EstimateReference, draw: Draw, landed: pd.DataFrame
) -> None:
    view, cohort = draw(32)
    state = remembered(EstimateState(), "2025-01", measure_estimate(reference, cohort["score"], view, "2025-01"))

    assert score_landed(reference, state, {"2025-01": landed}, "2025-03") == (state, [])
    assert score_landed(None, state, {"2025-01": cohort}, "2025-03") == (state, [])


def test_estimates_of_broken_months_are_dropped_unscored(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(33)
    state = remembered(EstimateState(), "2025-01", measure_estimate(reference, cohort["score"], view, "2025-01"))

    after, found = score_landed(reference, state, {"2025-01": cohort}, "2025-03", faulty=["2025-01"])

    assert (after.waiting, found) == ({}, [])


def test_a_month_without_an_estimate_leaves_nothing_behind(reference: EstimateReference) -> None:
    nothing = measure_estimate(reference, pd.Series([], dtype=float), None, "2025-01")

    assert remembered(EstimateState(), "2025-01", nothing) == EstimateState()
    assert np.isnan(EstimateState().coverage)
    assert EstimateState().widening == 1.0


@given(st.integers(0, 24), st.integers(0, 24), st.floats(0.5, 0.99))
def test_the_tail_is_the_binomials(hits: int, more: int, share: float) -> None:
    assert tail(hits, hits + more, share) == pytest.approx(stats.binom.cdf(hits, hits + more, share), abs=1e-9)


@given(st.floats(-1.0, 1.0), st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.floats(-3.0, 3.0))
def test_errors_are_one_at_the_ends_of_the_interval(value: float, below: float, above: float, at: float) -> None:
    said = (value - below, value, value + above)

    assert in_half_widths(said, value + above) == pytest.approx(1.0)
    assert in_half_widths(said, value - below) == pytest.approx(-1.0)
    assert (abs(in_half_widths(said, value + at)) <= 1.0 + 1e-9) is (said[0] - 1e-9 <= value + at <= said[2] + 1e-9)
