"""Every fault: deterministic, confined to its tables, and biting or harmless as declared."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import LabError
from pipelines.labels import labels
from pipelines.laboratory import Laboratory
from pipelines.recorded import World
from pipelines.world.faults import catalogue, fault
from pipelines.world.faults.catalogue import FAULTS, pulled
from pipelines.world.faults.fault import Delivery, PulledFault
from pipelines.world.faults.touched import touched

NAMES = [each.name for each in FAULTS]
BY_POSITION = ("truncation", "test_accounts")
"""Faults that cut or copy by position in the file, as the real thing does."""

LABEL_FAULTS = ("label_definition", "immature_labels")
START = 14
BITE = 0.10
SILENCE = 0.03
"""Relative change of profit, recall or flagged volume; for the two faults of the label, of recorded churn."""


@pytest.fixture(scope="session")
def clean(laboratory: Laboratory) -> Delivery:
    """The delivery of the month after the start."""
    return laboratory.base.deliveries[laboratory.start + 1]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LABEL_FAULTS])
def test_a_fault_bites_or_is_harmless_as_declared(name: str, laboratory: Laboratory) -> None:
    cutoffs = (laboratory.start + 2, laboratory.start + 4)

    damaged = laboratory.with_fault(pulled(name, start=laboratory.start), until=max(cutoffs))
    harm = laboratory.harm(damaged, cutoffs)

    assert harm.worst <= SILENCE if catalogue.fault(name).harmless else harm.worst >= BITE


@pytest.mark.parametrize("name", LABEL_FAULTS)
def test_a_fault_of_the_label_moves_recorded_churn(name: str, laboratory: Laboratory) -> None:
    months = range(laboratory.start, laboratory.start + 3)

    damaged = laboratory.with_fault(pulled(name, start=laboratory.start), until=months.stop + 1)
    change = recorded_churn(damaged, months) / recorded_churn(laboratory.base, months) - 1.0

    assert abs(change) >= BITE


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_touches_its_tables_and_no_other(name: str, laboratory: Laboratory, clean: Delivery) -> None:
    damaged = once(laboratory, pulled(name, start=START), clean)

    assert set(touched(clean, damaged)) == set(catalogue.fault(name).tables)
    assert {table: list(rows.columns) for table, rows in damaged.items()} == {
        table: list(rows.columns) for table, rows in clean.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_leaves_what_it_was_given_alone(name: str, laboratory: Laboratory, clean: Delivery) -> None:
    copies = {table: rows.copy(deep=True) for table, rows in clean.items()}

    once(laboratory, pulled(name, start=START), clean)

    for table in catalogue.fault(name).tables:
        pd.testing.assert_frame_equal(copies[table], clean[table])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BY_POSITION])
def test_a_fault_hits_the_same_rows_whatever_their_order(name: str, laboratory: Laboratory, clean: Delivery) -> None:
    rng = np.random.default_rng(5)
    shuffled = {table: rows.iloc[rng.permutation(len(rows))].reset_index(drop=True) for table, rows in clean.items()}

    in_order, mixed = (once(laboratory, pulled(name, start=START), delivery) for delivery in (clean, shuffled))

    for table in catalogue.fault(name).tables:
        assert not touched({table: in_order[table]}, {table: mixed[table]})


@pytest.mark.parametrize("name", NAMES)
def test_no_dose_damages_nothing(name: str, laboratory: Laboratory, clean: Delivery) -> None:
    assert once(laboratory, pulled(name, start=START, dose=0.0), clean) is clean


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_survives_an_empty_delivery(name: str, laboratory: Laboratory, clean: Delivery) -> None:
    empty = {table: rows.iloc[:0] for table, rows in clean.items()}

    damaged = once(laboratory, pulled(name, start=START), empty)

    assert all(len(rows) == 0 for table, rows in damaged.items() if not (name == "stale_feed" and table == "usage"))


def test_a_fault_lasts_from_its_start_to_its_end_both_included(laboratory: Laboratory, clean: Delivery) -> None:
    brief = pulled("duplicates", start=3, until=4)

    assert [once(laboratory, brief, clean, month=month) is clean for month in (2, 3, 4, 5)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_larger_share_contains_every_smaller_one(laboratory: Laboratory, clean: Delivery) -> None:
    small, large = (
        once(laboratory, pulled("missing_partition", start=START, dose=dose), clean)["usage"] for dose in (0.2, 0.4)
    )

    kept_by_large = set(large["customer_id"])
    assert kept_by_large < set(small["customer_id"])
    assert (
        clean["usage"]["customer_id"].nunique() * 0.17
        < clean["usage"]["customer_id"].nunique() - small["customer_id"].nunique()
    )


def test_faults_follow_one_another_in_one_delivery(laboratory: Laboratory, clean: Delivery) -> None:
    both = once(
        laboratory, pulled("duplicates", start=START), once(laboratory, pulled("unit_change", start=START), clean)
    )

    difference = touched(clean, both)["usage"]
    assert difference.changed > 0
    assert difference.added > 0


def test_touched_counts_rows_changed_added_and_lost_and_their_customers() -> None:
    clean = {"t": pd.DataFrame({"customer_id": [1, 2, 3, 4], "value": [1.0, 2.0, 3.0, 4.0]})}
    damaged = {"t": pd.DataFrame({"customer_id": [4, 1, 1, 2], "value": [4, 1, 1, 9]})}

    found = touched(clean, damaged)["t"]

    # 4 stays, 1 comes twice, 2 has another value, 3 is gone: two new rows stand against two old ones
    assert (found.changed, found.added, found.lost, found.customers) == (2, 0, 0, 3)
    assert found.rows == 2


def test_touched_is_empty_for_an_undamaged_delivery_in_another_representation() -> None:
    clean = {"t": pd.DataFrame({"customer_id": [1, 2], "plan": pd.Categorical(["a", "b"]), "n": [1, 2]})}
    same = {"t": pd.DataFrame({"customer_id": [2, 1], "plan": ["b", "a"], "n": [2.0, 1.0]})}

    assert touched(clean, same) == {}


def test_every_file_of_a_fault_is_in_the_catalogue_and_named_for_it() -> None:
    folder = Path(str(fault.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "catalogue", "fault", "touched"}

    assert files == set(NAMES)
    assert len(NAMES) == len(set(NAMES)) >= 16


def test_a_dose_outside_of_its_range_is_refused_with_the_range() -> None:
    with pytest.raises(LabError, match="dose of fault 'duplicates' is -1; allowed is 0 to 10"):
        pulled("duplicates", start=0, dose=-1)
    with pytest.raises(LabError, match="allowed is 0 to 1 "):
        pulled("unit_change", start=0, dose=2)


def test_a_fault_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(LabError, match="starts in month 5 and ends before that, in month 4"):
        pulled("duplicates", start=5, until=4)


def test_an_unknown_fault_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(LabError, match=r"no fault 'unit_chang'. Did you mean 'unit_change'\? Faults: .*fan_out"):
        catalogue.fault("unit_chang")


def once(laboratory: Laboratory, fault_: PulledFault, delivery: Delivery, *, month: int = START) -> Delivery:
    company = laboratory.base.company
    return fault_.deliver(
        delivery,
        month=month,
        month_start=pd.Timestamp(company.calendar.start(month)),
        streams=company.streams,
        previous=laboratory.base.deliveries[START],
    )


def recorded_churn(world: World, months: range) -> float:
    """Churners among the customers of some months, as the labels have them once they count as mature."""
    calendar = world.company.calendar
    total = 0.0
    for month in months:
        known = pd.concat([delivery["subscriptions"] for delivery in world.deliveries[: month + 2]], ignore_index=True)
        start, then = (pd.Timestamp(calendar.start(m)) for m in (month, month + 2))
        total += float(labels({"subscriptions": known}, world.truth[month].index, start, as_of=then).sum())
    return total
