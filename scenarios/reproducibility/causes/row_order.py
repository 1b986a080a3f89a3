"""Files read in the order the disk lists them, and rows of which the last one counts."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import NOTHING, Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced

_SOUND: Final = "    names = sorted(os.listdir(USAGE))\n"
_NAIVE: Final = "    names = os.listdir(USAGE)\n"


def _plant(files: Files) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _SOUND, _NAIVE)


def _read(seen: Evidence) -> Values | None:
    return NOTHING if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, _values: Values) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _NAIVE, _SOUND)


CAUSE: Final = Cause(
    code="row-order",
    family=Family.DATA,
    hides=Level.LOUD,
    title="Rows in the order of the disk",
    says="The months' files are read as the disk lists them, and where a week stands twice, the row read last counts.",
    remedy="Sort the names before reading.",
    where=("prepare.py", "data/usage"),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    elsewhere=lambda home: replace(home, order=home.order + 1),
)
