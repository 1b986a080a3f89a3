"""A setting taken from the shell of whoever ran it."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

VARIABLE: Final = "CHURN_WINDOW_DAYS"
_SOUND: Final = '    window = pd.Timedelta(days=settings["window_days"])\n'
_NAIVE: Final = '    window = pd.Timedelta(days=int(os.environ.get("CHURN_WINDOW_DAYS", "90")))\n'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "window_days")


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, environment={**conditions.environment, VARIABLE: str(values["window_days"])})


def _read(seen: Evidence) -> Values | None:
    window = seen.logged(r"window (\d+) days")
    return {"window_days": int(window)} if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "window_days", values["window_days"])


CAUSE: Final = Cause(
    code="environment-variable",
    family=Family.ENVIRONMENT,
    hides=Level.LOUD,
    title="A setting from somebody's shell",
    says="The window's length comes from an environment variable; nobody else has it set, and the default is another.",
    remedy="Put the window into params.yaml.",
    where=("prepare.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, environment={**home.environment, VARIABLE: "30"}),
)
