"""A day that is today's: the same code looks back from another day tomorrow."""

from dataclasses import replace
from typing import Final

import pandas as pd

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    as_of = pd.Timestamp(settings["as_of"])\n'
_NAIVE: Final = "    as_of = pd.Timestamp(datetime.now().date())\n"

_EARLIER: Final = pd.Timestamp("2019-05-05 12:00", tz="UTC")
"""Another day."""


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "as_of")


def _given(conditions: Conditions, values: Values) -> Conditions:
    """Noon of the day the pipeline looks from, which is the same day everywhere the runs are made."""
    noon = pd.Timestamp(values["as_of"], tz=conditions.zone) + pd.Timedelta(hours=12)
    return replace(conditions, clock=noon.timestamp())


def _read(seen: Evidence) -> Values | None:
    return {"as_of": seen.logged(r"as of (\S+),")} if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "as_of", values["as_of"])


CAUSE: Final = Cause(
    code="wall-clock",
    family=Family.CODE,
    hides=Level.LOUD,
    title="Windows that end today",
    says="The pipeline looks back from the day it runs on, so its windows have moved on since the recorded run.",
    remedy="Put the day into params.yaml.",
    where=("prepare.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, clock=_EARLIER.timestamp()),
)
