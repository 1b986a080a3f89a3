"""The `lab` command at its rim: quick help, one clear block for an error, exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import scenarios.prove
import scenarios.run
from pipelines.errors import LabError
from scenarios.catalogue import SCENARIOS
from scenarios.cli import app

HEAVY = ("dvc", "evidently", "lightgbm", "matplotlib", "mlflow", "pandas", "prefect", "scipy", "sklearn")


def lab(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scenarios.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_help_imports_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from scenarios.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_an_error_the_user_can_put_right_is_one_block_without_a_traceback(tmp_path: Path) -> None:
    done = lab("run", "drift", folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("\nerror: There is no dvc.yaml in")
    assert "Traceback" not in done.stdout + done.stderr


def test_every_command_explains_itself() -> None:
    for command in ("run", "ui", "prove"):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_run_says_where_the_report_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(
        scenarios.run,
        "run_scenarios",
        lambda root, names, *, say: tuple(root / "reports" / name / "index.html" for name in names),
    )

    done = CliRunner().invoke(app, ["run", "drift"])

    assert done.exit_code == 0
    assert done.output.strip() == f"Report: {tmp_path / 'reports' / 'drift' / 'index.html'}"


def test_a_run_of_several_ends_with_the_page_that_links_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(
        scenarios.run,
        "run_scenarios",
        lambda root, names, *, say: tuple(root / "reports" / name / "index.html" for name in names),
    )

    done = CliRunner().invoke(app, ["run", "drift", "leakage"])

    assert done.output.splitlines() == [
        "Report: reports/drift/index.html",
        "Report: reports/leakage/index.html",
        "All of them on one page: reports/index.html",
    ]


def test_run_without_a_name_goes_through_all_in_reading_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(scenarios.run, "run_scenarios", lambda root, names, *, say: asked.extend(names) or ())

    done = CliRunner().invoke(app, ["run"])

    assert done.exit_code == 0
    assert tuple(asked) == SCENARIOS


@pytest.mark.parametrize(("same", "code"), [(True, 0), (False, 1)])
def test_prove_answers_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, same: bool, code: int
) -> None:
    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(scenarios.prove, "prove", lambda _root, **_options: same)

    assert CliRunner().invoke(app, ["prove", "--profile", "tiny"]).exit_code == code


def test_an_error_in_a_proof_is_not_taken_for_a_difference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_root: Path, **_options: object) -> bool:
        raise LabError("cannot clone")

    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(scenarios.prove, "prove", broken)

    assert CliRunner().invoke(app, ["prove"]).exit_code == 2


def test_telemetry_is_off_before_any_tool_is_imported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DO_NOT_TRACK", "MLFLOW_DISABLE_TELEMETRY", "PREFECT_SERVER_ANALYTICS_ENABLED", "DVC_NO_ANALYTICS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(scenarios.run, "project_root", lambda: tmp_path)
    monkeypatch.setattr(scenarios.run, "run_scenarios", lambda root, names, *, say: (root,))

    CliRunner().invoke(app, ["run", "drift"])

    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["DVC_NO_ANALYTICS"] == "1"
