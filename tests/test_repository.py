"""What the repository promises about itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scenarios.catalogue import SCENARIOS

ROOT = Path(__file__).parents[1]
MODULE_LINES = 400

REGISTRIES = re.compile(r"(pypi|pythonhosted)\.org|registry\.npmjs|deb\.debian|conda\.anaconda", re.IGNORECASE)


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def lock_entries() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())


def test_every_package_in_the_lock_is_pinned_and_hashed() -> None:
    entries = lock_entries()

    assert len(entries) > 100
    assert [e for e in entries if not re.match(r"[a-z0-9._\[\],-]+==\S+", e) or "--hash=sha256:" not in e] == []


def test_the_lock_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "--index-url" not in text
    assert "--find-links" not in text
    assert "://" not in text


def test_the_lock_holds_every_direct_dependency() -> None:
    from tools import direct_dependencies

    locked = {re.split(r"[=\[]", entry)[0] for entry in lock_entries()}
    wanted = {re.sub(r"[-_.]+", "-", name.lower()) for name in direct_dependencies.names(ROOT / "pyproject.toml")}

    assert wanted - locked == set()


def test_no_tracked_file_names_a_package_registry() -> None:
    files = [file for file in tracked() if file != Path(__file__)]

    assert [str(file.relative_to(ROOT)) for file in files if REGISTRIES.search(_text(file))] == []


def test_no_python_file_outgrows_one_concept() -> None:
    long = {str(f.relative_to(ROOT)): n for f in tracked("*.py") if (n := len(_text(f).splitlines())) > MODULE_LINES}

    assert long == {}


def test_the_licence_is_mit() -> None:
    assert _text(ROOT / "LICENSE").startswith("MIT License")
    assert tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]["license"] == "MIT"


def test_the_project_cannot_be_published_by_accident() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]

    assert "Private :: Do Not Upload" in project["classifiers"]


def test_make_alone_prints_targets_that_all_exist() -> None:
    printed = re.findall(r"^  ([a-z-]+) ", make().stdout, flags=re.MULTILINE)

    assert {"setup", "check", "test", "clean", "ui", "prove"} <= set(printed)
    assert [target for target in printed if make("--dry-run", target).returncode] == []


def test_make_offers_the_scenarios_that_are_built() -> None:
    printed = re.findall(r"^  scenario-([a-z]+) ", make().stdout, flags=re.MULTILINE)

    assert sorted(printed) == sorted(SCENARIOS)


def test_the_catalogue_lists_exactly_the_scenario_folders() -> None:
    folders = {file.parent.name for file in (ROOT / "scenarios").glob("*/scenario.py")}

    assert folders == set(SCENARIOS)


def test_a_scenario_that_does_not_exist_is_refused_with_those_that_do() -> None:
    done = make("scenario-drfit")

    assert done.returncode != 0
    assert "There is no scenario 'drfit'. Try one of: " in done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds nothing but the set-up script."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "setup.sh").write_text(_text(ROOT / "tools" / "setup.sh"))
    return tmp_path


def set_up(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "tools/setup.sh", python]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("python", ["false", "true", "no-such-program"])
def test_set_up_with_a_program_that_is_no_python_says_so_in_one_line(checkout: Path, python: str) -> None:
    done = set_up(checkout, python)

    assert done.returncode == 1
    assert done.stderr == f"set-up: PYTHON={python} is no Python; the lab needs 3.11, 3.12 or 3.13.\n"


def test_set_up_refuses_a_python_that_is_too_old(checkout: Path) -> None:
    old = checkout / "old python"
    old.write_text('#!/bin/sh\ncase "$2" in *version_info*) echo False;; *) echo 3.10.4;; esac\n')
    old.chmod(0o755)

    done = set_up(checkout, str(old))

    assert done.stderr == f"set-up: PYTHON={old} is 3.10.4; the lab needs 3.11, 3.12 or 3.13.\n"
    assert not (checkout / ".venv").exists()


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def test_dvc_sees_no_pipeline_but_the_labs_own() -> None:
    assert tracked("*dvc.yaml") == [ROOT / "dvc.yaml"]


def test_dvc_keeps_every_file_that_a_case_hands_out() -> None:
    handed_out = ("data/leakage/BRIEF.md", "data/leakage/pipeline/definition.py", "data/validation/report.md")

    ignored = subprocess.run(
        [sys.executable, "-m", "dvc", "check-ignore", *handed_out],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ignored.stdout == ""
