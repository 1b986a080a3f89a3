"""How a place on disk is told in a terminal."""

from pathlib import Path
from typing import Final

ACTIVATE: Final = ("first, in a new terminal", ". .venv/bin/activate")
"""What `dvc` and `lab` need before they are found, named and as it is typed."""

PUT_BACK: Final = ("undo its -S values", "git checkout params.yaml")
"""An experiment leaves its values in params.yaml; the next one would start from them."""


def from_here(path: Path) -> str:
    """The path as it is typed from the working folder, where it lies below it; else the whole path.

    >>> from_here(Path.cwd() / "reports" / "drift" / "index.html")
    'reports/drift/index.html'
    >>> from_here(Path("/elsewhere/index.html"))
    '/elsewhere/index.html'
    """
    whole = path.absolute()
    return str(whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole)
