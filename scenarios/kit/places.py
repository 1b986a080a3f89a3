"""Places that files are to be written to: what stands in the way is said before any work is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import LabError


def refuse_below_file(place: Path, option: str) -> None:
    """Raise LabError where a folder that `place` is to lie in is a file."""
    for folder in place.absolute().parents:
        if folder.is_dir():
            return
        if folder.exists():
            raise LabError(f"{place} cannot be written: {folder} is a file. Name another place with {option}.")


def refuse_no_file(place: Path, option: str) -> None:
    """Raise LabError where `place` is to become a file and cannot."""
    if place.is_dir():
        raise LabError(f"{place} is a folder, and a file is to be written there. Name a file with {option}.")
    refuse_below_file(place, option)


def refuse_no_folder(place: Path, option: str) -> None:
    """Raise LabError where `place` is to become a folder and cannot."""
    if place.exists() and not place.is_dir():
        raise LabError(f"{place} is a file, and a folder is to be written there. Name a folder with {option}.")
    refuse_below_file(place, option)


@contextmanager
def writing(place: Path, option: str) -> Iterator[None]:
    """Writing to `place`: what the machine refuses becomes a LabError."""
    try:
        yield
    except OSError as error:
        raise LabError(f"{place} cannot be written: {error.strerror}. Name another place with {option}.") from error
