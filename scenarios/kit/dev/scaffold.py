"""A new scenario on disk: a small graded one that works, for its author to make into another."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines import store
from pipelines.errors import LabError
from scenarios.base import Signal
from scenarios.kit.dev.naming import require_free
from scenarios.kit.dev.registration import edited

_TEMPLATES: Final = Path(__file__).parent / "templates"

_IMPORT: Final = re.compile(r"from scenarios\.[\w.]+ import (?:\([^)]*\)|[^\n(]*)\n")
_IMPORTS: Final = re.compile(rf"(?:^{_IMPORT.pattern})+", flags=re.MULTILINE)

FILES: Final = {
    "init.py": "scenarios/{name}/__init__.py",
    "scenario.py": "scenarios/{name}/scenario.py",
    "truth.py": "scenarios/{name}/truth.py",
    "plant.py": "scenarios/{name}/plant.py",
    "grade.py": "scenarios/{name}/grade.py",
    "story.py": "scenarios/{name}/story.py",
    "terminal.py": "scenarios/{name}/terminal.py",
    "stage.py": "scenarios/{name}/stage.py",
    "page.html": "scenarios/{name}/page.html.j2",
    "answers_init.py": "scenarios/{name}/answers/__init__.py",
    "people.py": "scenarios/{name}/answers/people.py",
    "brief.md": "scenarios/{name}/brief.md",
    "lesson.md": "scenarios/{name}/README.md",
    "rubric.yaml": "scenarios/{name}/rubric.yaml",
    "answer.yaml": "scenarios/{name}/starter/answer.yaml",
    "learn.yaml": "scenarios/{name}/learn.yaml",
    "test_definition.py": "tests/{name}/test_{name}_definition.py",
    "interview.md": "docs/interview/{name}.md",
    "extensions.md": "docs/extensions/{name}.md",
}
"""Each template (without its ``.j2``), and the file that is made of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaffold:
    """What a new scenario adds: whole files, files changed (before and after), and what is left to do by hand."""

    made: dict[str, str]
    changed: dict[str, tuple[str, str]]
    by_hand: list[str]


def signal_named(text: str) -> Signal:
    """One of the six signals. Raises LabError for another."""
    signals: tuple[Signal, ...] = get_args(Signal)
    found = next((one for one in signals if one == text), None)
    if found is None:
        raise LabError(f"There is no signal '{text}'. Signals: {', '.join(signals)}.")
    return found


def scaffold(root: Path, name: str, signal: Signal) -> Scaffold:
    """Everything a new scenario of that name needs; nothing is written.

    Raises
    ------
    LabError
        For a name that a new scenario may not have.
    """
    require_free(root, name)
    environment = Environment(  # noqa: S701 - Python, YAML and Markdown, no HTML from outside
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    given = {"name": name, "signal": signal, "title": name.capitalize()}
    made = {
        path.format(name=name): _imports_in_order(environment.get_template(f"{template}.j2").render(given))
        for template, path in FILES.items()
    }
    changed, by_hand = edited(root, name)
    return Scaffold(made=made, changed=changed, by_hand=by_hand)


def _imports_in_order(text: str) -> str:
    """The text with its block of imports from the scenarios in the linter's order, which depends on the name."""
    found = _IMPORTS.search(text)
    if found is None:
        return text
    block = sorted(_IMPORT.findall(found[0]), key=lambda one: one.split()[1])
    return text[: found.start()] + "".join(block) + text[found.end() :]


def write(root: Path, one: Scaffold) -> None:
    """Write the new files and the changed ones."""
    for path, text in one.made.items():
        store.write_text(root / path, text)
    for path, (_, after) in one.changed.items():
        store.write_text(root / path, after)
