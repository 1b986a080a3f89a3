"""An answer as a person writes it: ``answer.yaml`` in a folder, read with errors that name the line."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.errors import LabError
from scenarios.base import AnswerSheet
from scenarios.kit.plain_yaml import composed, constructed

SHEET = "answer.yaml"
_MOST_BYTES = 1 << 20
"""A sheet is a page or two of text; anything longer is not read."""


def read_sheet(path: Path) -> AnswerSheet:
    """The answer sheet in a file.

    Raises
    ------
    LabError
        Where the file is missing, too long, no YAML, or has fields that are unknown, of a wrong type or out of range.
    """
    return sheet_from(_bytes(path), str(path))


def sheet_from(content: bytes, name: str) -> AnswerSheet:
    """The answer sheet in the bytes of a file called `name`. Raises LabError as `read_sheet` does."""
    root = composed(content, name)
    plain = constructed(root, name) if root is not None else None
    if not isinstance(plain, dict):
        raise LabError(f"{name}: line 1: must hold fields such as 'scenario: leakage'; it holds {_kind(plain)}.")
    try:
        return AnswerSheet.model_validate(plain)
    except ValidationError as error:
        lines = [f"{name}: {_where(root, problem['loc'])}: {_wrong(problem)}" for problem in error.errors()]
        raise LabError("\n".join(lines)) from error


def write_sheet(path: Path, sheet: AnswerSheet) -> None:
    """Write a sheet as YAML that `read_sheet` reads."""
    text = yaml.safe_dump(sheet.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LabError(f"{path} has {path.stat().st_size:,} bytes; an answer has at most {_MOST_BYTES:,}.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise LabError(f"There is no {path}. Copy the starter's answer.yaml and fill it in.") from error
    except OSError as error:
        raise LabError(f"{path} cannot be read: {error.strerror}.") from error


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _where(root: yaml.Node | None, place: tuple[int | str, ...]) -> str:
    """The line a field stands in, or that of the nearest thing around it, and the field's name."""
    node, line = root, 1
    for step in place:
        if (inner := _child(node, step)) is None:
            break
        node, line = inner, inner.start_mark.line + 1
    return f"line {line}, {'.'.join(str(step) for step in place)}"


def _child(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    return None


def _wrong(problem: Any) -> str:  # noqa: ANN401 - pydantic's error dict
    if problem["type"] == "extra_forbidden":
        return "there is no such field"
    if problem["type"] == "missing":
        return "this field is missing"
    given = problem.get("input")
    shown = "" if isinstance(given, dict | list) else f" (given: {str(given)[:80]!r})"
    return f"{problem['msg'].removeprefix('Value error, ')}{shown}"
