"""A box with files to read and a folder to write to: the walls stay where they are."""

import os
from pathlib import Path
from typing import Any

import pytest

from scenarios.kit.sandbox.box import open_box
from scenarios.kit.sandbox.errors import SessionError
from scenarios.kit.sandbox.isolation import isolation
from scenarios.kit.sandbox.limits import Limits

LEAD = """
import os

def begin(module, plain, tables):
    return None

def call(module, state, plain, tables):
    box = os.path.dirname(__file__)
    said = {"read": open(os.path.join(box, "files", "deep", "a.txt")).read(), "hash": hash("tenure")}
    for name in ("files", "scratch", "given", "."):
        try:
            with open(os.path.join(box, name, "left"), "wb") as file:
                file.write(b"x" * plain["bytes"])
            said[name] = "written"
        except OSError as error:
            said[name] = type(error).__name__
    return said
"""

needs_walls = pytest.mark.skipif(isolation() is None, reason="without isolation only trusted code runs; owner: kit")


@pytest.fixture
def lead(tmp_path: Path) -> Path:
    (tmp_path / "lead.py").write_text(LEAD, encoding="utf-8")
    return tmp_path / "lead.py"


def said(lead: Path, size: int, *, scratch: int, hash_seed: str = "0") -> dict[str, Any]:
    files = {"deep/a.txt": b"to read"}
    limits = Limits(scratch_bytes=scratch, seconds_a_call=30.0)
    with open_box({}, lead, limits=limits, files=files, environment={"PYTHONHASHSEED": hash_seed}) as box:
        box.begin("", {}, {})
        found: dict[str, Any] = box.call({"bytes": size}, {})
        return found


@needs_walls
def test_only_the_scratch_folder_can_be_written_to(lead: Path) -> None:
    found = said(lead, 10, scratch=1 << 20)

    assert found["read"] == "to read"
    assert found["scratch"] == "written"
    assert found["files"] == found["given"] == found["."] == "OSError"


@needs_walls
def test_the_scratch_folder_has_a_size(lead: Path) -> None:
    assert said(lead, 2 << 20, scratch=1 << 20)["scratch"] == "OSError"


@needs_walls
def test_without_a_size_nothing_can_be_written(lead: Path) -> None:
    assert said(lead, 10, scratch=0)["scratch"] == "OSError"


@needs_walls
def test_the_hash_seed_is_the_one_asked_for(lead: Path) -> None:
    first, second = (said(lead, 0, scratch=0, hash_seed=seed)["hash"] for seed in ("1", "2"))

    assert first != second
    assert said(lead, 0, scratch=0, hash_seed="1")["hash"] == first


@needs_walls
def test_a_strict_umask_of_whoever_grades_keeps_nothing_from_the_child(lead: Path) -> None:
    before = os.umask(0o077)
    try:
        found = said(lead, 10, scratch=1 << 20)
    finally:
        os.umask(before)

    assert found["read"] == "to read"


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside"])
def test_a_file_that_would_lie_outside_the_box_is_refused(lead: Path, name: str) -> None:
    with pytest.raises(SessionError, match="not a path inside the box"), open_box({}, lead, files={name: b""}):
        pass
