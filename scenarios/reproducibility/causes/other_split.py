"""A figure of the validation part, in a record that is read as the test's."""

from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = 'table["split"] == settings["judge_on"]'
_THEN: Final = 'table["split"] == "valid"'
_NOW: Final = 'table["split"] == "test"'


def _then(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "evaluate.py", _SOUND, _THEN), "judge_on")


def _now(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "evaluate.py", _SOUND, _NOW), "judge_on")


def _read(seen: Evidence) -> Values | None:
    return {"judge_on": "valid"} if holds(seen.files, "evaluate.py", _NOW) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "evaluate.py", _NOW, _SOUND), "judge_on", values["judge_on"])


CAUSE: Final = Cause(
    code="metric-of-another-split",
    family=Family.TRACKING,
    hides=Level.QUIET,
    title="The figure of another split",
    says="The recorded AUC was reckoned on the validation part; evaluate.py has judged on the test part since.",
    remedy="Name the part beside the figure; judge the recorded one on the part it was made on.",
    where=("evaluate.py", "record/run.json"),
    then=_then,
    now=_now,
    read=_read,
    cure=_cure,
)
