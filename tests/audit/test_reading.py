import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import LabError
from pipelines.user_tables.table import ReadTable, read_table

Written = Callable[..., Path]


def cells(read: ReadTable, name: str) -> list[object]:
    return [None if pd.isna(one) else one for one in read.frame[name].tolist()]


def said(read: ReadTable) -> str:
    return "\n".join(read.notes)


def test_a_plain_file_is_read_as_it_is_without_a_word(written: Written) -> None:
    read = read_table(written("name,usage,day\nAnn,1.5,2024-01-31\nBob,2,2024-02-29\n"))

    assert read.frame.dtypes.astype(str).str[:8].to_dict() == {"name": "str", "usage": "float64", "day": "datetime"}
    assert cells(read, "day") == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-29")]
    assert read.notes == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(written: Written, separator: str) -> None:
    rows = [("a", "b", "note"), ("1", "x", "one two"), ("2", "y", "three")]

    read = read_table(written("\n".join(separator.join(row) for row in rows)))

    assert read.frame.columns.tolist() == ["a", "b", "note"]
    assert cells(read, "b") == ["x", "y"]


def test_separators_inside_quotes_do_not_count(written: Written) -> None:
    read = read_table(written('a;b\n"1;2,3,4";x\n"5;6,7,8";"y ""z""\nnext line"\n'))

    assert cells(read, "a") == ["1;2,3,4", "5;6,7,8"]
    assert cells(read, "b") == ["x", 'y "z"\nnext line']


def test_excels_line_that_names_the_separator_is_no_header(written: Written) -> None:
    read = read_table(written("sep=;\na;b\n1;2\n"))

    assert cells(read, "b") == [2]


def test_lines_above_the_header_are_left_out_with_a_note(written: Written) -> None:
    read = read_table(written("Monthly export\n\nid,usage,plan\n1,2,x\n2,3,y\n4,5,z\n"))

    assert read.frame.columns.tolist() == ["id", "usage", "plan"]
    assert "1 lines above the header" in said(read)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(written: Written, encoding: str) -> None:
    read = read_table(written("Stadt,Zahl\nMünchen,1\nKöln,2\n".encode(encoding)))

    assert read.frame.columns.tolist() == ["Stadt", "Zahl"]
    assert cells(read, "Stadt") == ["München", "Köln"]
    assert ("read as" in said(read)) == (encoding in ("utf-16", "cp1252"))


def test_a_foreign_letter_far_down_the_file_still_tells_the_encoding(written: Written) -> None:
    text = "town,n\n" + "Bonn,1\n" * 60_000 + "Köln,2\n"

    read = read_table(written(text.encode("cp1252")))

    assert cells(read, "town")[-1] == "Köln"


def test_padding_is_cut_from_headers_and_cells(written: Written) -> None:
    read = read_table(written('id , usage ,plan\n 1 , 2.5 ," pro "\n2, 3,basic\n'))

    assert read.frame.columns.tolist() == ["id", "usage", "plan"]
    assert cells(read, "usage") == [2.5, 3.0]
    assert cells(read, "plan") == ["pro", "basic"]
    assert "padded" in said(read)


def test_quoted_numbers_and_numbers_with_blanks_between_are_numbers(written: Written) -> None:
    read = read_table(written('id,total\n"1","29.85"\n"2"," "\n"3","1889.5"\n'))

    assert cells(read, "id") == [1, 2, 3]
    assert cells(read, "total") == [29.85, None, 1889.5]


@pytest.mark.parametrize("word", ["", "NULL", "N/A", "-", "nan", "#N/A", "\\N", " NULL "])
def test_words_for_nothing_are_missing(written: Written, word: str) -> None:
    read = read_table(written(f"id,usage,plan\n1,2.5,pro\n2,{word},{word}\n"))

    assert cells(read, "usage") == [2.5, None]
    assert cells(read, "plan") == ["pro", None]


