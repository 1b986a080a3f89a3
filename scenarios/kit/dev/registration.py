"""Where a new scenario has to be named: each place as an edit of a text, or in words where it has another form."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import LabError


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A file in which scenarios are listed. `edit` gives its text with the name added; `by_hand` says it in words."""

    file: str
    edit: Callable[[str, str], str]
    by_hand: str


class _NoFitError(LabError):
    """The text is not of the form the edit knows."""


def edited(root: Path, name: str) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """For each file its text before and after; and what has to be added by hand, because a file has another form."""
    changed, left = {}, []
    for place in PLACES:
        before = (root / place.file).read_text(encoding="utf-8")
        try:
            after = place.edit(before, name)
        except _NoFitError:
            left.append(f"{place.file}: {place.by_hand.format(name=name)}")
        else:
            changed[place.file] = (before, after)
    return changed, left


def _catalogue(text: str, name: str) -> str:
    """The name at the end of both tuples."""
    for which in ("SCENARIOS", "GRADED"):
        text = _replaced(rf"^({which}: tuple\[str, \.\.\.\] = \()(.*?),?\s*\)$", rf'\g<1>\g<2>, "{name}")', text)
    return text


def _parameters_class(text: str, name: str) -> str:
    """A field after the last section of the class `Parameters`."""
    head, mark, body = text.partition("class Parameters(_Section):")
    sections = list(re.finditer(r"^    \w+: \w+Parameters$", body, flags=re.MULTILINE))
    if not mark or not sections:
        raise _NoFitError
    at = sections[-1].end()
    return f"{head}{mark}{body[:at]}\n    {name}: CaseParameters{body[at:]}"


def _parameters_file(text: str, name: str) -> str:
    return f"{text.rstrip()}\n\n{name}:\n  seed: 4\n  level: mid\n  control: false\n"


def _stages(text: str, name: str) -> str:
    """An entry at the end of the stages, and a line among the metrics."""
    entry = (
        f"      {name}:\n        name: {name}\n        needs: scenarios/base.py\n        and: scenarios/kit\n"
        "        also: scenarios/catalogue.py\n        record: truth.json\n"
    )
    text = _replaced(r"^    do:$", f"{entry}    do:", text)
    lines = list(re.finditer(r"^  - reports/\w+/metrics\.json$", text, flags=re.MULTILINE))
    if not lines:
        raise _NoFitError
    at = lines[-1].end()
    return f"{text[:at]}\n  - reports/{name}/metrics.json{text[at:]}"


def _layers(text: str, name: str) -> str:
    return _replaced(r'^(  "\(drift\) \| [^"\n]*)",$', rf'\g<1> | ({name})",', text)


def _replaced(pattern: str, by: str, text: str) -> str:
    after, count = re.subn(pattern, by, text, count=1, flags=re.MULTILINE | re.DOTALL)
    if not count:
        raise _NoFitError
    return after


PLACES: tuple[Place, ...] = (
    Place(file="scenarios/catalogue.py", edit=_catalogue, by_hand='"{name}" at the end of SCENARIOS and of GRADED'),
    Place(
        file="pipelines/parameters.py",
        edit=_parameters_class,
        by_hand="`{name}: CaseParameters` in the class Parameters",
    ),
    Place(file="params.yaml", edit=_parameters_file, by_hand="a section `{name}` with seed, level and control"),
    Place(
        file="dvc.yaml",
        edit=_stages,
        by_hand="an entry `{name}` below foreach (record: truth.json), and reports/{name}/metrics.json in metrics",
    ),
    Place(file="pyproject.toml", edit=_layers, by_hand="`({name})` in the layer of the scenarios (tool.importlinter)"),
)
"""Every place, in the order in which a reader would look."""
