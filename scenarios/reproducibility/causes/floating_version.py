"""A package that may be any version from one on, and a newer one that has come since."""

from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced

_SOUND: Final = "scorelib==1.2\n"
_NAIVE: Final = "scorelib>=1.1\n"


def _plant(files: Files) -> dict[str, bytes]:
    return replaced(files, "requirements.txt", _SOUND, _NAIVE)


def _read(seen: Evidence) -> Values | None:
    version = seen.logged(r"resolve: scorelib==(\S+)")
    return {"scorelib": version} if holds(seen.files, "requirements.txt", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return replaced(files, "requirements.txt", _NAIVE, f"scorelib=={values['scorelib']}\n")


CAUSE: Final = Cause(
    code="floating-dependency",
    family=Family.ENVIRONMENT,
    hides=Level.LOUD,
    title="A package without a version",
    says="requirements.txt allows any scorelib from 1.1 on; 1.3 came, and weighs weeks in another way.",
    remedy="Pin the version that the log names.",
    where=("requirements.txt", "resolve.py"),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
)
