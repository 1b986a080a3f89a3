"""How a place on disk is told in a terminal."""

from pathlib import Path


def from_here(path: Path) -> str:
    """The path as it is typed from the working folder, where it lies below it; else the whole path.

    >>> from_here(Path.cwd() / "reports" / "drift" / "index.html")
    'reports/drift/index.html'
    >>> from_here(Path("/elsewhere/index.html"))
    '/elsewhere/index.html'
    """
    whole = path.absolute()
    return str(whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole)
