"""Signs in code: the candidate's own lines, and not those that were handed out."""

from pathlib import Path

import pytest

from scenarios.kit.fork.identity import Identity, digest
from scenarios.kit.git_bundle import Snapshot, bundle
from scenarios.kit.grade.signs import signs

GIVEN = """import sys
import subprocess


def build(words):
    sys.stdout = words
    return compile(words, "words", "exec")
"""

HISTORY, _ = bundle([Snapshot(message="first", at=0, author="A <a@b.c>", files={"train.py": GIVEN.encode()})])


@pytest.fixture
def identity() -> Identity:
    return Identity.model_construct(files={"repository.bundle": digest(HISTORY)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "repository.bundle").write_bytes(HISTORY)
    return tmp_path


def said(folder: Path, identity: Identity, text: str) -> list[str]:
    return [f"{one.where} {one.says}" for one in signs(folder, identity, {"repository/train.py": text})]


@pytest.mark.parametrize("text", [GIVEN, GIVEN.replace("\n", "\r\n"), f"# mine\n{GIVEN}"])
def test_who_leaves_the_handed_out_code_as_it_is_gets_no_notes(folder: Path, identity: Identity, text: str) -> None:
    assert said(folder, identity, text) == []


def test_who_adds_a_line_gets_a_note_of_that_line_alone(folder: Path, identity: Identity) -> None:
    own = f'{GIVEN}\n\ntree = compile("1", "", "eval")\n'

    assert said(folder, identity, own) == ["repository/train.py:10 calls compile"]


def test_a_history_that_came_back_changed_excuses_nothing(folder: Path, identity: Identity) -> None:
    (folder / "repository.bundle").write_bytes(HISTORY + b" ")

    assert len(said(folder, identity, GIVEN)) == 3


def test_a_history_that_is_gone_or_no_file_excuses_nothing(folder: Path, identity: Identity) -> None:
    (folder / "repository.bundle").unlink()
    assert len(said(folder, identity, GIVEN)) == 3

    (folder / "repository.bundle").mkdir()
    assert len(said(folder, identity, GIVEN)) == 3
