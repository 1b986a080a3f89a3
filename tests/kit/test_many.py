"""A folder of submissions: each has a place of its own, and nothing is left out without a word."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from scenarios.kit.exercise import Bank
from scenarios.kit.grade.command import Request, grade
from scenarios.kit.grade.found import names_for, submissions_in

Packed = Callable[..., Path]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["ada", "bob.zip"], ["ada", "bob"]),
        (["Bob.ZIP", "c.Tar.GZ"], ["Bob", "c"]),
        (["ada", "ada.tar.gz"], ["ada", "ada.tar.gz"]),
        (["ada.zip", "Ada.tgz"], ["ada.zip", "Ada.tgz"]),
        (["ada", "ada.zip", "ada.zip.tar"], ["ada", "ada.zip", "ada.zip.tar"]),
        (["ada", "ADA"], ["ada", "ADA"]),
    ],
)
def test_no_two_submissions_share_a_name(tmp_path: Path, given: list[str], names: list[str]) -> None:
    assert names_for([tmp_path / name for name in given]) == names


def test_what_is_left_out_is_named_with_the_reason(tmp_path: Path) -> None:
    for name in ("ada", "ada.graded", ".hidden"):
        (tmp_path / name).mkdir()
    for name in ("notes.txt", "Bob.ZIP"):
        (tmp_path / name).touch()
    (tmp_path / "carol").symlink_to(tmp_path / "ada")
    (tmp_path / "gone.zip").symlink_to(tmp_path / "nowhere.zip")

    found, left_out = submissions_in(tmp_path)

    assert [path.name for path in found] == ["Bob.ZIP", "ada"]
    assert left_out == {
        ".hidden": "hidden",
        "ada.graded": "made by grading",
        "carol": "a symbolic link; put the folder itself here",
        "gone.zip": "a symbolic link; put the folder itself here",
        "notes.txt": "neither a folder nor an archive (.zip, .tar.gz)",
    }


def test_submissions_that_are_called_alike_or_like_our_pages_overwrite_nothing(  # noqa: PLR0917 - fixtures
    pack: Packed, bank: Bank, archived: Callable[..., Path], secret_on_disk: Path, tmp_path: Path
) -> None:
    folder = pack("Ada", worthless=True)
    shutil.move(archived(folder, ".tar.gz"), tmp_path / "in" / "Ada.tar.gz")
    shutil.move(archived(pack("Bob", worthless=True), ".zip"), tmp_path / "in" / "index.html.ZIP")
    (tmp_path / "in" / "notes.txt").touch()
    said: list[str] = []

    request = Request(submission=tmp_path / "in", many=True, out=tmp_path / "out", secret=secret_on_disk, practice=True)
    grade(request, bank, Console(quiet=True), say=said.append)
    cards = {path.parent.name: json.loads(path.read_text()) for path in (tmp_path / "out").rglob("scorecard.json")}

    assert {name: card["candidate"] for name, card in cards.items()} == {
        "Ada": "Ada",
        "Ada.tar.gz": "Ada",
        "Bob": "Bob",
        "index.html": "Bob",
    }
    assert all(card["submission"] == name for name, card in cards.items())
    assert 'href="submissions/index.html/interviewer.html"' in (tmp_path / "out" / "index.html").read_text()
    assert "Left out: notes.txt (neither a folder nor an archive (.zip, .tar.gz))" in said
