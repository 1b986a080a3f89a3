"""CSV and its kin: sniffed, read by Arrow, whatever the separator and the encoding."""

import gzip
import mmap
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pyarrow as pa
import pyarrow.csv as pc
from pyarrow import compute

from pipelines.errors import LabError
from pipelines.user_tables.cells import MISSING, Habits
from pipelines.user_tables.dialect import SEPARATORS, SPOKEN, Dialect, sniff
from pipelines.user_tables.headers import tidy_names
from pipelines.user_tables.nearest import listed
from pipelines.user_tables.numerals import Style, is_code, style_of

SAMPLE: Final = 1 << 18
"""Bytes that the dialect is judged by."""

RAGGED: Final = 0.05
"""Most rows with another number of cells than the header, as a share, before the file counts as unreadable."""

_LOOKED_AT: Final = 100
"""Cells with line breaks that are looked at for each column."""

_GZIP: Final = b"\x1f\x8b"

_NO_TEXT: Final = {
    b"PK\x03\x04": "an Excel workbook or a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"SQLite f": "an SQLite database",
    b"ARROW1": "an Arrow file",
    b"\x89HDF": "an HDF5 file",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """A table as Arrow read it: unique names, text or typed columns, and notes on what was changed so far."""

    columns: dict[str, Any]
    habits: Habits
    notes: tuple[str, ...]


def read_delimited(path: Path) -> Raw:
    """The file's columns.

    Raises
    ------
    LabError
        For a file that holds no table; the message begins with the reason and does not name the file.
    """
    sample, whole = _sample(path)
    dialect = sniff(sample, whole=whole)
    if not dialect.rows and whole:
        raise LabError(f"it holds a header and no rows (names: {listed(dialect.header)})")
    names, notes = tidy_names(dialect.header)
    habits = _habits(dialect)
    table, ragged, encoding = _read_any(path, dialect, names, habits)
    if not table.num_rows:
        raise LabError("it holds a header and no rows")
    said = [*_ragged(ragged, table.num_rows), *_open_quotes(table, dialect.separator)]
    notes = [*_spoken(replace(dialect, encoding=encoding)), *notes, *said]
    return Raw(columns=dict(zip(names, table.columns, strict=True)), habits=habits, notes=tuple(notes))


def _sample(path: Path) -> tuple[bytes, bool]:
    """The first bytes of the text, and whether they are all of it."""
    try:
        with cast("BinaryIO", gzip.open(path)) if _is_zipped(path) else path.open("rb") as file:
            sample = file.read(SAMPLE + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LabError(f"its compressed content cannot be read: {error}. Was it cut short?") from error
    kind = _no_table(sample)
    if kind is not None:
        raise LabError(f"it is {kind}. Give a CSV or Parquet file")
    return sample[:SAMPLE], len(sample) <= SAMPLE


def _no_table(sample: bytes) -> str | None:
    """What the bytes are where they are no table of text."""
    known = next((what for magic, what in _NO_TEXT.items() if sample.startswith(magic)), None)
    if known is None and sample.lstrip()[:1] in (b"{", b"["):
        return "JSON"
    if known is None and b"\0" in sample and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "no text (zero bytes stand in it)"
    return known


def _is_zipped(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def _habits(dialect: Dialect) -> Habits:
    """How numbers and dates are written, judged by the sample's columns that leave no doubt."""
    columns = [_filled(cells) for cells in zip(*dialect.rows, strict=True)]
    styles = {style_of(one) for one in columns if len(one)}
    style: Style = "point" if dialect.separator == "," and "comma" not in styles else "either"
    if len(styles & {"comma"}) and not _points(columns):
        style = "comma"
    elif _points(columns):
        style = "point"
    return Habits(style=style, day_first=style == "comma" or dialect.separator == ";")


def _points(columns: list[Any]) -> bool:
    """Whether a column holds numbers with a decimal point beyond doubt."""
    return any(style_of(one) == "point" and any("." in cell for cell in one.to_pylist()) for one in columns if len(one))


def _filled(cells: tuple[str, ...]) -> Any:  # noqa: ANN401 - pyarrow carries no types
    trimmed = [cell.strip() for cell in cells]
    return pa.array([cell for cell in trimmed if cell not in MISSING], pa.string())


def _read_any(path: Path, dialect: Dialect, names: list[str], habits: Habits) -> tuple[Any, int, str]:
    """The table, the number of rows left out, and the encoding; UTF-8 gives way to cp1252 where it breaks."""
    table, ragged = _read(path, dialect, names, habits)
    broken = dialect.encoding == "utf-8" and any(pa.types.is_binary(kind) for kind in table.schema.types)
    if not broken:
        return table, ragged, dialect.encoding
    again = replace(dialect, encoding="cp1252")
    return *_read(path, again, names, habits), again.encoding


def _read(path: Path, dialect: Dialect, names: list[str], habits: Habits) -> tuple[Any, int]:
    ragged: list[int] = []

    def left_out(row: Any) -> str:  # noqa: ANN401
        ragged.append(row.actual_columns)
        return "skip"

    try:
        with _opened(path) as stream:
            table = pc.read_csv(
                stream,
                read_options=_read_options(dialect, names),
                parse_options=_parse_options(dialect, left_out, quotes=dialect.quoted and _may_quote(path)),
                convert_options=_convert_options(dialect, names, habits),
            )
    except (pa.ArrowException, OSError, EOFError, UnicodeError) as error:
        raise LabError(f"it cannot be read as a table with {SPOKEN[dialect.separator]}s: {_plainly(error)}") from error
    if len(ragged) > RAGGED * (table.num_rows + len(ragged)):
        raise LabError(_uneven(dialect, len(ragged), table.num_rows + len(ragged)))
    return table, len(ragged)


def _opened(path: Path) -> Any:  # noqa: ANN401
    return pa.input_stream(str(path), compression="gzip" if _is_zipped(path) else None)


def _read_options(dialect: Dialect, names: list[str]) -> Any:  # noqa: ANN401
    encoding = "utf8" if dialect.encoding in ("utf-8", "utf-8-sig") else dialect.encoding
    return pc.ReadOptions(column_names=names, skip_rows=dialect.lines_before, encoding=encoding, block_size=1 << 23)


def _may_quote(path: Path) -> bool:
    """Whether a quote may stand in the file. Without one, no cell holds a line break, and reading is twice as fast."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content[: len(_GZIP)] == _GZIP or content.find(b'"') >= 0


def _parse_options(dialect: Dialect, left_out: Any, *, quotes: bool) -> Any:  # noqa: ANN401
    return pc.ParseOptions(
        delimiter=dialect.separator,
        quote_char='"' if dialect.quoted else False,
        newlines_in_values=quotes,
        invalid_row_handler=left_out,
    )


def _convert_options(dialect: Dialect, names: list[str], habits: Habits) -> Any:  # noqa: ANN401
    pinned = _as_text(dialect, names, habits)
    return pc.ConvertOptions(
        column_types={name: pa.string() for name in pinned},
        null_values=sorted(MISSING),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )


def _as_text(dialect: Dialect, names: list[str], habits: Habits) -> list[str]:
    """Columns that Arrow must not read as numbers: codes, and every column where commas are decimal."""
    if habits.style == "comma":
        return names
    columns = zip(names, zip(*dialect.rows, strict=True), strict=True) if dialect.rows else ()
    return [name for name, cells in columns if is_code(_filled(cells))]


def _spoken(dialect: Dialect) -> list[str]:
    usual = dialect.encoding in ("utf-8", "utf-8-sig")
    notes = [] if usual else [f"The file is read as {dialect.encoding}."]
    skipped = f"{dialect.skipped} lines above the header were left out."
    return [*notes, *([skipped] if dialect.skipped else [])]


def _ragged(count: int, rows: int) -> list[str]:
    said = f"{count} rows (beside {rows:,} read) have another number of cells than the header and were left out."
    return [said] if count else []


def _open_quotes(table: Any, separator: str) -> list[str]:  # noqa: ANN401
    """A warning where a cell holds whole rows: its quote was never meant to open one."""
    said = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_string(column.type):
            broken = column.filter(compute.match_substring(column, "\n")).slice(0, _LOOKED_AT).to_pylist()
            if any(_holds_row(cell, separator, table.num_columns) for cell in broken):
                said.append(f"Cells of '{name}' hold whole rows: a double quote in it may not be closed.")
    return said


def _holds_row(cell: str, separator: str, width: int) -> bool:
    return any(line.count(separator) == width - 1 for line in cell.splitlines()[1:-1])


def _uneven(dialect: Dialect, ragged: int, rows: int) -> str:
    tried = ", ".join(SPOKEN[one] for one in SEPARATORS)
    return (
        f"{ragged:,} of its {rows:,} rows have another number of cells than the header ({len(dialect.header)}), read "
        f"with {SPOKEN[dialect.separator]}s (tried: {tried}). Put cells that hold the separator into double quotes"
    )


def _plainly(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0][:300]