def test_none_is_a_level_among_words_and_missing_among_numbers(written: Written) -> None:
    read = read_table(written("id,offer,usage\n1,None,3\n2,A,None\n3,B,4\n"))

    assert cells(read, "offer") == ["None", "A", "B"]
    assert cells(read, "usage") == [3, None, 4]


def test_decimal_commas_are_read_and_said(written: Written) -> None:
    read = read_table(written("id;usage;paid\n1;0,5;1.234,50\n2;12,25;17,00\n"))

    assert cells(read, "usage") == [0.5, 12.25]
    assert cells(read, "paid") == [1234.5, 17.0]
    assert "'usage', 'paid': read as numbers with decimal commas." in read.notes


def test_grouped_thousands_currency_and_percent_are_read(written: Written) -> None:
    read = read_table(written('id,paid,share,size\n1,"$1,234.50",5%,1 234\n2,$7,12.5%,999\n'))

    assert cells(read, "paid") == [1234.5, 7.0]
    assert cells(read, "share") == [5.0, 12.5]
    assert cells(read, "size") == [1234.0, 999.0]


def test_a_comma_in_a_comma_separated_file_groups_thousands(written: Written) -> None:
    read = read_table(written('id,paid\n1,"1,234"\n2,"12,500"\n'))

    assert cells(read, "paid") == [1234.0, 12500.0]


def test_a_comma_that_may_mean_either_is_left_as_text_with_advice(written: Written) -> None:
    read = read_table(written("id;paid\n1;1,234\n2;2,500\n"))

    assert cells(read, "paid") == ["1,234", "2,500"]
    assert "write 1234 or 1.234" in said(read)


def test_other_columns_decide_what_a_comma_means(written: Written) -> None:
    comma = read_table(written("id;paid;usage\n1;1,234;0,5\n2;2,500;1,25\n", "comma.csv"))
    point = read_table(written("id;paid;usage\n1;1,234;0.5\n2;2,500;1.25\n", "point.csv"))

    assert cells(comma, "paid") == [1.234, 2.5]
    assert cells(point, "paid") == [1234.0, 2500.0]


def test_codes_with_leading_zeros_stay_text(written: Written) -> None:
    read = read_table(written("zip,n\n01234,1\n99999,2\n"))

    assert cells(read, "zip") == ["01234", "99999"]


def test_numbers_too_long_to_hold_stay_text(written: Written) -> None:
    read = read_table(written("card,n\n12345678901234567890123,1\n12345678901234567890124,2\n"))

    assert read.frame["card"].nunique() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-01-31", "2024-02-29"),
        ("31.01.2024", "29.02.2024"),
        ("31/01/2024", "29/02/2024"),
        ("01/31/2024", "02/29/2024"),
        ("31-Jan-2024", "29-Feb-2024"),
        ("Jan 31, 2024", "Feb 29, 2024"),
        ("20240131", "20240229"),
        ("2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("31.01.2024 00:00", "29.02.2024 00:00"),
        ("1/31/24 12:00 AM", "2/29/24 12:00 AM"),
    ],
)
def test_dates_are_read_in_the_format_that_fits(written: Written, first: str, second: str) -> None:
    read = read_table(written(f"id;day\n1;{first}\n2;{second}\n3;\n"))

    assert cells(read, "day") == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-29"), None]


def test_a_date_whose_day_and_month_cannot_be_told_apart_is_noted(written: Written) -> None:
    read = read_table(written("id,day\n1,01/02/2024\n2,03/04/2024\n"))

    assert "no cell tells day and month apart" in said(read)


def test_months_versions_and_plain_numbers_are_no_dates(written: Written) -> None:
    read = read_table(written("month,version,n\n2024-01,1.2.3,20240199\n2024-02,1.2.4,20241301\n"))

    assert cells(read, "month") == ["2024-01", "2024-02"]
    assert cells(read, "version") == ["1.2.3", "1.2.4"]
    assert cells(read, "n") == [20240199, 20241301]


