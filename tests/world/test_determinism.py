"""The same world gives the same bytes, however it is computed."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.errors import LabError
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.levers.catalogue import pulled
from pipelines.world.recorder import TABLES
from pipelines.world.run import RecordedMonth, run, run_on, standing
from pipelines.world.simulate import entity_spans
from pipelines.world.standing import as_table, from_table


@pytest.fixture(scope="session")
def company(make_company: Callable[..., Company]) -> Company:
    return make_company(customers=500)


@pytest.fixture(scope="session")
def months(company: Company) -> tuple[RecordedMonth, ...]:
    return tuple(run(company))


@pytest.mark.parametrize("block", [40, 333, 1024, 100_000])
def test_the_size_of_a_block_changes_no_byte(company: Company, months: tuple[RecordedMonth, ...], block: int) -> None:
    for month, same in zip(months, run(company, block=block), strict=True):
        assert_equal(month, same)


@pytest.mark.parametrize("share", [0.01, 0.4, 0.93])
def test_parts_run_apart_add_up_to_the_whole(company: Company, months: tuple[RecordedMonth, ...], share: float) -> None:
    ((first, stop),) = entity_spans(company)
    cut = first + round(share * (stop - first))

    parts = (run(company, entities=(first, cut)), run(company, entities=(cut, stop)))

    for month, left, right in zip(months, *parts, strict=True):
        assert month.truth.equals(joined(left.truth, right.truth))
        for name in TABLES:
            assert month.tables[name].equals(joined(left.tables[name], right.tables[name]))


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), block=st.integers(16, 400), customers=st.integers(30, 200))
def test_any_world_is_the_same_in_any_block_size(seed: int, block: int, customers: int) -> None:
    calendar = Calendar(first_month="2024-11", burn_in=1, history=1, production=1)
    company = Company(seed=seed, customers=customers, calendar=calendar)

    for month, same in zip(run(company), run(company, block=block), strict=True):
        assert_equal(month, same)


def test_starting_to_record_later_changes_no_byte(company: Company, months: tuple[RecordedMonth, ...]) -> None:
    late = tuple(run(company, from_month=3))

    assert [month.month for month in late] == [3, 4, 5]
    for month, same in zip(months[3:], late, strict=True):
        assert_equal(month, same)


@pytest.mark.parametrize("name", ["price_rise", "rival_base"])
def test_a_world_that_goes_on_from_a_standing_is_the_world_that_started_anew(company: Company, name: str) -> None:
    lever = pulled(name, start=4)
    changed = replace(company, levers=(lever,))
    since = standing(company, 3)

    anew = tuple(run(changed, from_month=3))

    from_disk = from_table(company, 3, as_table(since).to_pandas())
    for on in (tuple(run_on(since, changed)), tuple(run_on(since, changed)), tuple(run_on(from_disk, changed))):
        for month, same in zip(anew, on, strict=True):
            assert_equal(month, same)


def test_a_world_knows_where_it_stands_after_each_month(company: Company, months: tuple[RecordedMonth, ...]) -> None:
    for month, same in zip(months[4:], run_on(months[3].after, company), strict=True):
        assert_equal(month, same)


def test_a_world_with_another_past_cannot_go_on_from_here(company: Company) -> None:
    since = standing(company, 3)

    with pytest.raises(LabError, match="price_rise"):
        next(run_on(since, replace(company, levers=(pulled("price_rise", start=2),))))
    with pytest.raises(LabError, match="given seed 12"):
        next(run_on(since, replace(company, seed=12)))


def test_another_seed_is_another_world(company: Company, make_company: Callable[..., Company]) -> None:
    other = next(run(make_company(customers=500, seed=12)))

    assert not next(run(company)).tables["usage"].equals(other.tables["usage"])


def test_the_same_months_are_written_as_the_same_files(
    company: Company, months: tuple[RecordedMonth, ...], tmp_path: Path
) -> None:
    for folder, source in (("a", months), ("b", tuple(run(company, block=300)))):
        for month in source:
            store.write_month(tmp_path / folder, month.tables, month.label)

    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert len(digests(tmp_path / "a")) == len(TABLES) * len(months)


def test_rows_are_known_only_after_they_happen(months: tuple[RecordedMonth, ...]) -> None:
    for month in months:
        for name in TABLES:
            rows = month.tables[name].to_pandas()
            assert (rows["available_at"] >= rows["event_at"]).all(), name


def test_no_customer_does_anything_after_leaving(months: tuple[RecordedMonth, ...]) -> None:
    left: set[int] = set()

    for month in months:
        for name in TABLES:
            assert left.isdisjoint(month.tables[name]["customer_id"].to_pylist()), (month.month, name)
        assert left.isdisjoint(month.truth["customer_id"].to_pylist())
        truth = month.truth.to_pandas()
        left |= set(truth["customer_id"][truth["reason"] >= 0])

    assert left


def assert_equal(month: RecordedMonth, same: RecordedMonth) -> None:
    assert month.truth.equals(same.truth)
    for name in TABLES:
        assert month.tables[name].equals(same.tables[name]), (month.month, name)


def joined(left: pa.Table, right: pa.Table) -> pa.Table:
    return pa.concat_tables([left, right]).combine_chunks()


def digests(root: Path) -> dict[str, str]:
    files = sorted(root.rglob("*.parquet"))
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
