"""What a new scenario may be called: a word that Python can import and that names nothing else in the repository."""

import keyword
import re
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel

from pipelines.errors import LabError

_NAME: Final = re.compile(r"[a-z]{3,20}")

_PLACES: Final = (
    "scenarios/{name}",
    "scenarios/{name}.py",
    "tests/{name}",
    "docs/interview/{name}.md",
    "docs/extensions/{name}.md",
    "{name}",
)
"""Where something of that name would be overwritten, be hidden by the new scenario, or hide it."""


def require_free(root: Path, name: str) -> None:
    """Let a name pass that a new scenario may have.

    Raises
    ------
    LabError
        For a name that is not 3 to 20 small letters, cannot be imported, or is taken.
    """
    if not _NAME.fullmatch(name):
        raise LabError(f"A scenario's name is 3 to 20 small letters, as in 'drift'; given: '{name}'.")
    if keyword.iskeyword(name):
        raise LabError(f"'{name}' is a word of Python itself, so that no file could import it. Choose another name.")
    if hasattr(BaseModel, name):
        raise LabError(f"'{name}' cannot be a section of params.yaml: pydantic needs the word. Choose another name.")
    places = [place.format(name=name) for place in _PLACES]
    if taken := [place for place in places if (root / place).exists()]:
        raise LabError(f"{taken[0]} exists already. Choose another name.")
    for file, names in (("params.yaml", _sections(root)), ("dvc.yaml", _stages(root))):
        if name in names:
            raise LabError(f"{file} names something '{name}' already. Choose another name.")


def _sections(root: Path) -> set[str]:
    return set(_read(root / "params.yaml"))


def _stages(root: Path) -> set[str]:
    stages = _read(root / "dvc.yaml").get("stages", {})
    return set(stages).union(*(one.get("foreach", {}) for one in stages.values()))


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
