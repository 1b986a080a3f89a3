"""A parameter changed on the command line after the settings had been logged."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting

DEFAULT_RATE: Final = 0.1
"""What params.yaml says, and what was logged."""

_SOUND: Final = """\
    for pair in given.set:
        name, _, value = pair.partition("=")
        settings[name] = yaml.safe_load(value)
    log_params(settings)
    return settings
"""
_NAIVE: Final = """\
    log_params(settings)
    for pair in given.set:
        name, _, value = pair.partition("=")
        settings[name] = yaml.safe_load(value)
    return settings
"""


def _plant(files: Files) -> dict[str, bytes]:
    return with_setting(replaced(files, "settings.py", _SOUND, _NAIVE), "learning_rate", DEFAULT_RATE)


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, arguments=(*conditions.arguments, "--set", f"learning_rate={values['learning_rate']}"))


def _read(seen: Evidence) -> Values | None:
    rate = seen.learnt_with("learning_rate")
    return {"learning_rate": rate} if holds(seen.files, "settings.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "settings.py", _NAIVE, _SOUND), "learning_rate", values["learning_rate"])


CAUSE: Final = Cause(
    code="unlogged-parameter",
    family=Family.TRACKING,
    hides=Level.FAINT,
    title="A parameter that was not logged",
    says="Settings are logged before the command line changes them: record and model have unlike learning rates.",
    remedy="Log after the last change; put what the model file has into params.yaml.",
    where=("settings.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
)
