"""How a text table is written: encoding, separator, quotes, and the line its header stands on."""

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

from pipelines.errors import LabError

SEPARATORS: Final = (",", ";", "\t", "|")
"""Separators that are tried, in this order where two fit equally well."""

SPOKEN: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How to read a file. `lines_before` physical lines stand before the first row, the header among them.

    `skipped` counts lines above the header; `rows` are the cells of the sample below it.
    """

    encoding: str
    separator: str
    quoted: bool
    header: tuple[str, ...]
    lines_before: int
    skipped: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Split:
    """The sample split by one separator: records with the number of the line each ends on."""

    separator: str
    quoted: bool
    records: list[tuple[int, list[str]]]
    width: int
    agreeing: float


def encoding_of(sample: bytes) -> str:
    """UTF-8 or UTF-16 as the byte-order mark says; else UTF-8 where the bytes allow it, else Windows' cp1252.

    >>> encoding_of("München".encode("cp1252")), encoding_of("München".encode())
    ('cp1252', 'utf-8')
    """
    marked = next((name for mark, name in _BOMS if sample.startswith(mark)), None)
    if marked is not None:
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def sniff(sample: bytes, *, whole: bool) -> Dialect:
    """The dialect of a file that begins with `sample`; `whole` says that there is nothing more.

    Raises
    ------
    LabError
        Where the text holds no table.
    """
    encoding = encoding_of(sample)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample, final=whole)
    if not text.strip():
        raise LabError("it holds nothing but blanks")
    named, body = _excel_line(text)
    splits = [_split(body, one, quoted=quoted, whole=whole) for one in named for quoted in (True, False)]
    best = max(splits, key=lambda one: (one.width > 1, one.agreeing, one.quoted, one.width))
    return _dialect(best, encoding, above=int(body is not text))


def _excel_line(text: str) -> tuple[tuple[str, ...], str]:
    """Excel may say the separator in a first line of its own, as "sep=;"."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return (first.strip()[-1],), rest
    return SEPARATORS, text


def _split(text: str, separator: str, *, quoted: bool, whole: bool) -> _Split:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    try:
        records = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error:
        records = []
    kept = records if whole or len(records) <= 1 else records[:-1]
    widths = Counter(len(cells) for _, cells in kept)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    agreeing = count / len(kept) if kept else 0.0
    return _Split(separator=separator, quoted=quoted, records=kept, width=width, agreeing=agreeing)


def _dialect(split: _Split, encoding: str, *, above: int) -> Dialect:
    fits = (at for at, (_, cells) in enumerate(split.records) if len(cells) in (split.width, split.width - 1))
    place = next(fits, 0)
    line, header = split.records[place]
    rows = tuple(tuple(row) for _, row in split.records[place + 1 :] if len(row) == split.width)
    return Dialect(
        encoding=encoding,
        separator=split.separator,
        quoted=split.quoted,
        header=tuple(header) if len(header) == split.width else _with_nameless(header, rows),
        lines_before=above + line,
        skipped=place,
        rows=rows,
    )


def _with_nameless(header: list[str], rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """A header one name short: rows end in a separator too many, or begin with the row names that R leaves unnamed."""
    if any(row[-1].strip() for row in rows):
        return ("", *header)
    return (*header, "")