def test_a_time_beyond_reach_is_missing_and_noted(written: Written) -> None:
    read = read_table(written("id,until\n1,2024-05-01\n2,9999-12-31\n"))

    assert cells(read, "until") == [pd.Timestamp("2024-05-01"), None]
    assert "1 times outside the years" in said(read)


def test_stray_words_among_many_numbers_are_missing_and_named(written: Written) -> None:
    rows = "".join(f"{one},{one}.5\n" for one in range(300))

    read = read_table(written(f"id,usage\n{rows}300,oops\n"))

    assert cells(read, "usage")[-1] is None
    assert "'oops'" in said(read)


def test_repeated_names_become_unique_with_a_note(written: Written) -> None:
    read = read_table(written("id,usage,usage\n1,2,3\n4,5,6\n"))

    assert read.frame.columns.tolist() == ["id", "usage", "usage (2)"]
    assert cells(read, "usage (2)") == [3, 6]
    assert "usage (2)" in said(read)


@pytest.mark.parametrize("header", [",id,usage", "Unnamed: 0,id,usage", "id,usage"])
def test_saved_row_numbers_are_left_out_with_a_note(written: Written, header: str) -> None:
    read = read_table(written(f"{header}\n0,a,2\n1,b,5\n2,c,5\n"))

    assert read.frame.columns.tolist() == ["id", "usage"]
    assert "row numbers" in said(read)


def test_row_numbers_of_parts_pasted_below_each_other_are_left_out_too(tmp_path: Path) -> None:
    parts = pd.concat([pd.DataFrame({"usage": range(rows)}) for rows in (90, 60, 75)])
    parts.to_parquet(tmp_path / "pasted.parquet")
    parts.to_csv(tmp_path / "pasted.csv")

    for name in ("pasted.parquet", "pasted.csv"):
        read = read_table(tmp_path / name)
        assert read.frame.columns.tolist() == ["usage"]
        assert "row numbers" in said(read)


def test_a_nameless_column_of_codes_is_kept(written: Written) -> None:
    rows = "".join(f"{code},x{row}\n" for row, code in enumerate([0, 1, 1, 2] * 30))

    assert read_table(written(f",name\n{rows}")).frame.columns.tolist() == ["Unnamed: 0", "name"]


def test_a_nameless_column_with_content_is_kept(written: Written) -> None:
    read = read_table(written("id,usage,\n0,a,x\n1,b,x\n"))

    assert read.frame.columns.tolist() == ["id", "usage", "Unnamed: 2"]


def test_a_separator_too_many_at_the_end_of_rows_shifts_no_column(written: Written) -> None:
    read = read_table(written("id,usage\n1,2,\n3,4,\n"))

    assert read.frame.to_dict("list") == {"id": [1, 3], "usage": [2, 4]}


def test_row_names_without_a_header_of_their_own_are_left_out(written: Written) -> None:
    read = read_table(written("age,y\n1,30,1\n2,40,0\n"))

    assert read.frame.to_dict("list") == {"age": [30, 40], "y": [1, 0]}


def test_a_quote_that_swallows_rows_is_pointed_out(written: Written) -> None:
    swallowed = read_table(written('id,size\n1,a\n2,"7 open\n3,x\n4,y\n5,z\n', "open.csv"))
    honest = read_table(written('id,note\n1,"two\nlines"\n2,"and\nthree\nmore"\n', "closed.csv"))

    assert "may not be closed" in said(swallowed)
    assert honest.notes == ()


def test_a_word_for_no_date_is_missing_and_named(written: Written) -> None:
    rows = "".join(f"{one},2024-0{1 + one % 9}-01\n" for one in range(100))

    read = read_table(written(f"id,until\n{rows}100,0000-00-00\n"))

    assert cells(read, "until")[-1] is None
    assert "'0000-00-00'" in said(read)


def test_a_few_rows_of_another_length_are_left_out_and_counted(written: Written) -> None:
    rows = "".join(f"{one},x,y\n" for one in range(100))

    read = read_table(written(f"id,a,b\n{rows}7,8\n1,2,3,4\n"))

    assert len(read.frame) == 100
    assert "2 rows" in said(read)


