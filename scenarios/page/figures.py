"""How figures, months and foreign text are written: the same on the page and in the terminal."""

import math
import re

DASH = "\N{EN DASH}"
"""Stands where nothing is known."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""English short names; the locale of the machine must not change a byte."""

_LABEL_PARTS = 2

_LABEL = re.compile(r"\b\d{4}-\d{2}\b(?!-)")


def number(value: float | None, digits: int = 0) -> str:
    """The value with thousands separated; a dash where it is None or not finite.

    >>> number(1234.5678, 2), number(-0.0001), number(None) == DASH
    ('1,234.57', '0', True)
    """
    if value is None or not math.isfinite(value):
        return DASH
    written = f"{value:,.{digits}f}"
    return written.lstrip("-") if not any(one in written for one in "123456789") else written


def free(value: float | None) -> str:
    """A value of unknown unit with four significant digits.

    >>> free(0.123456), free(12345.6), free(7.0)
    ('0.1235', '12,346', '7')
    """
    if value is None or not math.isfinite(value):
        return DASH
    return number(value) if 1e3 <= abs(value) < 1e9 else f"{value:.4g}"  # noqa: PLR2004 - beyond it, exponents are shorter


def money(value: float | None) -> str:
    """Whole dollars.

    >>> money(1234.5), money(-12.4), money(None) == DASH
    ('$1,234', '-$12', True)
    """
    written = number(value)
    return written if written == DASH else f"{'-' * written.startswith('-')}${written.lstrip('-')}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent.

    >>> percent(0.0345)
    '3.5%'
    """
    written = number(None if share is None else 100.0 * share, digits)
    return written if written == DASH else f"{written}%"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "month"), counted(3, "month"), counted(0, "match", "matches")
    ('1 month', '3 months', '0 matches')
    """
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def month_parts(label: str) -> tuple[str, str] | None:
    """Short month and year of a label like "2025-06"; None where it is something else.

    >>> month_parts("2025-06"), month_parts("week 3")
    (('Jun', '2025'), None)
    """
    parts = label.split("-")
    if len(parts) != _LABEL_PARTS or not all(one.isascii() and one.isdigit() for one in parts):
        return None
    at = int(parts[1])
    return (MONTHS[at - 1], parts[0]) if 1 <= at <= len(MONTHS) else None


def month(label: str | None) -> str:
    """A month in words, other text unchanged, a dash for None.

    >>> month("2025-06"), month("week 3")
    ('Jun 2025', 'week 3')
    """
    if label is None:
        return DASH
    parts = month_parts(label)
    return label if parts is None else " ".join(parts)


def period(first: str, last: str) -> str:
    """Both ends of a stretch of months, the year said once.

    >>> period("2025-06", "2025-08"), period("2024-12", "2025-01"), period("2025-06", "2025-06")
    ('Jun to Aug 2025', 'Dec 2024 to Jan 2025', 'Jun 2025')
    """
    if first == last:
        return month(first)
    start, end = month_parts(first), month_parts(last)
    same = start is not None and end is not None and start[1] == end[1]
    return f"{start[0] if start and same else month(first)} to {month(last)}"


def months_in(text: str) -> str:
    """The text with every label like "2025-06" spelt out.

    >>> months_in("since the cohort of 2025-05")
    'since the cohort of May 2025'
    """
    return _LABEL.sub(lambda found: month(found[0]), text)


def printable(text: str) -> str:
    """The text with every control, direction or broken character turned into a space.

    Such characters break XML, or would move the cursor of a terminal.

    >>> printable("a" + chr(27) + "[31mb")
    'a [31mb'
    """
    return "".join(one if one.isprintable() else " " for one in text)


def spoken(name: str) -> str:
    """A name from code in plain letters.

    >>> spoken("competitor_launch")
    'competitor launch'
    """
    return name.replace("_", " ").strip()
