"""A grid of months: bars for what lasted, marks for what was said. Rows are layers or events, columns months."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from scenarios.page.drawing import drawing
from scenarios.page.layout import Layout, column_names, text_width
from scenarios.page.marks import Kind, verdict
from scenarios.page.svg import element, group, joined, path

LABELS = 196.0
"""Width of the column of row names; on a narrow layout they stand above their rows instead."""

NARROWEST = 24.0
"""A month is never drawn narrower; the drawing grows and scrolls in its box instead."""

HEAD, SECTION, ROW, NAME = 40.0, 32.0, 30.0, 16.0
"""Heights of the month names, of a section's title, of a row, and of a row's name above it."""

BarKind = Literal["lever", "harmless", "fault", "model", "model-next"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Something that lasted from column `first` to `last`.

    Of `texts` the first that fits is shown, and `title` under the pointer.
    """

    first: int
    last: int
    kind: BarKind
    texts: tuple[str, ...]
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What was said in a month: a mark, or a word in a box; `title` says it in full."""

    kind: Kind
    title: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A named row of either bars or one cell a column (None leaves it empty)."""

    name: str
    bars: tuple[Bar, ...] = ()
    cells: tuple[Cell | None, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthGrid:
    """What is drawn. `links` are the targets of the month names, one a column."""

    name: str
    description: str
    columns: tuple[str, ...]
    links: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """The measures of one drawing."""

    left: float
    step: float
    columns: int
    above: float

    @property
    def right(self) -> float:
        return self.left + self.step * self.columns

    def x(self, index: float) -> float:
        return self.left + index * self.step


def month_grid(grid: MonthGrid, layout: Layout) -> Markup:
    """The grid as an `svg` element of the given layout."""
    sheet = _sheet(grid, layout)
    parts, y = [_head(grid, sheet)], HEAD
    for title, rows in grid.sections:
        parts.append(_section(title, sheet, y))
        y += SECTION
        for row in rows:
            parts.append(_row(row, sheet, y))
            y += ROW + sheet.above
    return drawing(f"{grid.name}-{layout.name}", grid.description, (sheet.right + 4.0, y + 4.0), parts, role="group")


def _sheet(grid: MonthGrid, layout: Layout) -> _Sheet:
    columns = max(1, len(grid.columns))
    left = LABELS if layout.side else 2.0
    step = max(NARROWEST, (layout.width - left - 4.0) / columns)
    return _Sheet(left=left, step=step, columns=columns, above=0.0 if layout.side else NAME)


def _head(grid: MonthGrid, sheet: _Sheet) -> Markup:
    names = column_names(grid.columns, sheet.step)
    return joined(
        [_month(names[index], link, sheet.x(index + 0.5)) for index, link in enumerate(grid.links) if names[index][0]]
    )


def _month(names: tuple[str, str], link: str, x: float) -> Markup:
    year = element("text", names[1], x=x, y=12.0, text_anchor="middle", class_="tick")
    name = element("text", names[0], x=x, y=28.0, text_anchor="middle", class_="month-name")
    return element("a", year, name, href=link)


def _section(title: str, sheet: _Sheet, y: float) -> Markup:
    line = element("path", d=path([(0.0, y + SECTION - 8.0), (sheet.right, y + SECTION - 8.0)]), class_="rule")
    return element("text", title, x=2.0, y=y + SECTION - 14.0, class_="section-name") + line


def _row(row: Row, sheet: _Sheet, y: float) -> Markup:
    height = y + (12.0 if sheet.above else ROW / 2.0 + 4.0)
    name = element("text", row.name, x=2.0, y=height, class_="row-name")
    middle = y + sheet.above + ROW / 2.0
    dots = [_cell(one, sheet.x(index + 0.5), middle, sheet.step) for index, one in enumerate(row.cells) if one]
    bars = [_bar(one, row.bars, sheet, middle) for one in row.bars]
    return group(name, *_dividers(sheet, middle), *dots, *bars)


def _dividers(sheet: _Sheet, middle: float) -> list[Markup]:
    return [
        element("path", d=path([(sheet.x(index), middle - 15.0), (sheet.x(index), middle + 15.0)]), class_="divider")
        for index in range(1, sheet.columns)
    ]


def _cell(cell: Cell, x: float, y: float, width: float) -> Markup:
    if not cell.text:
        return group(element("title", cell.title), verdict(cell.kind, x, y), class_="cell")
    wide = min(width - 2.0, text_width(cell.text, bold=True) + 10.0)
    box = element("rect", x=x - wide / 2.0, y=y - 10.0, width=wide, height=20.0, rx=4.0)
    word = element("text", cell.text, x=x, y=y + 4.0, text_anchor="middle")
    return group(element("title", cell.title), box, word, class_=f"cell box {cell.kind}")


def _bar(bar: Bar, row: tuple[Bar, ...], sheet: _Sheet, y: float) -> Markup:
    left, width = sheet.x(bar.first) + 1.5, (bar.last + 1 - bar.first) * sheet.step - 3.0
    box = element("rect", x=left, y=y - 10.0, width=width, height=20.0, rx=4.0)
    return group(element("title", bar.title), box, *_bar_text(bar, row, sheet, y), class_=f"span {bar.kind}")


def _bar_text(bar: Bar, row: tuple[Bar, ...], sheet: _Sheet, y: float) -> list[Markup]:
    """The text inside the bar, or left of it where it is too long and nothing else stands there; else none."""
    left = sheet.x(bar.first)
    inside, before = sheet.x(bar.last + 1) - left, left - sheet.left if len(row) == 1 else 0.0
    for text in bar.texts:
        needed = text_width(text, bold=bar.kind in ("lever", "fault")) + 14.0
        if needed <= inside:
            return [element("text", text, x=left + 8.0, y=y + 4.0, class_="inside")]
        if needed <= before:
            return [element("text", text, x=left - 5.0, y=y + 4.0, class_="beside", text_anchor="end")]
    return []
