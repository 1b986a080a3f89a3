"""What lies in a folder of submissions: which entries are graded, under which name, and which are left out, and why."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipelines.errors import LabError
from scenarios.kit.grade.submission import name_of
from scenarios.kit.grade.unpack import is_archive
from scenarios.kit.utf8 import readable

MADE_HERE: Final = ".graded"
"""Ending of the folders that grading makes."""


def submissions_in(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """Every folder and every archive, in order of their names, and what is left out: its name, and why.

    Raises
    ------
    LabError
        Where there is none.
    """
    if not folder.is_dir():
        raise LabError(f"There is no folder {folder}. --many takes a folder with one folder or archive a candidate.")
    if (folder / "pack.json").exists():
        raise LabError(f"{folder} is one pack. Leave --many out, or name the folder that holds all of them.")
    reasons = {path: _left_out(path) for path in sorted(folder.iterdir())}
    found = [path for path, why in reasons.items() if not why]
    if not found:
        raise LabError(f"{folder} holds no submission: neither folders nor archives (.zip, .tar.gz).")
    return found, {readable(path.name): why for path, why in reasons.items() if why}


def names_for(paths: Sequence[Path]) -> list[str]:
    """A name for each submission, and none twice: ``ada`` for ``ada.zip``, and ``ada.zip`` beside a folder ``ada``."""
    names = [name_of(path) for path in paths]
    while taken := {name for name, count in Counter(map(str.casefold, names)).items() if count > 1}:
        longer = [
            readable(path.name) if name.casefold() in taken else name for name, path in zip(names, paths, strict=True)
        ]
        if longer == names:
            break
        names = longer
    return names


def _left_out(path: Path) -> str:
    if path.name.startswith("."):
        return "hidden"
    if path.name.endswith(MADE_HERE):
        return "made by grading"
    if path.is_symlink() and not is_archive(path):
        return "a symbolic link; put the folder itself here"
    if path.is_dir() or is_archive(path):
        return ""
    return "neither a folder nor an archive (.zip, .tar.gz)"
