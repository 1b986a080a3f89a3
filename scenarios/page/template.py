"""Turns a template and plain values into one HTML text. Everything that is not markup is escaped."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scenarios.page.charts import icon
from scenarios.page.figures import (
    DASH,
    counted,
    free,
    money,
    month,
    months_in,
    number,
    percent,
    period,
    printable,
    spoken,
)

_SHARED = Path(__file__).parent


def render_page(template: Path, **values: Any) -> str:  # noqa: ANN401 - whatever the template asks for
    """The page made from a template file, which may extend `base.html.j2`.

    A value the template names and is not given is an error. None becomes a dash, and characters that would break the
    page become spaces.
    """
    found = FileSystemLoader([template.parent, _SHARED])
    environment = Environment(
        loader=found,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= _filters()
    environment.globals |= {"icon": icon, "dash": DASH}
    return environment.get_template(template.name).render(values)


def _filters() -> dict[str, Any]:
    written = (counted, free, money, month, months_in, number, percent, period, spoken)
    return {one.__name__: one for one in written}


def _shown(value: object) -> object:
    if value is None:
        return DASH
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
