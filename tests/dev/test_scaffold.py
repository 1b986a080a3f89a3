"""`lab dev new` in a copy of the repository, and what `lab dev check` says of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.errors import LabError
from scenarios.kit.dev.registration import PLACES, edited
from scenarios.kit.dev.scaffold import FILES, scaffold, signal_named

ROOT = Path(__file__).parents[2]
SIGNAL = signal_named("drift and monitoring")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git tracks, with a scenario scaffolded into it."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("scenarios", "pipelines", "monitoring", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("dvc.yaml", "params.yaml", "pyproject.toml"):
        shutil.copy(ROOT / file, folder / file)
    assert lab(folder, "dev", "new", "regional").returncode == 0
    return folder


def lab(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scenarios.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_scaffold_keeps_every_rule_but_its_own_marks(copy: Path) -> None:
    done = lab(copy, "dev", "check", "regional", "--seeds", "2")

    assert done.returncode == 1
    assert "broken" not in done.stdout
    assert "error" not in done.stdout
    assert "to do" in done.stdout
    assert "100 to 100 on 2 seeds" in done.stdout


def test_a_scaffold_is_clean_to_the_linter_and_its_own_test_passes(copy: Path) -> None:
    made = [path.format(name="regional") for path in FILES.values() if path.endswith(".py")]

    linted = [sys.executable, "-m", "ruff", "check", "--no-cache", *made]
    formatted = [sys.executable, "-m", "ruff", "format", "--no-cache", "--check", *made]
    tested = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/regional"]

    for command in (linted, formatted, tested):
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_scaffold_tells_a_story_and_draws_a_page(copy: Path) -> None:
    script = (
        "from scenarios.base import Draw, Level; from scenarios.regional.plant import plant\n"
        "from scenarios.regional.stage import _told\n"
        "told = _told(plant(Draw(seed=4, level=Level.MID)))\n"
        "print(sorted(told.files), '<h1>' in told.files['index.html'], told.metrics['sound_practice_score'])"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "['index.html', 'months.csv', 'story.json', 'truth.json'] True 100.0", done.stderr


def test_a_scaffold_is_registered_everywhere(copy: Path) -> None:
    stages = yaml.safe_load((copy / "dvc.yaml").read_text())

    assert stages["stages"]["scenario"]["foreach"]["regional"]["name"] == "regional"
    assert "reports/regional/metrics.json" in stages["metrics"]
    assert yaml.safe_load((copy / "params.yaml").read_text())["regional"]["level"] == "mid"
    assert (copy / "scenarios/catalogue.py").read_text().count('"regional"') == 2


def test_a_broken_scenario_is_an_error_that_says_why(copy: Path) -> None:
    grade = copy / "scenarios/regional/grade.py"
    sound = grade.read_text()
    grade.write_text(sound.replace('    rate = answer.sheet.estimates.get("rate")', "    rate = 1 / 0"))

    done = lab(copy, "dev", "check", "regional", "--seeds", "1")
    grade.write_text(sound)

    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stdout


def test_a_name_that_is_taken_or_no_name_is_refused() -> None:
    with pytest.raises(LabError, match="exists already"):
        scaffold(ROOT, "drift", SIGNAL)
    for name in ("Drift", "a", "two words", "../up"):
        with pytest.raises(LabError, match="small letters"):
            scaffold(ROOT, name, SIGNAL)


@pytest.mark.parametrize("name", ["run", "base", "stage", "cli", "kit", "tests", "pipelines", "world", "provenance"])
def test_a_name_that_something_else_has_is_refused(name: str) -> None:
    with pytest.raises(LabError, match=r"exists already\. Choose another name"):
        scaffold(ROOT, name, SIGNAL)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("class", "word of Python"),
        ("import", "word of Python"),
        ("copy", "section of params.yaml"),
        ("economics", "params.yaml names something 'economics' already"),
        ("scenario", "dvc.yaml names something 'scenario' already"),
    ],
)
def test_a_name_that_could_not_work_is_refused_with_the_reason(name: str, says: str) -> None:
    with pytest.raises(LabError, match=says):
        scaffold(ROOT, name, SIGNAL)


def test_other_words_are_names() -> None:
    for name in ("fairness", "latency", "queue"):
        assert f"scenarios/{name}/scenario.py" in scaffold(ROOT, name, SIGNAL).made


def test_a_signal_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(LabError, match="Signals: validation discipline"):
        signal_named("luck")


def test_a_file_of_another_form_is_left_and_said(tmp_path: Path) -> None:
    for place in PLACES:
        target = tmp_path / place.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / place.file, target)
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")

    changed, by_hand = edited(tmp_path, "regional")

    assert "dvc.yaml" not in changed
    assert len(by_hand) == 1
    assert "reports/regional/metrics.json" in by_hand[0]
