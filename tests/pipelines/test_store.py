from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipelines import store
from pipelines.errors import LabError

TABLE = pa.table({"customer_id": [1, 2, 3], "kind": pa.array(["a", "b", "a"]).dictionary_encode()})


def test_a_month_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store.write_month(tmp_path, {"usage": TABLE}, "2025-01", 0)
    store.write_month(tmp_path, {"usage": TABLE}, "2025-01", 1)

    found = store.read_month(tmp_path, "usage", "2025-01")

    assert found["customer_id"].tolist() == [1, 2, 3, 1, 2, 3]
    assert found["kind"].tolist() == ["a", "b", "a", "a", "b", "a"]


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    store.write_table(tmp_path / "one.parquet", TABLE)
    store.write_table(tmp_path / "two.parquet", TABLE)

    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_missing_month_is_named_with_what_is_there(tmp_path: Path) -> None:
    store.write_month(tmp_path, {"usage": TABLE}, "2025-01")
    store.write_month(tmp_path, {"usage": TABLE}, "2025-03")

    with pytest.raises(LabError, match=r"no file for month 2025-02.*2025-01 to 2025-03 \(2\)"):
        store.read_month(tmp_path, "usage", "2025-02")


def test_a_truncated_file_is_named_with_its_size(tmp_path: Path) -> None:
    store.write_month(tmp_path, {"usage": TABLE}, "2025-01")
    file = store.month_file(tmp_path, "usage", "2025-01")
    file.write_bytes(file.read_bytes()[:-20])

    with pytest.raises(LabError, match="not a readable Parquet file"):
        store.read_month(tmp_path, "usage", "2025-01")


def test_a_writer_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    store.write_json(path, {"a": 1})

    with pytest.raises(ValueError, match="JSON compliant"):
        store.write_json(path, {"a": float("nan")})

    assert store.read_json(path) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_a_broken_json_file_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "story.json"
    path.write_text('{\n "a": ', encoding="utf-8")

    with pytest.raises(LabError, match="line 2"):
        store.read_json(path)


def test_a_frame_is_written_without_its_index(tmp_path: Path) -> None:
    store.write_frame(tmp_path / "x.parquet", pd.DataFrame({"a": [1, 2]}, index=[7, 8]))

    assert store.read_frame(tmp_path / "x.parquet").columns.tolist() == ["a"]
