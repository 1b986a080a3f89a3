"""``reports/index.html``: every scenario that has been run, with a link, a line and a small figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from pipelines import store
from pipelines.layout import Layout
from scenarios.overview.lines import LINES, chart, sentence
from scenarios.page.charts import dots
from scenarios.page.template import render_page

_TEMPLATE: Final = Path(__file__).with_name("page.html.j2")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A scenario on the front page. `run` is whether its report is there; `drawn` is empty where there is no figure."""

    name: str
    question: str
    run: bool
    says: str
    drawn: Markup


def write_overview(layout: Layout, names: Sequence[str]) -> Path:
    """Make the front page of what is on disk now, scenarios in the order of `names`."""
    page = layout.report("") / "index.html"
    store.write_text(page, render(entries(layout, names)))
    return page


def entries(layout: Layout, names: Sequence[str]) -> tuple[Entry, ...]:
    """What the page shows of each scenario."""
    return tuple(_entry(name, _metrics(layout, name)) for name in names)


def render(shown: Sequence[Entry]) -> str:
    """The page as text."""
    return render_page(_TEMPLATE, entries=shown)


def _metrics(layout: Layout, name: str) -> Mapping[str, float] | None:
    report = layout.report(name)
    if not (report / "index.html").is_file() or not (report / "metrics.json").is_file():
        return None
    found: Mapping[str, float] = store.read_json(report / "metrics.json")
    return found


def _entry(name: str, metrics: Mapping[str, float] | None) -> Entry:
    plot = chart(name, metrics) if metrics is not None else None
    return Entry(
        name=name,
        question=LINES[name].question if name in LINES else "",
        run=metrics is not None,
        says=sentence(name, metrics) if metrics is not None else "",
        drawn=dots(plot) if plot is not None else Markup(),
    )
