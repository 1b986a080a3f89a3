"""One local Prefect server, started, used and stopped for real."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import ToolError
from pipelines.flows import server
from pipelines.flows.server import prefect_server
from pipelines.loopback import answers

PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prefect home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with prefect_server(home) as address:
        yield address


def gone(address: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while answers(f"{address}/health"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_the_server_answers_on_loopback_and_its_address_is_in_the_environment(url: str) -> None:
    assert answers(f"{url}/health")
    assert url.startswith("http://127.0.0.1:")
    assert os.environ["PREFECT_API_URL"] == url


def test_the_database_lies_in_the_home_that_was_given(url: str, home: Path) -> None:
    assert url
    assert (home / "prefect.db").exists()


def test_a_server_that_is_already_named_and_answers_is_used_again(url: str, tmp_path: Path) -> None:
    with prefect_server(tmp_path / "other") as second:
        assert second == url

    assert answers(f"{url}/health"), "the inner block must leave a server it did not start running"
    assert not (tmp_path / "other" / "prefect.db").exists()


def test_a_flow_with_a_failing_task_retries_finishes_and_leaves_its_artifact(url: str) -> None:
    from prefect import flow, task
    from prefect.artifacts import Artifact, create_markdown_artifact

    attempts: list[int] = []

    @task(retries=2, retry_delay_seconds=0)
    def unsteady() -> int:
        attempts.append(1)
        if len(attempts) < 3:
            raise OSError("not yet")
        return 20

    @task
    def double(value: int) -> int:
        return 2 * value

    @task
    def note(value: int) -> int:
        create_markdown_artifact(key="answer", markdown=f"# {value + 2}")
        return value + 2

    @flow(name="three-tasks")
    def three_tasks() -> int:
        return note(double(unsteady()))

    assert three_tasks() == 42

    artifact = Artifact.get("answer")
    assert len(attempts) == 3
    assert artifact is not None
    assert artifact.data == "# 42"


def test_killing_the_process_that_started_it_ends_the_server(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from pipelines.flows.server import prefect_server\n"
        "with prefect_server(Path(sys.argv[1])) as url: print(url, flush=True); time.sleep(600)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], env=environment, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        address = starter.stdout.readline().strip()
        assert answers(f"{address}/health")
        starter.kill()

    assert gone(address)


def test_a_database_of_another_prefect_is_set_aside_and_a_new_one_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with sqlite3.connect(tmp_path / "prefect.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('not-a-revision')")
    database.close()

    with prefect_server(tmp_path) as address:
        assert answers(f"{address}/health")

    assert (tmp_path / "prefect.db.unusable").exists()
    assert "PREFECT_API_URL" not in os.environ


def test_a_server_that_never_answers_is_an_error_that_shows_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_TIMEOUT", "not a number")
    monkeypatch.setattr(server, "_ATTEMPTS", 1)

    with pytest.raises(ToolError, match=r"did not start in 1 attempts") as caught, prefect_server(tmp_path):
        pass

    assert "not a number" in str(caught.value)


def test_an_address_that_does_not_answer_is_ignored_and_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(server, "_start", lambda *_args, **_more: "http://127.0.0.1:8/api")

    with prefect_server(tmp_path) as address:
        assert address == "http://127.0.0.1:8/api"

    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"


def test_a_server_that_is_still_starting_is_waited_for_by_those_who_need_it(tmp_path: Path) -> None:
    with prefect_server(tmp_path / "home", wait=False) as started, prefect_server(tmp_path / "other") as used:
        assert used == started
        assert answers(f"{started}/health")
        assert not (tmp_path / "other").exists()
