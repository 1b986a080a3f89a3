"""The cases that tasks work on: made once, their public files in the learner's folder, what grades them apart."""

import hashlib
import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines import store
from scenarios.base import Answer, Draw, Level, Scenario
from scenarios.kit.learn.course import CaseDraw
from scenarios.kit.pack import write_public

REFERENCE: Final = "strong"
"""The sample answer whose parts are lent, and shown as the solution."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A case ready to be worked on: what grades it, and the answer that solves it."""

    truth: Any
    reference: Answer


def prepared(
    scenario: Scenario[Any], draw: CaseDraw, folder: Path, store_in: Path, *, say: Callable[[str], None]
) -> Prepared:
    """The case, with its public files in `folder`; made where it is not there yet, or the scenario has changed since.

    What grades it is kept in `store_in`, away from the learner's files, so that a check takes seconds.
    """
    kept = store_in / f"{scenario.name}-{_fingerprint(scenario, draw)}.pickle"
    found = _read(kept)
    if found is not None and folder.is_dir():
        return found
    say(f"Preparing the case {scenario.name}/{folder.name}: once, about half a minute.")
    case = (scenario.control if draw.control else scenario.plant)(Draw(seed=draw.seed, level=Level(draw.level)))
    shutil.rmtree(folder, ignore_errors=True)
    write_public(folder, case.public)
    made = Prepared(truth=case.truth, reference=found.reference if found else _solved(scenario, case.public))
    _keep(kept, made)
    return made


def _solved(scenario: Scenario[Any], public: Any) -> Answer:  # noqa: ANN401 - the case's files by name
    """The reference's answer, worked out from the public files in a folder of its own."""
    sample = next(one for one in scenario.sample_answers if one.name == REFERENCE)
    with tempfile.TemporaryDirectory(prefix="learn-") as folder:
        write_public(Path(folder), public)
        return sample.answer(Path(folder))


def _fingerprint(scenario: Scenario[Any], draw: CaseDraw) -> str:
    """Short hash of the draw and of the scenario's code: a case made by other code is not this case."""
    seen = hashlib.sha256(f"{scenario.version} {draw.model_dump_json()}".encode())
    here = Path(__file__).parents[2] / scenario.name
    for path in sorted(here.rglob("*.py")):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def _read(path: Path) -> Prepared | None:
    """What was kept; None where there is nothing, or it cannot be used any more."""
    try:
        # Written by `_keep` into the lab's own folder; nothing a candidate hands in is ever unpickled.
        found = pickle.loads(path.read_bytes())  # noqa: S301
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, the case is made anew
        return None
    return found if isinstance(found, Prepared) else None


def _keep(path: Path, made: Prepared) -> None:
    with store.atomic(path) as temporary:
        temporary.write_bytes(pickle.dumps(made))
        temporary.chmod(0o600)
