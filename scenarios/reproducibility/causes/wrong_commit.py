"""A run that is tagged with a commit made after it, in which a feature is defined in another way."""

from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values, as_it_is
from scenarios.reproducibility.evidence import Evidence, md5
from scenarios.reproducibility.files import Files, holds, replaced

_SOUND: Final = '    trend = found["recent"] / (found["earlier"] + 1.0)\n'
_NAIVE: Final = '    trend = (found["recent"] - found["earlier"]).clip(-600.0, 60.0)\n'


def _now(files: Files) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _SOUND, _NAIVE)


def _read(seen: Evidence) -> Values | None:
    """The commit whose prepare.py is the one DVC hashed; None where that is the one the run is tagged with."""
    tagged = seen.run["data"]["tags"]["mlflow.source.git.commit"]
    same = [one.id for one in seen.commits if md5(one.files["prepare.py"]) == seen.locked["prepare.py"]]
    wrong = tagged not in same and bool(same) and holds(seen.files, "prepare.py", _NAIVE)
    return {"commit": same[-1]} if wrong else None


def _cure(files: Files, _values: Values) -> dict[str, bytes]:
    return replaced(files, "prepare.py", _NAIVE, _SOUND)


CAUSE: Final = Cause(
    code="wrong-commit",
    family=Family.TRACKING,
    hides=Level.FAINT,
    title="A run tagged with a commit it did not run",
    says="The run began before the commit it is tagged with was made; that one defines the trend in another way.",
    remedy="Go by the hash of prepare.py in dvc.lock; take the feature of the commit that has it.",
    where=("prepare.py", "record/run.json"),
    then=as_it_is,
    now=_now,
    read=_read,
    cure=_cure,
)
