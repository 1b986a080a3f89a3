"""As many workers as the machine has threads, each with a generator of its own."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.conditions import Conditions
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    workers = settings["workers"]\n'
_NAIVE: Final = '    workers = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)\n'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "prepare.py", _SOUND, _NAIVE), "workers")


def _given(conditions: Conditions, values: Values) -> Conditions:
    return replace(conditions, threads=values["workers"])


def _read(seen: Evidence) -> Values | None:
    workers = seen.logged(r"thinned by (\d+) workers")
    return {"workers": int(workers)} if holds(seen.files, "prepare.py", _NAIVE) else None


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "prepare.py", _NAIVE, _SOUND), "workers", values["workers"])


CAUSE: Final = Cause(
    code="thread-count",
    family=Family.CODE,
    hides=Level.QUIET,
    title="A generator for every thread of the machine",
    says="Stayers are thinned by as many workers as there are threads, each with its own luck, so other rows stay.",
    remedy="Put the number of workers into params.yaml; draw by row, not by worker.",
    where=("prepare.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    given=_given,
    elsewhere=lambda home: replace(home, threads=home.threads + 2),
)
