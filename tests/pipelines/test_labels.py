from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pipelines.features import build
from pipelines.labels import MATURITY_DAYS, labels, mature_at

if TYPE_CHECKING:
    from conftest import SmallWorld

CUTOFF = pd.Timestamp("2025-03-01")
LATER = pd.Timestamp("2025-08-01")


def _end(customer: int, day: str, *, reason: str = "voluntary", known_after_days: int = 2) -> dict[str, object]:
    event_at = pd.Timestamp(day)
    return {
        "customer_id": customer,
        "event": "end",
        "reason": reason,
        "event_at": event_at,
        "available_at": event_at + pd.Timedelta(days=known_after_days),
    }


def _labels(ends: list[dict[str, object]], *, as_of: pd.Timestamp = LATER) -> pd.Series:
    return labels({"subscriptions": pd.DataFrame(ends)}, pd.Index([1, 2, 3]), CUTOFF, as_of=as_of)


def test_an_end_inside_the_horizon_is_churn_and_one_after_it_is_not() -> None:
    found = _labels([_end(1, "2025-03-30"), _end(2, "2025-03-31 00:00:00")])

    assert found.tolist() == [1.0, 0.0, 0.0]


def test_an_end_before_the_cutoff_has_no_label() -> None:
    found = _labels([_end(1, "2025-02-27")])

    assert pd.isna(found[1])
    assert found[2] == 0.0


def test_a_plan_change_is_no_churn() -> None:
    assert _labels([_end(1, "2025-03-10", reason="plan_move")])[1] == 0.0


def test_labels_are_unknown_until_they_are_mature() -> None:
    ends = [_end(1, "2025-03-10")]
    day_before = mature_at(CUTOFF) - pd.Timedelta(days=1)

    assert _labels(ends, as_of=day_before).isna().all()
    assert _labels(ends, as_of=mature_at(CUTOFF))[1] == 1.0


def test_an_end_that_is_not_yet_booked_is_not_seen() -> None:
    assert _labels([_end(1, "2025-03-10", known_after_days=200)])[1] == 0.0


@pytest.mark.parametrize("month", [4, 10, 13])
def test_the_cohort_of_two_months_before_is_always_mature(small: "SmallWorld", month: int) -> None:
    assert small.cutoff(month) + pd.Timedelta(days=MATURITY_DAYS) <= small.cutoff(month + 2)


@pytest.mark.parametrize("month", [5, 6, 13])
def test_mature_labels_equal_what_the_world_did(small: "SmallWorld", month: int) -> None:
    cutoff = small.cutoff(month)
    customers = build(small.tables, cutoff).index
    found = labels(small.tables, customers, cutoff, as_of=mature_at(cutoff))
    truth = small.truth(month)

    assert (found.reindex(truth.index) == (truth["reason"] >= 0).astype(float)).all()
    assert found[~found.index.isin(truth.index)].isna().all()
