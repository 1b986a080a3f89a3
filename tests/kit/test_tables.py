"""A table that came back: read within bounds, and refused by line where columns or rows are not what they seem."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import LabError
from scenarios.base import Deliverable
from scenarios.kit.tables import table_from

CSV = Deliverable(file="p.csv", kind="table", what="", columns={"customer_id": "text", "p": "probability"})

REFUSED: dict[str, tuple[str, str]] = {
    "two columns of a name": ("customer_id,p,p\na,0.5,0.7\n", r"line 1: there are several columns 'p'"),
    "more fields in every row": ("customer_id,p\n" + "z,a,0.1\n" * 3, r"line 2: 3 fields, and line 1 names 2"),
    "more fields in one row": ("customer_id,p\na,0.1\nz,a,0.1\n", r"line 3: 3 fields, and line 1 names 2"),
    "a comma at the end": ("customer_id,p\na,0.1,\n", r"line 2: 3 fields, and line 1 names 2"),
    "fewer fields": ("customer_id,p\na,0.1\n\nb\n", r"line 4: 1 field, and line 1 names 2"),
    "a blank line first": ("\n" + "c," * 10**6 + "c\n", r"line 1: is blank; the names of the columns belong there"),
    "many columns": ("c," * 600 + "c\n1\n", r"line 1: more than 500 columns"),
    "many columns after a return": ("c," * 600 + "c\r1\r", r"line 1: more than 500 columns"),
    "many returns": ("customer_id,p\r" + "\r" * 2_000_001, r"2,000,002 rows of 2 columns"),
    "an open quote in the names": ('customer_id,"p\na,0.5\n', r"line 1: not CSV: unexpected end of data"),
    "an open quote": ('customer_id,p\n"a,0.5\n', r"line 2: not CSV: unexpected end of data"),
    "a long field": ("customer_id,p\n" + "a" * 200_000 + ",0.5\n", r"line 2: not CSV: field larger"),
    "a long line": ("customer_id,p\n" + "a," * 10**6 + "\n", r"line 2: 2,000,001 characters; at most"),
    "400 digits": ("customer_id,p\na,1\nb," + "9" * 400 + "\n", r"line 3: column 'p' must hold numbers; given: '9999"),
    "400 digits alone": ("customer_id,p\na," + "9" * 400 + "\n", r"line 2: a number has more digits than any"),
    "25 digits": ("customer_id,p\na,1\nb," + "9" * 25 + "\n", r"line 3: column 'p' must hold"),
    "nothing": ("\n\n", r"not CSV: the file is empty"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_csv_file_that_is_no_table_is_refused_by_line(kind: str) -> None:
    text, says = REFUSED[kind]

    with pytest.raises(LabError, match=rf"^p\.csv: {says}"):
        table_from(text.encode(), CSV)


@pytest.mark.parametrize(
    "text",
    [
        "customer_id,p\na,0.5\nb,0.25\n",
        "\ufeffcustomer_id,p\r\na,0.5\r\n\r\nb,0.25\r\n\r\n",
        'p,customer_id\n0.5,"a"\n0.25,"b"',
        ",customer_id,p\n0,a,0.5\n1,b,0.25\n",
    ],
)
def test_a_csv_file_is_read_however_a_program_wrote_it(text: str) -> None:
    table = table_from(text.encode(), CSV)

    assert table[["customer_id", "p"]].to_numpy().tolist() == [["a", 0.5], ["b", 0.25]]


def test_a_parquet_file_with_times_of_nowhere_is_refused(tmp_path: Path) -> None:
    asked = Deliverable(file="p.parquet", kind="table", what="", columns={"p": "probability"})
    odd = pa.table({"p": [0.5], "at": pa.array([1], pa.timestamp("s", "Nowhere/Bad"))})
    pq.write_table(odd, tmp_path / "odd")

    with pytest.raises(LabError, match=r"p\.parquet: not a readable Parquet file: 'Nowhere/Bad'"):
        table_from((tmp_path / "odd").read_bytes(), asked)


def test_a_parquet_table_is_read_within_bounds(tmp_path: Path) -> None:
    asked = Deliverable(file="p.parquet", kind="table", what="", columns={"p": "probability"})
    pd.DataFrame({"p": [0.1, 0.9]}).to_parquet(tmp_path / "ok")
    pd.DataFrame({"p": [[1], [2]]}).to_parquet(tmp_path / "nested")
    pd.DataFrame({"p": [0.5] * 2_000_001}).to_parquet(tmp_path / "long")

    assert len(table_from((tmp_path / "ok").read_bytes(), asked)) == 2
    with pytest.raises(LabError, match=r"p\.parquet: column 'p' holds list"):
        table_from((tmp_path / "nested").read_bytes(), asked)
    with pytest.raises(LabError, match=r"2,000,001 rows"):
        table_from((tmp_path / "long").read_bytes(), asked)
    with pytest.raises(LabError, match=r"p\.parquet: not a readable Parquet file"):
        table_from(b"PAR1 nothing PAR1", asked)
