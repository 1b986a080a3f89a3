"""The little repository in its sound state: the handed-out code with the settings of one case."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from scenarios.reproducibility.files import with_setting
from scenarios.reproducibility.tables import OFFICES

_HANDOUT: Final = Path(__file__).parent / "handout"
SOURCES: Final = (
    "README.md",
    "dvc.yaml",
    "evaluate.py",
    "pipeline.py",
    "prepare.py",
    "requirements.txt",
    "resolve.py",
    "settings.py",
    "train.py",
    "vendor/scorelib-1.2/scorelib.py",
    "vendor/scorelib-1.3/scorelib.py",
)
_KEPT_AS: Final = {"dvc.yaml": "stages.yaml"}
"""By the name dvc.yaml, DVC would take the little repository's stages for the lab's own."""

COLUMNS: Final = (
    "plan",
    "price",
    "months_left",
    "years",
    "recent",
    "weighted",
    "last_week",
    "trend",
    "tickets",
    "late_share",
)
PINNED: Final = ("lightgbm", "numpy", "pandas", "pyyaml")
ZONES: Final = ("Asia/Tokyo", "Asia/Dubai", "America/Phoenix", "America/Bogota", "Asia/Bangkok")
"""Zones without summer time, whole hours from UTC."""


def settings(luck: np.random.Generator, *, as_of: str, extract: str) -> dict[str, Any]:
    """What the recorded run used, wherever it took it from."""
    return {
        "as_of": as_of,
        "columns": [str(name) for name in luck.permutation(COLUMNS)],
        "encoding": "latin-1",
        "extract": extract,
        "judge_on": "test",
        "learning_rate": float(luck.choice([0.04, 0.06, 0.08])),
        "leaves": int(luck.choice([5, 7, 9])),
        "min_rows": int(luck.choice([20, 30, 40])),
        "model_seed": int(luck.integers(1, 1000)),
        "promote": False,
        "rounds": int(luck.choice([40, 50, 60])),
        "seed": int(luck.integers(1000, 100_000)),
        "window_days": int(luck.choice([120, 135, 150])),
        "workers": int(luck.choice([3, 5, 6, 7])),
        "zone": str(luck.choice(ZONES)),
    }


def sound(values: Mapping[str, Any], levels: Sequence[float]) -> dict[str, bytes]:
    """The repository without any cause; `levels` are the price levels of the offices."""
    files = {name: (_HANDOUT / _KEPT_AS.get(name, name)).read_bytes() for name in SOURCES}
    files["offices.csv"] = _offices(levels)
    files["params.yaml"] = b"# Settings of a run; `--set name=value` changes one.\n"
    for name, value in values.items():
        files = with_setting(files, name, value)
    pins = {name: f"{name}=={version(name)}" for name in PINNED}
    lines = [pins.get(line, line) for line in files["requirements.txt"].decode("utf-8").splitlines()]
    return {**files, "requirements.txt": ("\n".join(lines) + "\n").encode("utf-8")}


def levels(luck: np.random.Generator) -> tuple[float, ...]:
    """A price level for each office."""
    return tuple(float(level) for level in luck.permutation(np.linspace(0.6, 1.5, len(OFFICES)).round(2)))


def _offices(levels: Sequence[float]) -> bytes:
    """The list of offices as a spreadsheet of long ago wrote it."""
    rows = [f"{name};{level}" for name, level in zip(OFFICES, levels, strict=True)]
    return ("\n".join(["office;price_level", *rows]) + "\n").encode("latin-1")
