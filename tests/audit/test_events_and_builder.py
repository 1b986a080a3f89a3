import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import LabError
from pipelines.user_tables.builder import load_builder
from pipelines.user_tables.events import read_events

Written = Callable[..., Path]

EVENTS = "customer_id,event_at,available_at\n1,2024-01-01,2024-01-02\n2,2024-01-03,2024-01-03\n"

BUILDER = """
import pandas as pd

def build(tables, cutoff):
    known = tables["usage"]
    known = known[known["available_at"] < cutoff]
    return known.groupby("customer_id").size().to_frame("events")

def once(tables):
    return None

def broken(tables, cutoff):
    return tables["no such table"]

def numbers(tables, cutoff):
    return 7

def twice(tables, cutoff):
    return pd.DataFrame({"x": [1, 2]}, index=["a", "a"])

def careless(tables, cutoff):
    tables["usage"].loc[0, "customer_id"] = 0
    tables["usage"]["more"] = 1
    return pd.DataFrame({"x": [1]})

LIMIT = 3
"""


def test_every_file_and_every_folder_of_parts_is_a_table(written: Written, tmp_path: Path) -> None:
    written(EVENTS, "events/usage.csv")
    for month in ("2024-01", "2024-02"):
        part = tmp_path / "events" / "bills" / f"month={month}" / "part.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(pa.table({"available_at": pa.array([0], pa.timestamp("us"))}), part)

    events = read_events(tmp_path / "events")

    assert {name: len(table) for name, table in events.tables.items()} == {"usage": 2, "bills": 2}
    assert any("'event_at'" in note and "bills" in note and "usage" not in note for note in events.notes)


def test_a_table_without_availability_is_refused_with_its_columns(written: Written) -> None:
    folder = written("customer_id,seen_at\n1,2024-01-01\n", "events/usage.csv").parent

    with pytest.raises(LabError, match=r"usage\.csv: it has no column 'available_at'.*customer_id, seen_at"):
        read_events(folder)


def test_availability_that_is_no_time_is_refused(written: Written) -> None:
    folder = written("customer_id,available_at\n1,soon\n2,later\n", "events/usage.csv").parent

    with pytest.raises(LabError, match=r"'available_at' holds no times \(its first cell: 'soon'\)"):
        read_events(folder)


def test_a_folder_that_is_one_table_is_told_apart_from_a_folder_of_tables(written: Written) -> None:
    folder = written(EVENTS, "usage/month=2024-01/part.csv").parent.parent

    with pytest.raises(LabError, match="Name the folder above it"):
        read_events(folder)


@pytest.mark.parametrize(("name", "reason"), [("nowhere", "no such folder"), ("empty", "holds no event table")])
def test_a_folder_without_tables_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(LabError, match=reason):
        read_events(tmp_path / name)


@pytest.fixture
def project(written: Written) -> Path:
    return written(BUILDER, "src_features.py").parent


@pytest.mark.parametrize("where", ["src_features", "src_features.py", "ABSOLUTE"])
def test_a_builder_is_found_by_module_or_by_file(project: Path, where: str) -> None:
    where = str(project / "src_features.py") if where == "ABSOLUTE" else where
    usage = pd.DataFrame(
        {"customer_id": [1, 1, 2], "available_at": pd.to_datetime(["2024-01-01"] * 2 + ["2024-03-01"])}
    )

    built = load_builder(f"{where}:build", project)({"usage": usage}, pd.Timestamp("2024-02-01"))

    assert built["events"].to_dict() == {1: 2}


def test_loading_a_builder_leaves_the_import_path_as_it_was(project: Path) -> None:
    import sys

    before = list(sys.path)

    load_builder("src_features.py:build", project)

    assert sys.path == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("src_features", "wrong form. Write module:function"),
        (":build", "wrong form"),
        ("src_features:not a name", "wrong form"),
        ("src_feature:build", "no module of this name.*Did you mean src_features"),
        ("src_feature.py:build", "no such file. Did you mean src_features.py"),
        ("src_features.py:buld", "has no 'buld'. Did you mean build"),
        ("src_features.py:LIMIT", "is no function"),
        ("src_features.py:once", "two arguments"),
    ],
)
def test_a_builder_that_cannot_be_had_is_refused_with_the_reason(project: Path, name: str, reason: str) -> None:
    with pytest.raises(LabError, match=reason):
        load_builder(name, project)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("import no_such_package_at_all", "imports 'no_such_package_at_all'"),
        ("1 / 0", r"ZeroDivisionError.*\(bad\.py, line 1\)"),
    ],
)
def test_a_module_that_fails_to_import_says_why(written: Written, content: str, reason: str) -> None:
    folder = written(content, "bad.py").parent

    with pytest.raises(LabError, match=reason):
        load_builder("bad.py:build", folder)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("broken", r"KeyError: 'no such table' \(src_features\.py, line 13\)"),
        ("numbers", "returned a int, not a data frame"),
        ("twice", "returned an entity more than once"),
    ],
)
def test_a_builder_that_breaks_its_contract_says_where(project: Path, function: str, reason: str) -> None:
    build = load_builder(f"src_features.py:{function}", project)

    with pytest.raises(LabError, match=reason):
        build({"usage": pd.DataFrame()}, pd.Timestamp("2024-02-01"))


def test_a_careless_builder_cannot_change_the_events(project: Path) -> None:
    usage = pd.DataFrame({"customer_id": [1, 2]})

    load_builder(f"{project}{os.sep}src_features.py:careless", project)({"usage": usage}, pd.Timestamp("2024-02-01"))

    assert usage.to_dict("list") == {"customer_id": [1, 2]}
