"""A figure of whatever model lies in the registry, which a later run has replaced."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import NOTHING, Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced

_SOUND: Final = 'lightgbm.Booster(model_file="out/model.txt")'
_NAIVE: Final = 'lightgbm.Booster(model_file="registry/model.txt")'


def _plant(files: Files) -> dict[str, bytes]:
    return replaced(files, "evaluate.py", _SOUND, _NAIVE)


def _given(conditions: Conditions, _values: Values) -> Conditions:
    return replace(conditions, arguments=(*conditions.arguments, "--set", "promote=true"))


def _read(seen: Evidence) -> Values | None:
    return NOTHING if holds(seen.files, "evaluate.py", _NAIVE) else None


def _cure(files: Files, _values: Values) -> dict[str, bytes]:
    return replaced(files, "evaluate.py", _NAIVE, _SOUND)


CAUSE: Final = Cause(
    code="model-of-another-run",
    family=Family.TRACKING,
    hides=Level.FAINT,
    title="A model of another run",
    says="evaluate.py judges the model in the registry, not the one just trained; a later run has put its own there.",
    remedy="Judge out/model.txt, which the run itself made.",
    where=("evaluate.py", "registry/model.txt"),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
)
