"""What came back damaged: it is said in words, stops no other submission, and our own faults are no score."""

import bz2
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.errors import LabError
from scenarios.kit.exercise import Bank
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.grade import many, submission
from scenarios.kit.grade.command import Request, grade
from scenarios.kit.grade.grading import Graded
from scenarios.kit.grade.many import graded_all
from scenarios.kit.grade.submission import read_submission
from scenarios.kit.grade.words import Ended
from scenarios.kit.repository import read_repository

Packed = Callable[..., Path]
Judged = Callable[..., Graded]

ODD = os.fsdecode(b"caf\xe9.txt")
"""A name whose bytes are no UTF-8."""


def silent(_text: str) -> None:
    pass


def turned(content: bytes) -> bytes:
    """The same with some bytes in the middle turned over."""
    middle = len(content) // 2
    return content[:middle] + bytes(255 - one for one in content[middle : middle + 8]) + content[middle + 8 :]


def a_tar(headers: dict[str, str] | None = None) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as opened:
        member = tarfile.TarInfo("pack/x")
        member.pax_headers, member.size = headers or {}, 50_000
        opened.addfile(member, io.BytesIO(os.urandom(50_000)))
    return made.getvalue()


def a_zip(*names: str, compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as opened:
        for name in names:
            opened.writestr(zipfile.ZipInfo(name), b"x" * 5000, compression)
    return made.getvalue()


DAMAGED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "xz": (".tar", lambda: turned(lzma.compress(a_tar())), "the archive is damaged: "),
    "bz2": (".tar", lambda: turned(bz2.compress(a_tar())), "the archive is damaged: "),
    "sparse": (".tar", lambda: a_tar({"GNU.sparse.map": "0,q", "GNU.sparse.size": "9"}), "the archive is damaged: inv"),
    "name": (".zip", lambda: a_zip("zäz").replace("zäz".encode(), b"z\xff\xffz"), "the archive is damaged: 'utf-8'"),
    "lzma": (".zip", lambda: a_zip("x", compression=zipfile.ZIP_LZMA)[:40] + b"\xff" * 90, "the archive is damaged: "),
    "folder": (".zip", lambda: a_zip("pack/lab", "pack/lab/x"), "'pack/lab/x' cannot be unpacked: File exists."),
    "long": (".zip", lambda: a_zip("pack/" + "a" * 300), f"'pack/{'a' * 75}' cannot be unpacked: File name too long."),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_archive_is_said_to_be_one(judge: Judged, tmp_path: Path, kind: str) -> None:
    ending, content, says = DAMAGED[kind]
    archive = tmp_path / f"ada{ending}"
    archive.write_bytes(content())

    verdict = judge(archive).verdict

    assert (verdict.ended, verdict.score) == (Ended.UNUSABLE, 0.0)
    assert verdict.problems[0].startswith(f"ada{ending}: {says}"), verdict.problems


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_in_an_archive_twice_is_named_without_a_path(judge: Judged, tmp_path: Path) -> None:
    archive = tmp_path / "ada.zip"
    archive.write_bytes(a_zip("pack/BRIEF.md", "pack/BRIEF.md"))

    first = judge(archive).verdict

    assert first.problems == ("ada.zip: 'pack/BRIEF.md' cannot be unpacked: File exists.",)
    assert judge(archive).verdict == first


def test_a_full_disk_is_our_fault_and_no_score(
    judge: Judged, archived: Callable[..., Path], pack: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archived(pack(), ".zip")

    def full(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device", "/tmp/lab-returned-x/pack")  # noqa: S108

    monkeypatch.setattr(Path, "mkdir", full)
    found = judge(archive)

    assert (found.verdict.ended, found.verdict.score) == (Ended.ERROR, None)
    assert found.verdict.problems == ("the grader stopped: OSError: No space left on device",)
    assert "Traceback" in found.fault


def test_names_that_are_no_text_are_spelt_out(pack: Packed, bank: Bank, tmp_path: Path) -> None:
    folder = pack(sample=True)
    (folder / ODD).symlink_to(folder / "answer.yaml")
    odd = tmp_path / "in" / os.fsdecode(b"caf\xe9")
    folder.rename(odd)

    found = read_submission(odd, bank)
    verdict = Graded.of(found).verdict

    assert verdict.submission == r"caf\udce9"
    assert [sign.where for sign in verdict.signs if sign.what == "symbolic link"] == [r"caf\udce9.txt"]
    assert verdict.model_dump_json()


def test_a_repository_with_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ODD).write_text("x")

    with pytest.raises(LabError, match=r"^repository/caf.udce9.txt: this name is no UTF-8 text"):
        read_repository(folder)


def test_what_may_not_be_opened_is_said_so(
    pack: Packed, judge: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "train.py").write_text("x = 1\n")
    folder = pack(sample=True)
    (folder / "notes").mkdir()
    real = Path.read_bytes, Path.iterdir

    def read_bytes(path: Path) -> bytes:
        if path.name in ("train.py", "Makefile"):
            raise PermissionError(13, "Permission denied", str(path))
        return real[0](path)

    def iterdir(path: Path) -> object:
        if path.name == "notes":
            raise PermissionError(13, "Permission denied", str(path))
        return real[1](path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monkeypatch.setattr(Path, "iterdir", iterdir)
    signs = judge(folder, practice=True).verdict.signs

    assert {sign.where for sign in signs if sign.what == "closed to us"} == {"Makefile", "notes"}
    with pytest.raises(LabError, match=r"^repository/train\.py: cannot be read: Permission denied\.$"):
        read_repository(tmp_path / "repository")


def test_an_unforeseen_fault_in_reading_one_stops_no_other(
    pack: Packed, bank: Bank, secret: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [pack("Ada", worthless=True), pack("Bob", worthless=True)]
    real = submission.read_parts

    def broken(folder: Path, *given: object) -> object:
        if folder.name == "Ada":
            raise ZeroDivisionError("division by zero")
        return real(folder, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(submission, "read_parts", broken)
    ada, bob = graded_all(paths, bank, secret, practice=True, say=silent)

    assert (ada.verdict.ended, ada.verdict.score) == (Ended.ERROR, None)
    assert ada.verdict.problems == ("the grader stopped: ZeroDivisionError: division by zero",)
    assert "Traceback" in ada.fault
    assert bob.verdict.ended is Ended.GRADED


def test_an_answer_that_cannot_be_held_against_anothers_case_stops_nothing(
    pack: Packed, judge: Judged, wrap: Callable[..., Parcel], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judge(pack(worthless=True), practice=True)
    exercise = found.submission.exercise
    assert exercise is not None

    def broken(*_given: object) -> None:
        raise KeyError("visits")

    monkeypatch.setattr(many, "Answer", broken)

    assert many._fit(found.answer, found) is None


def test_a_page_that_cannot_be_made_stops_no_other(  # noqa: PLR0917 - fixtures
    pack: Packed, bank: Bank, secret_on_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scenarios.kit.grade import command

    pack("Ada", worthless=True)
    pack("Bob", worthless=True)
    real = command.interviewer_page

    def broken(found: Graded) -> str:
        if found.verdict.candidate == "Ada" and found.verdict.card is not None:
            raise KeyError("visits")
        return real(found)

    monkeypatch.setattr(command, "interviewer_page", broken)
    request = Request(submission=tmp_path / "in", many=True, out=None, secret=secret_on_disk, practice=True)
    code = grade(request, bank, Console(quiet=True), say=silent)
    pages = sorted(path.parent.name for path in (tmp_path / "in.graded").rglob("interviewer.html"))

    assert code == 1
    assert pages == ["Ada", "Bob"]
    assert "the grader stopped: KeyError" in (tmp_path / "in.graded" / "ranking.json").read_text()
