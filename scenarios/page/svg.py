"""SVG elements as text: escaped, and with numbers rounded so that the same drawing has the same bytes."""

from markupsafe import Markup, escape

from scenarios.page.figures import printable

Attribute = str | float | None


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """One element. Children that are not markup are escaped; attributes that are None are left out.

    Attribute names lose a trailing underscore, and other underscores become hyphens.

    >>> print(element("text", "a < b", x=1.26, class_="tick"))
    <text x="1.3" class="tick">a &lt; b</text>
    """
    given = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inside = "".join(_safe(one) for one in children)
    written = f"<{name}{given}>{inside}</{name}>" if children else f"<{name}{given}/>"
    return Markup(written)  # noqa: S704 - every part was escaped above


def group(*children: str, **attributes: Attribute) -> Markup:
    """A `g` element."""
    return element("g", *children, **attributes)


def joined(parts: list[Markup]) -> Markup:
    """The parts one after another."""
    return Markup("").join(parts)


def coordinate(value: float) -> str:
    """A number with one decimal, without a trailing ".0" and without a negative zero.

    >>> coordinate(2.0), coordinate(-0.01), coordinate(3.14159)
    ('2', '0', '3.1')
    """
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` attribute of straight lines through the points.

    >>> path([(0, 0), (10, 5)], closed=True)
    'M0 0L10 5Z'
    """
    steps = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
    return f"M{steps}{'Z' * closed}"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> Markup:
    return escape(printable(value) if isinstance(value, str) else coordinate(value))


def _safe(child: str) -> Markup:
    return child if isinstance(child, Markup) else escape(printable(child))
