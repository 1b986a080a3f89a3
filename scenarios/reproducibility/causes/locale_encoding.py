"""A text file read in the encoding of whatever machine it is; names that cannot be read match nothing."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = 'read_text(encoding=settings["encoding"], errors="replace")'
_NAIVE: Final = 'read_text(errors="replace")'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "encoding")


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, encoding=values["encoding"])


def _read(seen: Evidence) -> Values | None:
    """An encoding in which every office of the customers' table is listed, as the log says it was."""
    if not holds(seen.files, "prepare.py", _NAIVE):
        return None
    offices = {line.split(",")[2] for line in seen.data["customers.csv"].decode("utf-8").splitlines()[1:]}
    listed = seen.files["offices.csv"]
    return {"encoding": next(name for name in ("utf-8", "latin-1", "mac-roman") if offices <= _names(listed, name))}


def _names(listed: bytes, encoding: str) -> set[str]:
    return {line.split(";")[0] for line in listed.decode(encoding, errors="replace").splitlines()}


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "encoding", values["encoding"])


CAUSE: Final = Cause(
    code="locale",
    family=Family.CODE,
    hides=Level.QUIET,
    title="A file read in the machine's own encoding",
    says="offices.csv is Latin-1, as the machine of the recorded run was; elsewhere half of its names match nobody.",
    remedy="Say which encoding the file is in.",
    where=("prepare.py", "offices.csv"),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, encoding="latin-1", locale="C"),
)
