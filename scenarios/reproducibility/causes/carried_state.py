"""A generator that goes on where the last run stopped; somebody committed where that was."""

from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import NOTHING, Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced

STATE: Final = "state/shuffle.json"
_SOUND: Final = """\
    rng = np.random.default_rng(settings["model_seed"])
    rows = rows.iloc[rng.permutation(len(rows))]
"""
_NAIVE: Final = """\
    rng = np.random.default_rng(settings["model_seed"])
    state = Path("state/shuffle.json")
    if state.exists():
        rng.bit_generator.state = json.loads(state.read_text(encoding="utf-8"))
    rows = rows.iloc[rng.permutation(len(rows))]
    state.write_text(json.dumps(rng.bit_generator.state), encoding="utf-8")
"""
_HEAD: Final = "import shutil\nimport sys\nfrom collections.abc import Mapping\n"
_NAIVE_HEAD: Final = f"import json\n{_HEAD}from pathlib import Path\n"


def _plant(files: Files) -> dict[str, bytes]:
    return replaced(replaced(files, "train.py", _SOUND, _NAIVE), "train.py", _HEAD, _NAIVE_HEAD)


def _read(seen: Evidence) -> Values | None:
    return NOTHING if holds(seen.files, "train.py", _NAIVE) else None


def _cure(files: Files, _values: Values) -> dict[str, bytes]:
    sound = replaced(replaced(files, "train.py", _NAIVE, _SOUND), "train.py", _NAIVE_HEAD, _HEAD)
    return {name: content for name, content in sound.items() if name != STATE}


CAUSE: Final = Cause(
    code="global-state",
    family=Family.CODE,
    hides=Level.QUIET,
    title="Luck that is carried from run to run",
    says="The shuffle goes on where the last run stopped; where that was, was committed, so no run is the first.",
    remedy="Begin every run from the seed, and take the state out of the repository.",
    where=("train.py", STATE),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    elsewhere=lambda home: replace(home, times=2),
)
