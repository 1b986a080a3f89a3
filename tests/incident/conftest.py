"""A small company, lived once without an incident and once with each."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from pipelines import features, labels
from pipelines.replay.past import Past
from scenarios.incident.answers.material import Material
from scenarios.incident.answers.strong import GUARDS
from scenarios.incident.bank.catalogue import incident
from scenarios.incident.exam.package import packages
from scenarios.incident.exam.public import jobs
from scenarios.incident.system.company import hidden_past
from scenarios.incident.system.run import Lived, Struck, live
from scenarios.incident.system.timeline import HISTORY

SEED = 21
START, LEARNING_START = 4, 2


@pytest.fixture(scope="session")
def past() -> Past:
    return hidden_past(SEED)


@pytest.fixture(scope="session")
def twin(past: Past) -> Lived:
    return live(past, past.base)


@pytest.fixture(scope="session")
def struck(twin: Lived) -> Callable[[str], Lived]:
    """The company with an incident at its strongest dose, by name."""

    @cache
    def run(name: str) -> Lived:
        return live(twin.past, twin.world, event(name), twin=twin)

    return run


def event(name: str) -> Struck:
    one = incident(name)
    return Struck(incident=one, dose=one.doses[1], start=HISTORY + (LEARNING_START if one.learns else START))


def material(lived: Lived) -> Material:
    """A case's material without the way over the disk."""
    case = Material(Path("nowhere"))
    case.__dict__["months"] = packages(lived)
    case.__dict__["prices"] = {"gain": lived.past.economics.gain, "loss": lived.past.economics.loss, "refund": 15.0}
    return case


@pytest.fixture(scope="session")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The reference guard, loaded beside the jobs it may import as in the sandbox."""
    folder = tmp_path_factory.mktemp("guard")
    (folder / "scoring.py").write_text(jobs()["scoring.py"])
    before = {name: sys.modules.get(name) for name in ("features", "labels", "scoring")}
    sys.modules |= {"features": features, "labels": labels}
    sys.modules["scoring"] = _loaded(folder / "scoring.py", "scoring")
    yield _loaded(GUARDS / "strong.py", "reference_guard")
    for name, module in before.items():
        sys.modules.pop(name)
        if module is not None:
            sys.modules[name] = module


def _loaded(path: Path, name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
