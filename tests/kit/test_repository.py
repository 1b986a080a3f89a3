"""A repository as an answer: which files are read, and what is left out."""

from pathlib import Path

import pytest

from pipelines.errors import LabError
from scenarios.base import Deliverable
from scenarios.kit import repository
from scenarios.kit.repository import read_repository


def test_text_files_are_read_by_path_and_made_files_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    for name in ("train.py", "steps/prepare.py", ".git/HEAD", "out/metrics.json", "__pycache__/train.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "latin.csv").write_bytes("Zürich".encode("latin-1"))

    found = read_repository(folder)

    assert found == {"repository/steps/prepare.py": "steps/prepare.py", "repository/train.py": "train.py"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")

    assert read_repository(folder) == {}


def test_a_folder_that_is_missing_or_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LabError, match="There is no folder"):
        read_repository(tmp_path / "repository")
    (tmp_path / "large.txt").write_text("x" * 100, encoding="utf-8")
    monkeypatch.setattr(repository, "MOST_BYTES", 99)

    with pytest.raises(LabError, match="Leave out what a run makes"):
        read_repository(tmp_path)


def test_a_repository_covers_what_lies_below_it_and_code_covers_itself() -> None:
    whole = Deliverable(file="repository", kind="repository", what="")
    single = Deliverable(file="monitor.py", kind="code", what="")

    assert whole.covers("repository/train.py")
    assert not whole.covers("train.py")
    assert single.covers("monitor.py")
    assert not single.covers("repository/monitor.py")
