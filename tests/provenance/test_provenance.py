"""`lab lineage` and `lab reproduce` on a small real pipeline, and what they say where a part of it is gone."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import tracking
from pipelines.dvc_cache import cached, is_cached
from pipelines.errors import LabError, ToolError
from pipelines.lineage import gather, write_lineage
from pipelines.versions import recorded_hashes, stage_data
from scenarios.provenance import reproduce as module
from scenarios.provenance.compare import compare, figures_off
from scenarios.provenance.find import Found, find
from scenarios.provenance.reproduce import reproduce_run, usable
from scenarios.provenance.shown import show

pytestmark = pytest.mark.xdist_group("provenance")

PIPELINE = """
stages:
  world:
    cmd: python make.py world
    deps: [make.py]
    params: [world]
    outs: [data/world]
  champion:
    cmd: python make.py champion
    deps: [make.py, data/world]
    params: [world]
    outs: [data/champion, reports/champion/metrics.json]
"""

STEADY = """
import json, pathlib, sys, yaml
given = yaml.safe_load(pathlib.Path("params.yaml").read_text())["world"]
def write(name, text):
    path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
if sys.argv[1] == "world":
    write("data/world/a.csv", "a" * given["customers"])
    write("data/world/b.csv", "b")
else:
    read = pathlib.Path("data/world/a.csv").read_text()
    write("data/champion/model.txt", read + "!")
    write("reports/champion/metrics.json", json.dumps({"auc": len(read) / 10, "rows": len(read)}))
"""

UNSTEADY = (
    STEADY
    + """
if sys.argv[1] == "champion":
    folder = str(pathlib.Path.cwd())
    write("data/champion/where.txt", folder)
    write("reports/champion/metrics.json", json.dumps({"auc": len(folder) / 1000, "rows": 9}))
"""
)


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stages have no flows, so no server is needed."""

    @contextlib.contextmanager
    def nothing(_home: Path) -> Iterator[str]:
        yield ""

    monkeypatch.setattr(module, "prefect_server", nothing)


def run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def git(root: Path, *arguments: str) -> str:
    return run(root, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments)


def dvc(root: Path, *arguments: str) -> str:
    return run(root, sys.executable, "-m", "dvc", *arguments)


def recorded(root: Path, source: str) -> Path:
    """A pipeline that was run, committed and given lineages, as the lab's own stages are."""
    root.mkdir()
    files = {
        "dvc.yaml": PIPELINE,
        "make.py": source,
        "params.yaml": "world: {customers: 9, seed: 4}\n",
        "requirements.lock": "a==1\n",
        ".gitignore": "data\nreports\nlineage\nmlruns\n",
    }
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    git(root, "init", "--quiet")
    dvc(root, "init", "--quiet")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "pipeline")
    subprocess.run(
        [sys.executable, "-m", "dvc", "repro", "--quiet"],
        cwd=root,
        check=True,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
    )
    note(root, "champion")
    git(root, "add", "dvc.lock")
    git(root, "commit", "--quiet", "-m", "hashes")
    return root


def note(root: Path, stage: str, mlflow_run: str | None = None) -> None:
    inputs, outputs = stage_data(root, stage)
    lineage = gather(
        root,
        stage=stage,
        inputs=inputs,
        outputs=outputs,
        params={"world": {"customers": 9}},
        seed=4,
        mlflow_run=mlflow_run,
    )
    write_lineage(root / "lineage" / f"{stage}.json", lineage)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("steady") / "a checkout", STEADY)


@pytest.fixture(scope="module")
def unsteady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("unsteady") / "a checkout", UNSTEADY)


def said_of(root: Path, name: str, *, remake: bool = False) -> tuple[bool, str]:
    said: list[str] = []
    same = reproduce_run(root, name, remake=remake, keep=False, say=said.append)
    return same, "\n".join(said)


def test_a_recorded_run_comes_back_from_a_clean_clone_and_the_cache(steady: Path) -> None:
    same, said = said_of(steady, "champion")

    assert same
    assert "It comes back: all 2 outputs have the bytes that were recorded." in said


def test_a_commit_and_a_stage_is_a_run_too_and_its_inputs_can_be_made_anew(steady: Path) -> None:
    same, said = said_of(steady, "HEAD:champion", remake=True)

    assert same
    assert "input   data/world" in said


def test_a_run_that_hangs_on_its_place_differs_and_the_file_and_the_figure_are_named(unsteady: Path) -> None:
    same, said = said_of(unsteady, "champion")

    assert not same
    assert "data/champion/where.txt" in said
    assert "auc: recorded" in said
    assert "data/champion/model.txt" not in said
    assert "2 of 2 outputs differ" in said


