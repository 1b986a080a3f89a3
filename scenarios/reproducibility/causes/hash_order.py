"""Columns in the order of a set, which Python's hashing of text draws anew for every process."""

import re
from dataclasses import replace
from typing import Final

from scenarios.reproducibility.causes.cause import Cause, Family, Level, Values
from scenarios.reproducibility.evidence import Evidence
from scenarios.reproducibility.files import Files, holds, replaced, with_setting, without_setting

_SOUND: Final = '    columns = settings["columns"]\n'
_NAIVE: Final = '    columns = list(set(table.columns) - {"customer_id", "churned", "split"})\n'


def _plant(files: Files) -> dict[str, bytes]:
    return without_setting(replaced(files, "train.py", _SOUND, _NAIVE), "columns")


def _read(seen: Evidence) -> Values | None:
    return {"columns": columns_of(seen.model)} if holds(seen.files, "train.py", _NAIVE) else None


def columns_of(model: str) -> list[str]:
    """The columns of a LightGBM model file, in its order."""
    found = re.search(r"^feature_names=(.*)$", model, flags=re.MULTILINE)
    return found[1].split() if found else []


def _cure(files: Files, values: Values) -> dict[str, bytes]:
    return with_setting(replaced(files, "train.py", _NAIVE, _SOUND), "columns", list(values["columns"]))


CAUSE: Final = Cause(
    code="hash-order",
    family=Family.CODE,
    hides=Level.QUIET,
    title="Columns in the order of a set",
    says="The columns come out of a set, in another order for every process; each tree draws its columns by position.",
    remedy="List the columns in params.yaml, in the order of the recorded model.",
    where=("train.py",),
    then=_plant,
    now=_plant,
    read=_read,
    cure=_cure,
    elsewhere=lambda home: replace(home, hash_seed=home.hash_seed + 4242),
)
