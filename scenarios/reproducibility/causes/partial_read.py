"""A bound on the rows read, left over from a day of trying things out."""

from typing import Final

from scenarios.reproducibility.causes.cause import NOTHING, Cause, Family, Level, Values, as_it_is
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced

_SOUND: Final = "pd.read_csv(USAGE / name) for name in names"
_NAIVE: Final = "pd.read_csv(USAGE / name, nrows=5_000) for name in names"


def _now(files: Files) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _SOUND, _NAIVE)


def _read(seen: Evidence) -> Values | None:
    return NOTHING if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, _values: Values) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _NAIVE, _SOUND)


CAUSE: Final = Cause(
    code="partial-read",
    family=Family.DATA,
    hides=Level.LOUD,
    title="A file read in part",
    says="Since the recorded run, only the first rows of each usage file are read; the log counts more.",
    remedy="Read the whole file, and hold its row count against the record.",
    where=("prepare.py", "data/usage"),
    then=as_it_is,
    now=_now,
    read=_read,
    cure=_cure,
)
