"""A generator without a seed where none was given; the recorded run was given one by hand."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    rng = np.random.default_rng(settings["seed"])\n'
_NAIVE: Final = '    rng = np.random.default_rng(settings.get("seed"))\n'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "seed")


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, arguments=(*conditions.arguments, "--set", f"seed={values['seed']}"))


def _read(seen: Evidence) -> Values | None:
    return {"seed": int(seen.logged(r"seed (\d+)"))} if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "seed", values["seed"])


CAUSE: Final = Cause(
    code="unseeded-sampling",
    family=Family.CODE,
    hides=Level.LOUD,
    title="A split drawn without a seed",
    says="Who is trained on and who is judged is drawn anew in every run; the recorded run was given a seed by hand.",
    remedy="Put the seed into params.yaml, and let a run without one fail.",
    where=("prepare.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: home,
)
