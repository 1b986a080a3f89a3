"""Lineage ties a result to code, data, parameters, packages and runs."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.errors import LabError
from pipelines.lineage import Lineage, dvc_hash, gather, read_lineage, write_lineage


def command(folder: Path, *words: str) -> None:
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def git(folder: Path, *words: str) -> None:
    command(folder, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed project with one table of two months."""
    for number, month in enumerate(("2025-01", "2025-02")):
        folder = tmp_path / "data" / "usage" / f"month={month}"
        folder.mkdir(parents=True)
        (folder / "part-00000.parquet").write_bytes(b"rows" * (number + 1))
    (tmp_path / "requirements.lock").write_text("numpy==2.4.6\n")
    (tmp_path / "dvc.lock").write_text("schema: '2.0'\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    return tmp_path


def lineage_of(project: Path, stage: str = "world") -> Lineage:
    return gather(project, stage=stage, inputs=(), outputs=("data/usage",), params={"seed": 7}, seed=7)


def test_hashes_are_the_ones_dvc_records(project: Path) -> None:
    (project / "data" / "usage" / "month=2025-01" / "a b-ü.txt").write_text("é")
    for words in (("init", "--no-scm", "--quiet"), ("add", "--quiet", "data/usage", "requirements.lock")):
        command(project, sys.executable, "-m", "dvc", *words)

    folder = yaml.safe_load((project / "data" / "usage.dvc").read_text())["outs"][0]["md5"]
    file = yaml.safe_load((project / "requirements.lock.dvc").read_text())["outs"][0]["md5"]
    assert dvc_hash(project / "data" / "usage") == folder
    assert dvc_hash(project / "requirements.lock") == file


def test_a_lineage_names_commit_outputs_lock_and_interpreter(project: Path) -> None:
    lineage = lineage_of(project)

    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, capture_output=True, text=True, check=True)
    assert lineage.commit == head.stdout.strip()
    assert not lineage.dirty
    assert lineage.outputs["data/usage"].endswith(".dir")
    assert lineage.lock_sha256 == hashlib.sha256(b"numpy==2.4.6\n").hexdigest()
    assert lineage.python == ".".join(map(str, sys.version_info[:3]))


def test_changed_source_makes_it_dirty_and_a_rewritten_dvc_lock_does_not(project: Path) -> None:
    (project / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    assert not lineage_of(project).dirty

    (project / "requirements.lock").write_text("numpy==2.5.0\n")
    assert lineage_of(project).dirty


def test_outside_git_there_is_no_commit(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("")

    lineage = gather(tmp_path, stage="world", inputs=(), outputs=(), params={}, seed=1)

    assert lineage.commit is None
    assert not lineage.dirty


def test_what_is_written_is_read_back(project: Path, tmp_path: Path) -> None:
    lineage = lineage_of(project, "scenario@drift").model_copy(update={"mlflow_run": "abc", "prefect_flow_run": "def"})

    write_lineage(tmp_path / "lineage" / "drift.json", lineage)

    assert read_lineage(tmp_path / "lineage" / "drift.json") == lineage
    assert [file.name for file in (tmp_path / "lineage").iterdir()] == ["drift.json"]


def test_an_output_that_was_not_written_is_refused(project: Path) -> None:
    with pytest.raises(LabError, match=r"There is no .*data/scores.*dvc repro"):
        gather(project, stage="score", inputs=(), outputs=("data/scores",), params={}, seed=1)


@pytest.mark.parametrize(
    ("text", "complaint"), [('{"stage": "world"}', "commit: Field required"), ("{", "is not JSON"), ("[]", "file: ")]
)
def test_a_file_that_is_no_lineage_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "lineage.json").write_text(text)

    with pytest.raises(LabError, match=complaint):
        read_lineage(tmp_path / "lineage.json")
