"""A toy scenario in a bank of its own, a secret, and packs forked from them."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from pipelines.errors import LabError
from scenarios.base import Level
from scenarios.kit.answers import write_sheet
from scenarios.kit.exercise import Bank, Exercise
from scenarios.kit.fork.archive import write_folder
from scenarios.kit.fork.identity import Asked, Mode, is_control
from scenarios.kit.fork.parcel import Parcel, parcel
from scenarios.kit.grade.grading import Graded, graded
from scenarios.kit.grade.submission import read_submission

HERE = Path(__file__).parent
SECRET = bytes(range(32))

Packed: TypeAlias = Callable[..., Path]
Judged: TypeAlias = Callable[..., Graded]


def _loaded(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"kit_{name}", HERE / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def toy() -> ModuleType:
    return _loaded("toy")


@pytest.fixture(scope="session")
def secret() -> bytes:
    return SECRET


@pytest.fixture(scope="session")
def exercise(toy: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    folder = tmp_path_factory.mktemp("toy")
    (folder / "rubric.yaml").write_text(toy.RUBRIC, encoding="utf-8")
    return Exercise(scenario=toy.TOY, folder=folder)


@pytest.fixture(scope="session")
def bank(exercise: Exercise) -> Bank:
    def find(name: str) -> Exercise:
        if name != "toy":
            raise LabError(f"There is no graded scenario '{name}'. Allowed: toy.")
        return exercise

    return find


def asked(candidate: str = "Ada", *, level: Level = Level.MID, mode: Mode = Mode.TAKE_HOME, version: int = 3) -> Asked:
    return Asked(scenario="toy", version=version, candidate=candidate, level=level, mode=mode)


@pytest.fixture(scope="session")
def wrap(exercise: Exercise) -> Callable[..., Parcel]:
    @cache
    def wrapped(candidate: str = "Ada", **given: Any) -> Parcel:  # noqa: ANN401 - passed on
        return parcel(exercise, SECRET, asked(candidate, **given))

    return wrapped


@pytest.fixture
def pack(wrap: Callable[..., Parcel], toy: ModuleType, tmp_path: Path) -> Packed:
    """A pack on disk; with `sample`, answered by it; with `worthless`, filled in so that it earns nothing."""

    def packed(candidate: str = "Ada", *, sample: bool = False, worthless: bool = False, **given: Any) -> Path:  # noqa: ANN401 - passed on
        wrapped = wrap(candidate, **given)
        folder = tmp_path / "in" / candidate.replace(" ", "_")
        write_folder(folder, wrapped.files)
        if sample:
            answer = toy.strong(folder)
            write_sheet(folder / "answer.yaml", answer.sheet)
            answer.tables["predictions.csv"].to_csv(folder / "predictions.csv", index=False)
            (folder / "guess.py").write_text(answer.code["guess.py"], encoding="utf-8")
        if worthless:
            control = is_control(SECRET, asked(candidate, **given))
            text = f"scenario: toy\ntrust: {'false' if control else 'true'}\n"
            (folder / "answer.yaml").write_text(text, encoding="utf-8")
            (folder / "predictions.csv").write_text("customer_id,p\n1,0.5\n2,0.5\n", encoding="utf-8")
        return folder

    return packed


@pytest.fixture
def judge(bank: Bank) -> Judged:
    def judged(path: Path, **given: Any) -> Graded:  # noqa: ANN401 - passed on
        return graded(read_submission(path, bank), SECRET, **given)

    return judged


@pytest.fixture
def planted() -> Callable[..., str]:
    """The first candidate whose pack is planted, or a control."""

    def found(*, control: bool = False) -> str:
        return next(name for name in (f"Person {n}" for n in range(200)) if is_control(SECRET, asked(name)) is control)

    return found


@pytest.fixture
def archived(tmp_path: Path) -> Callable[[Path, str], Path]:
    def archive(folder: Path, kind: str) -> Path:
        made = shutil.make_archive(str(tmp_path / folder.name), {".zip": "zip", ".tar.gz": "gztar"}[kind], folder)
        return Path(made)

    return archive


@pytest.fixture
def secret_on_disk(secret: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(secret.hex() + "\n")
    file.chmod(0o600)
    return file
