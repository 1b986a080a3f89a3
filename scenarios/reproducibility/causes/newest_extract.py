"""An extract that is not named: the newest file in a folder, which is another one now."""

from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    extract = settings["extract"]\n'
_NAIVE: Final = '    extract = max(path.stem for path in TICKETS.glob("*.csv"))\n'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "extract")


def _read(seen: Evidence) -> Values | None:
    return {"extract": seen.logged(r"tickets of extract (\S+)")} if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "extract", values["extract"])


CAUSE: Final = Cause(
    code="unversioned-extract",
    family=Family.DATA,
    hides=Level.LOUD,
    title="The newest extract, whichever that is",
    says="Tickets come from the newest file in the folder; a newer one has arrived since, with another month in it.",
    remedy="Name the extract in params.yaml.",
    where=("prepare.py", "data/tickets"),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
)
