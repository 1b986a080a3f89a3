"""What the stages of graded scenarios have in common: the draw of the parameters, files on disk, canonical JSON."""

import json
from collections.abc import Mapping
from typing import Any

from pipelines import store
from pipelines.layout import Layout
from pipelines.parameters import CaseParameters
from scenarios.base import Draw, Level, Public
from scenarios.kit.pack import write_public


def draw_of(given: CaseParameters) -> Draw:
    """The draw that the parameters name."""
    return Draw(seed=given.seed, level=Level(given.level))


def hand_out(name: str, public: Public, truth: Mapping[str, Any], layout: Layout) -> None:
    """Write the public files to ``data/<name>`` and the truth, apart from them, to ``data/truth/<name>``."""
    write_public(layout.tables(name), public)
    store.write_json(layout.truth(name) / "truth.json", dict(truth))


def canonical(plain: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON with sorted keys and without NaN."""
    return json.dumps(plain, indent=2, sort_keys=True, allow_nan=False) + "\n"
