from pathlib import Path

import pandas as pd
import pytest

from pipelines.errors import LabError
from scenarios.kit.pack import plain_types, read_public_table, write_public

TABLE = pd.DataFrame({"customer_id": [1, 2], "plan": ["pro", None]})


def test_tables_and_texts_come_back_as_they_were(tmp_path: Path) -> None:
    write_public(tmp_path, {"a/t.parquet": TABLE, "t.csv": TABLE, "README.md": "read me\n"})

    pd.testing.assert_frame_equal(read_public_table(tmp_path, "a/t.parquet"), TABLE)
    pd.testing.assert_frame_equal(read_public_table(tmp_path, "t.csv"), TABLE)
    assert (tmp_path / "README.md").read_text() == "read me\n"


def test_the_same_files_have_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_public(tmp_path / folder, {"t.parquet": TABLE.copy(), "t.csv": TABLE})

    for name in ("t.parquet", "t.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("name", ["../out.parquet", "a/../../out.parquet", "/etc/out.parquet"])
def test_a_file_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LabError, match="lies outside the folder"):
        write_public(tmp_path, {name: TABLE})


def test_a_table_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"must end in .parquet or .csv"):
        write_public(tmp_path, {"t.pickle": TABLE})


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"cannot be read as CSV"):
        read_public_table(tmp_path, "t.csv")


def test_text_has_one_type_whichever_step_made_it() -> None:
    table = pd.DataFrame(
        {"plan": pd.Categorical(["a", None]), "month": pd.Series(["x", None], dtype=object), "n": [1, 2]}
    )

    shown = plain_types(table)

    assert shown["plan"].dtype == shown["month"].dtype == "str"
    assert list(shown.isna().sum()) == [1, 1, 0]
    assert shown["n"].dtype == table["n"].dtype
