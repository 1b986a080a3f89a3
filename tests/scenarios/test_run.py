"""Running a scenario: only what changed, one server, readable lines, then the summary."""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenarios.summary
from pipelines.errors import LabError, ToolError
from scenarios import run as module
from scenarios.run import project_root, readable, run_scenarios


class Bench:
    """A checkout whose DVC and Prefect are stand-ins that note what was asked of them."""

    def __init__(self) -> None:
        self.changed: tuple[str, ...] = ("world", "scenario@drift")
        self.code = 0
        self.asked: list[str] = []
        self.shared: tuple[str, ...] = ()
        self.fails, self.lasts = "", ""
        self.begun, self.ended = threading.Event(), threading.Event()

    def changed_stages(self, _root: Path, target: str) -> tuple[str, ...]:
        self.asked.append(f"status {target}")
        return self.changed

    def reproduce(
        self, _root: Path, *targets: str, environment: object, show: object, ended_with: contextlib.ExitStack | None
    ) -> int:
        del environment
        asked = " ".join(("repro", *targets))
        self.asked.append(asked)
        assert callable(show)
        show("Running stage 'world':")
        if asked == self.lasts:
            assert ended_with is not None
            ended_with.callback(self.ended.set)
            self.begun.set()
            return 1 if self.ended.wait(timeout=30) else 0
        if asked == self.fails:
            return 255 if self.begun.wait(timeout=30) else 0
        return self.code

    @contextlib.contextmanager
    def prefect_server(self, _home: Path, *, wait: bool) -> Iterator[str]:
        assert not wait
        self.asked.append("server on")
        yield "http://127.0.0.1:1/api"
        self.asked.append("server off")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    bench = Bench()
    shutil.copy("params.yaml", tmp_path)
    for name in ("drift", "leakage"):
        (tmp_path / "reports" / name).mkdir(parents=True)
        (tmp_path / "reports" / name / "index.html").touch()
    for name in ("changed_stages", "reproduce", "prefect_server"):
        monkeypatch.setattr(module, name, getattr(bench, name))
    monkeypatch.setattr(module, "run_plan", lambda _root, targets: (bench.shared, {one: (one,) for one in targets}))
    monkeypatch.setattr(scenarios.summary, "summary", lambda name, _report: f"summary of {name}")
    return bench


def test_a_changed_scenario_is_run_under_one_server_and_summed_up(bench: Bench, tmp_path: Path) -> None:
    said: list[str] = []

    (page,) = run_scenarios(tmp_path, ["drift"], say=said.append)

    assert bench.asked == ["status scenario@drift", "server on", "repro --single-item scenario@drift", "server off"]
    assert (said[0], said[-1]) == ("world", "summary of drift")
    assert page == tmp_path / "reports" / "drift" / "index.html"


def test_without_a_report_the_server_starts_at_once_and_dvc_is_not_asked_what_is_plain(
    bench: Bench, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "reports" / "drift")

    run_scenarios(tmp_path, ["drift"], say=lambda _line: None)

    assert bench.asked == ["server on", "repro --single-item scenario@drift", "server off"]


def test_nothing_changed_starts_no_server_and_shows_the_summary(bench: Bench, tmp_path: Path) -> None:
    bench.changed = ()
    said: list[str] = []

    run_scenarios(tmp_path, ["drift"], say=said.append)

    assert bench.asked == ["status scenario@drift"]
    assert said == [
        "scenario@drift: nothing has changed since the last run; this is its summary.",
        "summary of drift",
    ]


def test_of_several_scenarios_what_they_share_is_run_first_and_each_is_summed_up(bench: Bench, tmp_path: Path) -> None:
    bench.shared = ("world", "champion")
    said: list[str] = []

    pages = run_scenarios(tmp_path, ["drift", "leakage"], say=said.append)

    assert bench.asked[:-3] == [
        "status scenario@drift",
        "status scenario@leakage",
        "server on",
        "repro --single-item world champion",
    ]
    assert set(bench.asked[-3:-1]) == {"repro --single-item scenario@drift", "repro --single-item scenario@leakage"}
    assert bench.asked[-1] == "server off"
    assert [one for one in said if one.startswith("summary")] == ["summary of drift", "summary of leakage"]
    assert [page.parent.name for page in pages] == ["drift", "leakage"]
    assert {"[drift] world", "[leakage] world"} < set(said), "a line says whose it is"


def test_what_still_runs_when_another_fails_is_ended(bench: Bench, tmp_path: Path) -> None:
    bench.fails, bench.lasts = "repro --single-item scenario@drift", "repro --single-item scenario@leakage"

    with pytest.raises(ToolError, match=r"stopped before 'scenario@drift' was done"):
        run_scenarios(tmp_path, ["drift", "leakage"], say=lambda _line: None)

    assert bench.ended.is_set()


def test_a_failed_stage_ends_the_run_without_a_summary(bench: Bench, tmp_path: Path) -> None:
    bench.code = 255
    said: list[str] = []

    with pytest.raises(ToolError, match=r"stopped before 'scenario@drift' was done"):
        run_scenarios(tmp_path, ["drift"], say=said.append)

    assert "summary of drift" not in said


def test_parameters_that_cannot_be_used_are_refused_before_a_report_is_touched(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "params.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("level: mid", "level: expert"), encoding="utf-8")

    with pytest.raises(LabError, match=r"level.*given: 'expert'"):
        run_scenarios(tmp_path, ["leakage"], say=lambda _line: None)

    assert bench.asked == []


def test_an_unknown_scenario_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"no scenario 'drfit'. Scenarios: .*drift"):
        run_scenarios(tmp_path, ["drift", "drfit"], say=lambda _line: None)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Running stage 'scenario@drift':", "scenario@drift"),
        ("Stage 'world' is cached - skipping run, checking out outputs", "world: taken from the cache of earlier runs"),
        ("  month 3: 2 alerts", "  month 3: 2 alerts"),
        ("error: dose must be >= 0", "error: dose must be >= 0"),
        ("> python -m pipelines.flows world", None),
        ("Updating lock file 'dvc.lock'", None),
        ("Stage 'world' didn't change, skipping", None),
        ("To track the changes with git, run:", None),
        ("\tgit add dvc.lock", None),
        ("Use `dvc push` to send your updates to remote storage.", None),
        ("", None),
    ],
)
def test_of_dvcs_lines_only_what_a_reader_needs_is_shown(line: str, shown: str | None) -> None:
    assert readable(line) == shown


def test_the_project_is_found_from_a_folder_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dvc.yaml").write_text("stages: {}")
    (tmp_path / "reports" / "drift").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "reports" / "drift")

    assert project_root() == tmp_path


def test_outside_a_project_the_reader_is_told_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ToolError, match=r"no dvc.yaml in .* Run this from the project's folder"):
        project_root()