def test_a_zipped_file_is_known_by_its_bytes(written: Written) -> None:
    read = read_table(written(gzip.compress(b"a,b\n1,2\n3,4\n"), "table.csv"))

    assert cells(read, "b") == [2, 4]


def test_parquet_keeps_types_and_cleans_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1, None, 3]),
            "total": pa.array(["1.5", " ", "2"]),
            "code": pa.array(["1", "2", "1"]).dictionary_encode(),
            "day": pa.array([0, 1, None], pa.date32()),
            "at": pa.array([0, 3_600_000_000, None], pa.timestamp("us", tz="Europe/Berlin")),
            "sure": pa.array([True, None, False]),
            "__index_level_0__": pa.array([0, 1, 2]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")

    read = read_table(tmp_path / "t.parquet")

    assert cells(read, "id") == [1.0, None, 3.0]
    assert cells(read, "total") == [1.5, None, 2.0]
    assert cells(read, "code") == ["1", "2", "1"]
    assert cells(read, "day")[1] == pd.Timestamp("1970-01-02")
    assert cells(read, "at")[:2] == [pd.Timestamp("1970-01-01"), pd.Timestamp("1970-01-01 01:00")]
    assert cells(read, "sure") == [1.0, None, 0.0]
    assert "__index_level_0__" not in read.frame.columns


def test_a_folder_of_parquet_parts_is_one_table_with_its_partitions(tmp_path: Path) -> None:
    for month, value in (("2024-01", 1), ("2024-02", 2)):
        part = tmp_path / "usage" / f"month={month}" / "part.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(pa.table({"value": pa.array([value], pa.int64())}), part)

    read = read_table(tmp_path / "usage")

    assert cells(read, "value") == [1, 2]
    assert cells(read, "month") == ["2024-01", "2024-02"]


def test_a_folder_of_csv_parts_is_one_table(written: Written) -> None:
    written("a,b\n1,2\n", "parts/one.csv")
    second = written("a,b\n3,4\n", "parts/two.csv")

    assert np.array_equal(read_table(second.parent).frame["a"], [1, 3])


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        ("", "empty.csv", "empty (0 bytes)"),
        (" \n\n", "blank.csv", "nothing but blanks"),
        ("a,b,c\n", "head.csv", "a header and no rows (names: a, b, c)"),
        (b"PK\x03\x04rest", "book.xlsx", "an Excel workbook or a ZIP file"),
        (b"ab\0cd" * 9, "raw.csv", "no text (zero bytes"),
        ("", "empty.parquet", "empty (0 bytes)"),
        (b"PAR1 and then nothing", "cut.parquet", "Was it cut short?"),
        (gzip.compress(b"a,b\n1,2\n" * 99_999, mtime=0)[:-300], "cut.csv.gz", "cannot be read"),
        (gzip.compress(b"a,b\n1,2\n3,4\n", mtime=0)[:-9], "cut.csv.gz", "Was it cut short?"),
        (' {"a": 1}', "table.json", "it is JSON"),
        ("a,b,c\n" + "1,2,3\n4,5\n" * 9, "ragged.csv", "another number of cells"),
    ],
)
def test_a_file_that_holds_no_table_is_refused_by_name_and_reason(
    written: Written, content: str | bytes, name: str, reason: str
) -> None:
    path = written(content, name)

    with pytest.raises(LabError, match=re.escape(reason)) as caught:
        read_table(path)

    assert str(path) in str(caught.value)


def test_a_missing_file_is_answered_with_its_nearest_neighbour(written: Written) -> None:
    path = written("a,b\n1,2\n", "customers.csv")

    with pytest.raises(LabError, match=r"Did you mean customers\.csv\?"):
        read_table(path.with_name("custmers.csv"))


def test_a_folder_without_tables_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"holds no table\. Allowed are files ending in \.parquet"):
        read_table(tmp_path)
