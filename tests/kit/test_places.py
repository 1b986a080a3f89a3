"""Where packs and results go, and what the two commands end with: nothing that stands in the way is a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.errors import LabError
from scenarios.cli import app
from scenarios.kit.exercise import Bank
from scenarios.kit.fork.command import Request as ForkRequest
from scenarios.kit.fork.command import fork
from scenarios.kit.fork.identity import MOST_SERIAL
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.grade import command
from scenarios.kit.grade.command import Request, grade
from scenarios.kit.grade.panel import write_panel
from scenarios.kit.places import writing
from scenarios.kit.sandbox.errors import NoIsolationError

Packed = Callable[..., Path]


def silent(_text: str) -> None:
    pass


@pytest.mark.parametrize(
    ("out", "panel", "serial", "says"),
    [
        ("pack", "folder", 1, r"folder is a folder, and a file is to be written there\. Name a file with --panel"),
        ("pack", "file/panel.html", 1, r"file is a file\. Name another place with --panel"),
        ("file/x.zip", "panel.html", 1, r"file is a file\. Name another place with --out"),
        ("file/deep/pack", "panel.html", 1, r"file is a file\. Name another place with --out"),
        ("pack", "panel.html", 9_999_999, r"There is no serial 9999999\. Allowed: 1 to 1,000,000"),
    ],
)
def test_what_stands_in_the_way_of_a_fork_is_said_before_anything_is_written(  # noqa: PLR0917 - fixtures
    bank: Bank, secret_on_disk: Path, tmp_path: Path, out: str, panel: str, serial: int, says: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    given = {"scenario": "toy", "candidate": "Ada", "level": "mid", "mode": "live", "secret": secret_on_disk}

    with pytest.raises(LabError, match=says):
        fork(
            ForkRequest(out=tmp_path / out, panel=tmp_path / panel, serial=serial, **given),  # type: ignore[arg-type]
            bank,
            say=silent,
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "secret"]


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("file", r"file is a file, and a folder is to be written there\. Name a folder with --out"),
        ("file/out", r"file is a file\. Name another place with --out"),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_results_are_not_written_where_a_file_is(  # noqa: PLR0917 - fixtures
    pack: Packed, bank: Bank, secret_on_disk: Path, tmp_path: Path, many: bool, out: str, says: str
) -> None:
    folder = pack(worthless=True)
    (tmp_path / "file").touch()
    given = folder.parent if many else folder
    request = Request(submission=given, many=many, out=tmp_path / out, secret=secret_on_disk, practice=True)

    with pytest.raises(LabError, match=says):
        grade(request, bank, Console(quiet=True), say=silent)


def test_what_the_machine_refuses_to_write_is_said_in_words(
    tmp_path: Path, wrap: Callable[..., Parcel], bank: Bank
) -> None:
    made = wrap("Ada")

    (tmp_path / "folder").mkdir()

    with pytest.raises(LabError, match=r"folder cannot be written: Is a directory\. Name another place with --panel"):
        write_panel(tmp_path / "folder", bank("toy"), made.identity, made.case, control=False)
    with pytest.raises(LabError, match=r"x cannot be written: No space left on device\."), writing(Path("x"), "--out"):
        raise OSError(28, "No space left on device")


def test_our_own_side_of_grading_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unwalled(*_given: object, **_more: object) -> None:
        raise NoIsolationError("This machine cannot isolate a candidate's code")

    no_secret = CliRunner().invoke(app, ["grade", str(tmp_path), "--secret", str(tmp_path / "none")])
    a_folder = CliRunner().invoke(app, ["grade", str(tmp_path), "--secret", str(tmp_path)])
    monkeypatch.setattr(command, "grade", unwalled)
    no_box = CliRunner().invoke(app, ["grade", str(tmp_path)])

    assert (no_secret.exit_code, a_folder.exit_code, no_box.exit_code) == (1, 1, 1)
    assert "is a folder; it must be a plain file" in a_folder.stderr
    assert "There is no secret in" in no_secret.stderr
    assert "cannot isolate" in no_box.stderr


def test_the_command_line_knows_the_largest_serial(tmp_path: Path) -> None:
    given = ["fork", "toy", "--candidate", "Ada", "--out", str(tmp_path / "pack"), "--serial"]

    refused = CliRunner().invoke(app, [*given, str(MOST_SERIAL + 1)])
    taken = CliRunner().invoke(app, [*given, str(MOST_SERIAL)])

    assert "Invalid value for" in refused.stderr
    assert "'toy'" in taken.stderr
    assert refused.exit_code == taken.exit_code == 2
