"""A candidate's lock: the part of the lab's own ``requirements.lock`` that some packages need, hashes and all."""

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from pipelines.errors import LabError
from scenarios.base import Public

ROOT: Final = Path(__file__).parents[3]
"""The lab's checkout."""

EVERYBODY: Final = (
    "lightgbm",
    "matplotlib",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pytest",
    "pyyaml",
    "scikit-learn",
    "scipy",
)
"""What every candidate gets."""

_WIRED: Final = {"dvc.yaml": "dvc", ".dvc/config": "dvc", "MLproject": "mlflow"}
"""Files that only a tool reads, and the tool."""

_ENTRY: Final = re.compile(r"\n(?=[a-z0-9])")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def lock_for(public: Public, *, lock: Path = ROOT / "requirements.lock") -> str:
    """The lock for the files handed out: what everybody gets, and what their code and wiring ask for.

    Raises
    ------
    LabError
        Where the lab's lock is missing.
    """
    try:
        text = lock.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LabError(f"There is no {lock}. Fork from a checkout of the lab.") from error
    entries: dict[str, list[str]] = {}
    for entry in _ENTRY.split(text):
        entries.setdefault(_normal(_first_name(entry)), []).append(entry.rstrip("\n"))
    wanted = needed([*EVERYBODY, *asked_for(public, known=entries)], known=entries)
    return "\n".join(entry for name in sorted(wanted) for entry in entries[name]) + "\n"


def asked_for(public: Public, *, known: Mapping[str, object]) -> set[str]:
    """Packages of the lock that handed-out code imports, or that handed-out wiring is for."""
    tools = {tool for name, tool in _WIRED.items() if name in public}
    providers = metadata.packages_distributions()
    modules = {
        module
        for name, content in public.items()
        if name.endswith(".py") and isinstance(content, str)
        for module in _imported(content)
    }
    provided = {_normal(one) for module in modules for one in providers.get(module, ())}
    return (tools | provided) & set(known)


def needed(roots: Iterable[str], *, known: Mapping[str, object]) -> set[str]:
    """The roots and all that they need, as far as it stands in the lock; a need of any platform counts."""
    found: set[str] = set()
    waiting = [_normal(one) for one in roots]
    while waiting:
        name = waiting.pop()
        if name in found or name not in known:
            continue
        found.add(name)
        waiting += _needs(name)
    return found


@cache
def _needs(name: str) -> list[str]:
    """What an installed package needs without extras. One that is installed on other platforms only needs nothing."""
    try:
        written = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    return [_normal(_first_name(one)) for one in written if not re.search(r"\bextra\s*==", one)]


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _first_name(text: str) -> str:
    found = _NAME.match(text)
    return found[0] if found else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
