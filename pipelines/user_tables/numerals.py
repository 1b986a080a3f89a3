"""Numbers written for people: thousands separated, decimal commas, currency and percent signs."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

Style = Literal["point", "comma", "either"]
"""What divides whole and fraction; "either" where the cells fit both readings, as 1,234 does."""

NEARLY_ALL: Final = 0.99
"""Share of the filled cells that must be numbers before the others are taken for missing."""

_POWER = r"([eE][+-]?\d+)?$"
_POINT = r"^[+-]?((\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d*)?|\.\d+)" + _POWER
_COMMA = r"^[+-]?((\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d*)?|,\d+)" + _POWER
_SPACED = r"^[+-]?\d{1,3}([ \x{00a0}\x{202f}'\x{2019}]\d{3})+([.,]\d+)?$"
_SPACES = r"[ \x{00a0}\x{202f}'\x{2019}]"
_SIGNS = r"^([+-]?)\s*[$\x{20ac}\x{00a3}]\s*|\s*[%$\x{20ac}\x{00a3}]$"
_CODE = r"^0\d\d+$"
_LONG = r"^[+-]?\d{19,}$"
_DIGIT_FIRST = r"^[+-]?[.,]?\d|^[+-]?(nan|inf)"
_PROBE = 2000
_BARE_THOUSANDS = r"^[+-]?\d{4,}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """A column of numbers, `unread` cells that are none, and the style they were written in ("" where it is plain)."""

    cells: Any
    unread: tuple[str, ...]
    style: str


def is_code(text: Any) -> bool:  # noqa: ANN401 - pyarrow carries no types
    """Whether digits are a name: with leading zeros (007), or more of them than a number can hold exactly."""
    return _some(text, _CODE) or _some(text, _LONG)


def numbers_of(text: Any, *, style: Style) -> Numbers | None:  # noqa: ANN401
    """The column as numbers; None where it holds something else, or where the reading is ambiguous.

    Parameters
    ----------
    text
        A column of trimmed text, missing where nothing stood.
    style
        How the rest of the file writes its numbers.
    """
    if not _promising(text):
        return None
    plain = _plain(text)
    if plain is not None and not (style == "comma" and _some(text, r"\.")):
        return Numbers(cells=plain, unread=(), style="")
    cleaned = _without_signs(text)
    found = style_of(cleaned)
    if found == "either":
        found = _decided(cleaned, style)
    return None if found in (None, "either") else _read(text, cleaned, found)


def style_of(text: Any) -> Style | None:  # noqa: ANN401
    """How the numbers are written; None where nearly all are none."""
    filled = len(text) - text.null_count
    point, comma = (_count(text, one) for one in (_POINT, _COMMA))
    if not filled or max(point, comma) < NEARLY_ALL * filled:
        return None
    if point == comma:
        return "either" if _some(text, "[.,]") else "point"
    return "point" if point > comma else "comma"


def _decided(text: Any, style: Style) -> Style:  # noqa: ANN401
    """The reading of cells that fit both: as in the rest of the file, or what the cells make likely.

    A column with both 1,234 and 1234 does not group thousands, so its commas are decimal.
    """
    if style != "either":
        return style
    if not _some(text, ","):
        return "point"
    return "comma" if _some(text, _BARE_THOUSANDS) else "either"


def _promising(text: Any) -> bool:  # noqa: ANN401
    """Whether a few cells, spread evenly, are numbers as a rule; saves reading a long column of words."""
    filled = pc.drop_null(text)
    probe = filled.take(pa.array(range(0, len(filled), max(1, len(filled) // _PROBE))))
    return len(probe) > 0 and 2 * _count(_without_signs(probe), _DIGIT_FIRST) >= len(probe)


def _plain(text: Any) -> Any:  # noqa: ANN401
    for kind in (pa.int64(), pa.float64()):
        try:
            return pc.cast(text, kind)
        except pa.ArrowInvalid:
            continue
    return None


def _without_signs(text: Any) -> Any:  # noqa: ANN401
    bare = pc.replace_substring_regex(text, _SIGNS, r"\1")
    spaced = pc.match_substring_regex(bare, _SPACED)
    return pc.if_else(spaced, pc.replace_substring_regex(bare, _SPACES, ""), bare)


def _read(text: Any, cleaned: Any, style: Style | None) -> Numbers:  # noqa: ANN401
    pattern, group = (_COMMA, ".") if style == "comma" else (_POINT, ",")
    fits = pc.match_substring_regex(cleaned, pattern)
    without = pc.replace_substring(cleaned, group, "")
    number = pc.replace_substring(without, ",", ".") if style == "comma" else without
    unread = pc.unique(pc.filter(text, pc.invert(fits))).to_pylist()
    cells = pc.cast(pc.if_else(fits, number, pa.scalar(None, pa.string())), pa.float64())
    return Numbers(
        cells=cells,
        unread=tuple(one for one in unread if one is not None),
        style="with decimal commas" if style == "comma" else "with signs or grouped thousands",
    )


def _count(text: Any, pattern: str) -> int:  # noqa: ANN401
    return int(pc.sum(pc.match_substring_regex(text, pattern)).as_py() or 0)


def _some(text: Any, pattern: str) -> bool:  # noqa: ANN401
    return bool(pc.any(pc.match_substring_regex(text, pattern)).as_py())