def test_an_mlflow_run_is_found_by_the_beginning_of_its_id_and_tells_its_figures(steady: Path) -> None:
    with tracking.run(tracking.open_store(steady), "champion", tags={"stage": "champion"}) as made:
        made.log_metrics({"auc": 0.9, "rows": 9})
    note(steady, "champion", made.id)
    copy = steady / "lineage" / "lineage.json"
    copy.write_bytes((steady / "lineage" / "champion.json").read_bytes())
    tracking.keep_lineage(tracking.open_store(steady), made.id, copy)

    found = find(steady, made.id[:8])

    assert found.lineage.mlflow_run == made.id
    assert found.metrics == {"auc": 0.9, "rows": 9.0}


def test_a_tracked_figure_that_is_not_the_outputs_is_named(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text(json.dumps({"auc": 0.8, "rows": 9}), encoding="utf-8")

    assert figures_off({"auc": 0.8, "rows": 9.0, "other": 1.0}, tmp_path / "metrics.json") == ()
    assert figures_off({"auc": 0.81}, tmp_path / "metrics.json") == ("auc: recorded 0.81, now 0.8",)
    assert figures_off({"auc": 0.81}, tmp_path / "missing.json") == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("drfit", "'drfit' is no run. Give a stage or scenario"),
        ("drift", "has not been run in this checkout"),
        ("no-such-branch:champion", "has no commit 'no-such-branch'"),
        ("HEAD:drift", "has no stage 'scenario@drift'. It has: world, champion"),
        ("HEAD~1:champion", "has no dvc.lock, so it recorded no run"),
        ("abcdef99", "MLflow"),
        ("lineage/nothing.json", "There is no file"),
    ],
)
def test_a_run_that_is_not_there_is_refused_with_what_to_try(steady: Path, name: str, said: str) -> None:
    with pytest.raises(LabError, match=said.replace("(", r"\(")):
        find(steady, name)


def with_lineage(root: Path, **changes: object) -> Found:
    found = find(root, "HEAD:champion")
    return Found(lineage=found.lineage.model_copy(update=changes), told_by="a test")


def test_changes_that_were_never_committed_cannot_be_brought_back(steady: Path) -> None:
    with pytest.raises(LabError, match="changes that were not committed"):
        usable(steady, with_lineage(steady, dirty=True), remake=False)


def test_a_run_outside_git_and_a_commit_that_is_gone_are_said_to_be(steady: Path) -> None:
    with pytest.raises(LabError, match="outside a git checkout"):
        usable(steady, with_lineage(steady, commit=None), remake=False)
    with pytest.raises(LabError, match="has no commit"):
        usable(steady, with_lineage(steady, commit="1" * 40), remake=False)


def test_an_input_that_the_cache_lost_is_named_and_can_be_made_anew(steady: Path) -> None:
    lost = with_lineage(steady, inputs={"data/world": "0" * 32 + ".dir"})

    with pytest.raises(LabError, match=r"does not hold what 'champion' read: data/world .*--remake"):
        usable(steady, lost, remake=False)
    assert usable(steady, lost, remake=True) == git(steady, "rev-parse", "HEAD")


def test_a_stage_that_no_longer_runs_ends_with_its_own_words(steady: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    git(tmp_path, "clone", "--quiet", str(steady), str(broken))
    (broken / "make.py").write_text("raise SystemExit('out of order')\n", encoding="utf-8")
    git(broken, "commit", "--quiet", "-am", "broken")

    with pytest.raises(ToolError, match="does not run again in a clean clone"):
        reproduce_run(broken, "HEAD:champion", remake=True, keep=False, say=str)


def test_a_folder_whose_recorded_listing_is_gone_is_said_to_differ_all_the_same(steady: Path, tmp_path: Path) -> None:
    now = recorded_hashes(steady)["data/world"]

    (one,) = compare({"data/world": "1" * 32 + ".dir"}, {"data/world": now}, root=tmp_path, clone=steady)

    assert not one.same
    assert "cannot be said" in one.differences[0]


def test_the_cache_holds_a_folder_only_with_all_its_files(steady: Path) -> None:
    digest = recorded_hashes(steady)["data/world"]

    assert is_cached(steady, digest)
    assert not is_cached(steady, "2" * 32)
    assert cached(steady, digest).is_file()


def test_a_lineage_is_shown_with_every_fact(steady: Path) -> None:
    console = Console(width=120, record=True, file=StringIO())

    show(find(steady, "HEAD:champion"), steady, console)

    text = console.export_text()
    for fact in ("champion, told by dvc.lock", "commit", "requirements.lock", "data/world", "world.customers", "yes"):
        assert fact in text
