"""The three page servers: started together, linked, stopped together."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import ToolError
from pipelines.loopback import answers
from scenarios import ui

PATIENCE_SECONDS = 20.0


def gone(link: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while answers(link) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not answers(link)


def test_all_three_answer_on_loopback_and_stop_when_told_to(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text("stages: {}")
    command = [sys.executable, "-m", "scenarios.cli", "ui"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as lab:
        assert lab.stdout is not None
        lines = [lab.stdout.readline() for _ in range(5)]
        links = re.findall(r"http://127\.0\.0\.1:\d+", "".join(lines))
        answered = [answers(link) for link in links]
        lab.terminate()
        rest = lab.stdout.read()

    assert answered == [True, True, True], lines
    assert lab.returncode == 0, rest
    assert all(gone(link) for link in links)
    assert [left.name for left in (tmp_path / ".lab").iterdir()] == ["logs"]


def test_a_server_that_does_not_start_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui, "tethered", _failing(ui.tethered))

    with pytest.raises(ToolError, match=r"(?s)The MLflow pages did not start.*mlflow.log.*No module named"):
        ui.serve_pages(tmp_path, say=lambda _line: None)


def _failing(tethered: object) -> object:
    def start(_module: str, *_arguments: str, **options: object) -> object:
        assert callable(tethered)
        return tethered("no_such_module", **options)

    return start
