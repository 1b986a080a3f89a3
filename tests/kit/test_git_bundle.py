"""A history written by hand is what git reads."""

import subprocess
from pathlib import Path

from scenarios.kit.git_bundle import Snapshot, bundle

AUTHOR = "A. Author <author@company.example>"
HISTORY = (
    Snapshot(message="First", at=1_700_000_000, author=AUTHOR, files={"a.txt": b"one\n", "deep/er/b.txt": b"two\n"}),
    Snapshot(
        message="Second",
        at=1_700_000_100,
        author=AUTHOR,
        files={"a.txt": b"one\n", "deep.txt": b"", "x/y": b"\xff" * 70_000},
    ),
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_git_clones_the_bundle_and_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    packed, ids = bundle(HISTORY)
    (tmp_path / "r.bundle").write_bytes(packed)

    git(tmp_path, "clone", "--quiet", "r.bundle", "r")

    clone = tmp_path / "r"
    assert git(clone, "fsck", "--strict", "--full").strip() == ""
    assert git(clone, "log", "--reverse", "--format=%H %ct %s").split("\n")[:2] == [
        f"{ids[0]} 1700000000 First",
        f"{ids[1]} 1700000100 Second",
    ]
    assert (clone / "x/y").read_bytes() == b"\xff" * 70_000
    assert not (clone / "deep").exists()
    assert git(clone, "show", f"{ids[0]}:deep/er/b.txt") == "two\n"


def test_the_same_history_gives_the_same_bytes_whatever_order_its_files_come_in() -> None:
    backwards = tuple(
        Snapshot(message=one.message, at=one.at, author=one.author, files=dict(reversed(one.files.items())))
        for one in HISTORY
    )

    assert bundle(HISTORY)[1] == bundle(backwards)[1]
    assert bundle(HISTORY) == bundle(HISTORY)
