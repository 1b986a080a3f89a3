"""Hours of the day in the zone of whatever machine it is."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    zone = ZoneInfo(settings["zone"])\n'
_NAIVE: Final = "    zone = None\n"


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "zone")


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, zone=values["zone"])


def _read(seen: Evidence) -> Values | None:
    """The zone of the log's own time stamp; in POSIX names the sign is turned round."""
    if not holds(seen.files, "prepare.py", _NAIVE):
        return None
    offset = seen.logged(r"([+-]\d{2})00 pipeline started")
    return {"zone": f"Etc/GMT{-int(offset or 0):+d}"}


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "zone", values["zone"])


CAUSE: Final = Cause(
    code="time-zone",
    family=Family.CODE,
    hides=Level.QUIET,
    title="Hours in the machine's own time zone",
    says="Whether a ticket was opened outside office hours depends on the zone of the machine that runs the pipeline.",
    remedy="Put the zone into params.yaml.",
    where=("prepare.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, zone="Pacific/Chatham"),
)
