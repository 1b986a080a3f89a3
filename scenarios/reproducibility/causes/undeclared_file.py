"""A file of settings that lay in the folder of whoever ran it, and in no repository."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting

FILE: Final = "local.yaml"
DEFAULT_LEAVES: Final = 15
"""What params.yaml says where the recorded run had another number in its own file."""

_SOUND: Final = """\
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
"""
_NAIVE: Final = """\
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    if Path("local.yaml").exists():
        settings |= yaml.safe_load(Path("local.yaml").read_text(encoding="utf-8"))
"""


def _plant(files: Files) -> dict[str, bytes]:
    return with_setting(replaced(files, "settings.py", _SOUND, _NAIVE), "leaves", DEFAULT_LEAVES)


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, also={**conditions.also, FILE: f"leaves: {values['leaves']}\n"})


def _read(seen: Evidence) -> Values | None:
    return {"leaves": int(seen.learnt_with("num_leaves"))} if holds(seen.files, "settings.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "settings.py", _NAIVE, _SOUND), "leaves", values["leaves"])


CAUSE: Final = Cause(
    code="undeclared-file",
    family=Family.ENVIRONMENT,
    hides=Level.QUIET,
    title="A file that is in no repository",
    says="Settings may come from local.yaml, which lay on one machine; the model has other leaves than params.yaml.",
    remedy="Put the setting into params.yaml, and read no other file.",
    where=("settings.py", FILE),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, also={**home.also, FILE: "leaves: 2\n"}),
)
