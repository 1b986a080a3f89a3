"""What DVC would run, running it, and reading its hashes, on a small real pipeline."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.errors import ToolError
from pipelines.versions import changed_stages, recorded_hashes, reproduce, run_plan, stage_data

PIPELINE = """
stages:
  world:
    cmd: python make.py world
    deps: [make.py]
    params: [world]
    outs: [data/world]
  scenario:
    foreach:
      drift: {name: drift}
    do:
      cmd: python make.py ${item.name}
      deps: [make.py, data/world]
      params: ["${item.name}"]
      outs: ["reports/${item.name}.txt"]
"""

MAKE = """
import pathlib, sys, yaml
name = sys.argv[1]
given = yaml.safe_load(pathlib.Path("params.yaml").read_text())[name]
if given < 0:
    sys.exit("the dose must not be negative")
target = pathlib.Path("data/world/a.txt" if name == "world" else f"reports/{name}.txt")
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(f"{name} {given}")
print("made", name)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of two stages that was run once."""
    root = tmp_path_factory.mktemp("a pipeline")
    for name, text in {"dvc.yaml": PIPELINE, "make.py": MAKE, "params.yaml": "world: 1\ndrift: 2\n"}.items():
        (root / name).write_text(text)
    subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"], cwd=root, check=True)
    assert reproduce(root, environment={}, show=lambda _line: None) == 0
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_nothing_is_to_be_run_after_a_run(made: Path) -> None:
    assert changed_stages(made, "scenario@drift") == ()


def test_a_changed_parameter_names_the_stage_that_reads_it(root: Path) -> None:
    (root / "params.yaml").write_text("world: 1\ndrift: 5\n")

    assert changed_stages(root, "scenario@drift") == ("scenario@drift",)


def test_a_changed_source_and_a_lost_output_are_noticed_upstream(root: Path) -> None:
    (root / "make.py").write_text(MAKE + "\n")
    shutil.rmtree(root / "data")

    assert "world" in changed_stages(root, "scenario@drift")


def test_a_stage_that_does_not_exist_is_refused_by_name(made: Path) -> None:
    with pytest.raises(ToolError, match=r"cannot tell whether 'scenario@nosuch' is up to date.*does not exist"):
        changed_stages(made, "scenario@nosuch")


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="you are not inside of a DVC repository"):
        changed_stages(tmp_path, "scenario@drift")


def test_reproduce_shows_the_lines_of_the_stages_and_records_the_new_hashes(root: Path) -> None:
    before = recorded_hashes(root)
    (root / "params.yaml").write_text("world: 1\ndrift: 5\n")
    lines: list[str] = []

    code = reproduce(root, "scenario@drift", environment={}, show=lines.append)

    after = recorded_hashes(root)
    assert code == 0
    assert "made drift" in lines
    assert list(after) == ["data/world", "reports/drift.txt"]
    assert {path for path in after if after[path] != before[path]} == {"reports/drift.txt"}


def test_a_stage_that_fails_gives_its_words_and_a_code(root: Path) -> None:
    (root / "params.yaml").write_text("world: 1\ndrift: -1\n")
    lines: list[str] = []

    code = reproduce(root, "scenario@drift", environment={}, show=lines.append)

    assert code != 0
    assert "the dose must not be negative" in lines


def test_stages_run_under_the_environment_and_mask_given(root: Path) -> None:
    (root / "make.py").write_text(
        MAKE + "import os; mask = os.umask(0); os.umask(mask); print(os.environ['TZ'], oct(mask), sys.executable)\n"
    )
    lines: list[str] = []

    reproduce(root, "world", environment={"TZ": "Pacific/Chatham"}, show=lines.append, umask=0o077)

    zone, mask, interpreter = next(line for line in lines if "Chatham" in line).split(" ", 2)
    assert (zone, mask) == ("Pacific/Chatham", "0o77")
    assert os.path.dirname(interpreter) == os.path.dirname(sys.executable)  # noqa: PTH120 - a virtual environment's link


def test_a_stage_on_which_two_stand_is_run_before_both_and_one_on_which_one_stands_with_it(root: Path) -> None:
    text = PIPELINE.replace("drift: {name: drift}", "{drift: {name: drift}, leakage: {name: leakage}}")
    (root / "dvc.yaml").write_text(text)
    drift, leakage = "scenario@drift", "scenario@leakage"

    assert run_plan(root, [drift]) == ((), {drift: ("world", drift)})
    assert run_plan(root, [drift, leakage]) == (("world",), {drift: (drift,), leakage: (leakage,)})


def test_in_the_labs_own_pipeline_only_drift_waits_for_the_champion() -> None:
    drift, leakage = "scenario@drift", "scenario@leakage"

    shared, own = run_plan(Path(), [drift, leakage])

    assert shared == ("world",)
    assert own == {drift: ("champion", drift), leakage: (leakage,)}


def test_two_runs_beside_each_other_both_record_their_hashes(root: Path) -> None:
    text = PIPELINE.replace("drift: {name: drift}", "{drift: {name: drift}, leakage: {name: leakage}}")
    (root / "dvc.yaml").write_text(text)
    (root / "params.yaml").write_text("world: 1\ndrift: 5\nleakage: 6\n")
    (root / "make.py").write_text(MAKE + "import time; time.sleep(1.0)\n")
    assert reproduce(root, "world", environment={}, show=lambda _line: None) == 0

    with ThreadPoolExecutor(2) as both:
        codes = both.map(
            lambda name: reproduce(root, "--single-item", f"scenario@{name}", environment={}, show=lambda _line: None),
            ("drift", "leakage"),
        )
        assert list(codes) == [0, 0]

    assert list(recorded_hashes(root)) == ["data/world", "reports/drift.txt", "reports/leakage.txt"]
    assert changed_stages(root, "scenario@drift") == changed_stages(root, "scenario@leakage") == ()


def test_a_run_in_another_thread_ends_with_what_it_was_given(root: Path) -> None:
    (root / "make.py").write_text(MAKE + "import time; print('asleep', flush=True); time.sleep(600.0)\n")
    asleep = threading.Event()

    def show(line: str) -> None:
        if line == "asleep":
            asleep.set()

    with ThreadPoolExecutor(1) as pool, contextlib.ExitStack() as children:
        code = pool.submit(reproduce, root, "world", environment={}, show=show, ended_with=children)
        assert asleep.wait(timeout=60)

    assert code.result() != 0, "it slept to its end"


def test_a_pipeline_that_was_never_run_has_no_hashes(tmp_path: Path) -> None:
    assert recorded_hashes(tmp_path) == {}


def test_the_data_of_a_stage_are_what_other_stages_make_and_what_it_writes(made: Path) -> None:
    assert stage_data(made, "scenario@drift") == (("data/world",), ("reports/drift.txt",))


def test_the_data_of_an_unknown_stage_are_refused_with_the_stages_there_are(made: Path) -> None:
    with pytest.raises(ToolError, match=r"no stage 'scenario@drfit'. Stages: world, scenario@drift"):
        stage_data(made, "scenario@drfit")
