"""The proof finds what depends on place, zone, locale, hash seed, threads or mask, and passes what does not."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import LabError, ToolError
from scenarios import prove as module
from scenarios.prove import prove

PIPELINE = """
stages:
  world:
    cmd: python -m world
    deps: [world.py]
    params: [world]
    outs: [data/world]
"""

STEADY = """
import pathlib, yaml
given = yaml.safe_load(pathlib.Path("params.yaml").read_text())["world"]
folder = pathlib.Path("data/world")
folder.mkdir(parents=True)
(folder / "customers.csv").write_text(str(given["customers"]))
"""

UNSTEADY = (
    STEADY
    + """
import datetime, os
(folder / "folder.csv").write_text(str(pathlib.Path.cwd()))
(folder / "zone.csv").write_text(str(datetime.datetime.now().astimezone().utcoffset()))
(folder / "hash.csv").write_text(str(hash("tenure")))
(folder / "threads.csv").write_text(os.environ["OMP_NUM_THREADS"])
(folder / "locale.csv").write_text(os.environ["LC_ALL"])
(folder / "mask.csv").write_text(str(os.umask(0)))
"""
)


RECORDED = """
schema: '2.0'
stages:
  other:
    cmd: python -m world
    outs:
    - path: data/other
      hash: md5
      md5: d41d8cd98f00b204e9800998ecf8427e.dir
"""


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stages have no flows, so no server is needed."""

    @contextlib.contextmanager
    def nothing(_home: Path) -> Iterator[str]:
        yield ""

    monkeypatch.setattr(module, "prefect_server", nothing)


def committed(root: Path, source: str) -> Path:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    files = {"dvc.yaml": PIPELINE, "world.py": source, "params.yaml": "world: {customers: 9}\n", ".gitignore": "data\n"}
    for name, text in files.items():
        (root / name).write_text(text)
    for words in (
        (*git, "init", "--quiet"),
        (sys.executable, "-m", "dvc", "init", "--quiet"),
        (*git, "add", "."),
        (*git, "commit", "--quiet", "-m", "first"),
    ):
        subprocess.run(words, cwd=root, check=True)
    return root


def test_a_pipeline_that_relies_on_nothing_outside_is_proved(tmp_path: Path) -> None:
    said: list[str] = []

    assert prove(committed(tmp_path, STEADY), profile="full", keep=False, say=said.append)

    assert any(line.startswith("  same") and line.endswith("data/world") for line in said)
    assert said[-1] == "All 1 outputs have the same bytes."


def test_only_what_was_run_here_counts_as_proved(tmp_path: Path) -> None:
    root = committed(tmp_path, STEADY)
    more = PIPELINE + PIPELINE.split("stages:\n")[1].replace("world:", "other:").replace("data/world", "data/other")
    (root / "dvc.yaml").write_text(more)
    (root / "dvc.lock").write_text(RECORDED)
    subprocess.run(("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "add", "."), cwd=root, check=True)
    subprocess.run(
        ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "two"), cwd=root, check=True
    )
    said: list[str] = []

    assert prove(root, "world", profile="full", keep=False, say=said.append)

    assert said[-1] == "All 1 outputs have the same bytes."


def test_every_file_that_depends_on_its_surroundings_is_named(tmp_path: Path) -> None:
    said: list[str] = []

    assert not prove(committed(tmp_path, UNSTEADY), profile="full", keep=False, say=said.append)

    named = {line.removeprefix("  differs: data/world/") for line in said if line.startswith("  differs: ")}
    assert named == {"folder.csv", "zone.csv", "hash.csv", "threads.csv", "locale.csv", "mask.csv"}
    assert said[-1] == "1 of 1 outputs differ."


def test_a_profile_changes_the_parameters_of_both_clones_and_not_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = committed(tmp_path, STEADY + "assert given['customers'] == 2000")

    assert prove(root, profile="tiny", keep=False, say=lambda _line: None)

    assert (root / "params.yaml").read_text() == "world: {customers: 9}\n"
    monkeypatch.setattr(module, "PROFILES", {"odd": {"world.moons": 1}})
    with pytest.raises(LabError, match=r"no parameter 'world.moons'"):
        prove(root, profile="odd", keep=False, say=lambda _line: None)


def test_a_failing_stage_is_shown_with_its_words(tmp_path: Path) -> None:
    root = committed(tmp_path, "raise SystemExit('no customers')")

    with pytest.raises(ToolError, match=r"(?s)The run in the clone 'first' failed.*no customers"):
        prove(root, profile="full", keep=False, say=lambda _line: None)


def test_uncommitted_changes_are_said_to_be_left_out(tmp_path: Path) -> None:
    root = committed(tmp_path, STEADY)
    (root / "world.py").write_text("raise SystemExit('not committed')")
    said: list[str] = []

    assert prove(root, profile="full", keep=False, say=said.append)

    assert "  Changes that are not committed are not part of the proof." in said


def test_an_unknown_profile_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"no profile 'huge'. Profiles: full, tiny"):
        prove(tmp_path, profile="huge", keep=False, say=lambda _line: None)
