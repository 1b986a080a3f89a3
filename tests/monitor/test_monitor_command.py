"""`lab monitor` and `lab alerts` from end to end: exit codes, files, and one clear block for what cannot be used."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from pipelines.loopback import HOST, free_port
from scenarios.cli import app
from scenarios.monitor.request import Request, command_of

Make = Callable[..., pd.DataFrame]

ROLES = ("--time", "month", "--prediction", "score", "--target", "churned", "--id", "customer_id")


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def block(done: Result) -> str:
    """What stands on the error stream, on one line."""
    return " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def bad(good_file: Path, rows: Make, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The run over months whose outcomes come to mean something else: what it printed, and its folder."""
    folder = tmp_path_factory.mktemp("bad")
    rows(concept="2025-03").to_csv(folder / "new.csv", index=False)
    address = f"http://{HOST}:{free_port()}/secret"
    done = lab(
        *("monitor", "--reference", good_file, "--current", folder / "new.csv", *ROLES, "--out", folder / "out"),
        *("--state", folder / "state.json", "--webhook", address),
    )
    return done, folder


@pytest.fixture
def state(bad: tuple[Result, Path], tmp_path: Path) -> Path:
    """A copy of the state that run left."""
    path = tmp_path / "state.json"
    path.write_bytes((bad[1] / "state.json").read_bytes())
    return path


def incident(state: Path) -> str:
    alerts = json.loads(state.read_text())["monitor"]["book"]["alerts"]
    return str(next(one["incident"] for one in alerts if one["severity"] == "critical"))


def test_quiet_months_leave_with_exit_code_0(good_file: Path, rows: Make, tmp_path: Path) -> None:
    rows().to_parquet(tmp_path / "new.parquet")

    done = lab(
        *("monitor", "--reference", good_file, "--current", tmp_path / "new.parquet", *ROLES),
        *("--out", tmp_path / "out", "--quiet"),
    )

    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == "5 months are quiet: nobody has to act."
    files = {"index.html", "alerts.json", "measurements.json"}
    assert {one.name for one in (tmp_path / "out").iterdir()} == files


def test_a_delivery_of_a_few_rows_is_not_called_quiet(good_file: Path, rows: Make, tmp_path: Path) -> None:
    good = tmp_path / "undated.csv"
    pd.read_csv(good_file).drop(columns="month").to_csv(good, index=False)
    sound = rows(("2025-01",)).drop(columns="month").head(12)
    sound.to_csv(tmp_path / "few.csv", index=False)
    sound.assign(usage=np.nan).to_csv(tmp_path / "empty.csv", index=False)
    asked = ("monitor", "--reference", good, *ROLES[2:], "--out", tmp_path / "out")

    few = lab(*asked, "--current", tmp_path / "few.csv")
    empty = lab(*asked, "--current", tmp_path / "empty.csv")

    assert few.exit_code == 0, few.output
    assert "The current table cannot be judged." in few.stdout
    assert "12 rows: too few to judge columns; 30 are needed" in " ".join(few.stdout.split())
    assert "quiet" not in few.stdout
    assert "luck" not in few.stdout.split("Notes")[0]
    assert empty.exit_code == 1, empty.output


def test_harm_leaves_with_exit_code_1_and_one_call(bad: tuple[Result, Path]) -> None:
    done, folder = bad
    told = json.loads((folder / "out" / "alerts.json").read_text())

    assert done.exit_code == 1, done.output
    assert told["exit_code"] == 1
    assert len(told["pages"]) == 1
    assert told["incidents"][0]["severity"] == "critical"
    assert told["incidents"][0]["what_to_do"]
    assert set(told["months"]) == {f"2025-{month:02d}" for month in range(1, 6)}


def test_the_terminal_shows_every_month_and_what_to_do(bad: tuple[Result, Path]) -> None:
    out = bad[0].stdout

    assert all(f"{month} 2025" in out for month in ("Jan", "Feb", "Mar", "Apr", "May"))
    assert "What to do:" in out
    assert "outcomes per 1,000 rows" in " ".join(out.split())


def test_a_webhook_that_cannot_be_reached_is_reported_and_costs_nothing_else(bad: tuple[Result, Path]) -> None:
    done, folder = bad
    told = json.loads((folder / "out" / "alerts.json").read_text())

    assert "did not reach the webhook" in block(done)
    assert told["failures"]
    assert "secret" not in done.output + json.dumps(told)


def test_the_page_stands_alone_and_names_no_path(bad: tuple[Result, Path], good_file: Path) -> None:
    page = (bad[1] / "out" / "index.html").read_text()

    assert str(good_file.parent) not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "good.csv" in page
    assert "<svg" in page


def test_every_measurement_is_written_down(bad: tuple[Result, Path]) -> None:
    found = json.loads((bad[1] / "out" / "measurements.json").read_text())

    assert {one["layer"] for one in found["2025-05"]} >= {"gate", "input", "prediction", "realised"}


def test_a_second_run_on_the_same_months_says_that_nothing_is_new(
    bad: tuple[Result, Path], state: Path, good_file: Path, tmp_path: Path
) -> None:
    done = lab(
        *("monitor", "--reference", good_file, "--current", bad[1] / "new.csv", *ROLES),
        *("--out", tmp_path / "out", "--state", state),
    )

    assert done.exit_code == 1, done.output
    assert "Nothing new: every month up to May 2025 was judged before" in " ".join(done.stdout.split())


def test_outcomes_that_wait_for_the_next_month_are_not_called_nothing_new(
    good_file: Path, rows: Make, tmp_path: Path
) -> None:
    current, month = tmp_path / "new.csv", rows(("2025-01",))
    asked = (
        *("monitor", "--reference", good_file, "--current", current, *ROLES),
        *("--out", tmp_path / "out", "--state", tmp_path / "state.json", "--quiet"),
    )
    month.assign(churned=None).to_csv(current, index=False)
    first = lab(*asked)
    month.to_csv(current, index=False)

    second = lab(*asked)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "outcomes of 1 month (Jan 2025) have come since and wait" in " ".join(second.stdout.split())
    assert "Nothing new" not in second.stdout


def test_a_person_lists_takes_on_mutes_and_unmutes(state: Path) -> None:
    name = incident(state)

    listed = lab("alerts", "list", "--state", state)
    taken = lab("alerts", "ack", name, "--state", state)
    muted = lab("alerts", "mute", "harm", "--until", "2025-09", "--why", "the offer changed", "--state", state)
    after = lab("alerts", "list", "--state", state)
    lifted = lab("alerts", "unmute", "harm", "--state", state)

    assert [one.exit_code for one in (listed, taken, muted, after, lifted)] == [0] * 5, taken.output
    assert name in listed.stdout
    assert "acknowledged" in after.stdout
    assert "the offer changed" in after.stdout
    assert "speaks again" in lifted.stdout


def test_what_was_acknowledged_no_longer_counts_as_firing(
    bad: tuple[Result, Path], state: Path, good_file: Path, tmp_path: Path
) -> None:
    lab("alerts", "ack", incident(state), "--state", state)

    done = lab(
        *("monitor", "--reference", good_file, "--current", bad[1] / "new.csv", *ROLES),
        *("--out", tmp_path / "out", "--state", state, "--quiet"),
    )

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("list", "--state", "none.json"), "there is no state file"),
        (("ack", "2020-01/x"), "There is no incident"),
        (("mute", "harm", "--until", "soon", "--why", "x"), '"soon" is not a month'),
        (("mute", "harm", "--until", "2025-09", "--why", " "), "A mute needs what and why"),
        (("unmute", "nothing"), "is not muted"),
    ],
)
def test_what_cannot_be_done_to_alerts_leaves_with_exit_code_2(
    state: Path, arguments: tuple[str, ...], reason: str
) -> None:
    given = arguments if "--state" in arguments else (*arguments, "--state", str(state))

    done = lab("alerts", *given)

    assert done.exit_code == 2
    assert reason in block(done)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--current", "none.csv"), "there is no such file"),
        (("--current", "new.csv", "--time", "mnth"), "Did you mean month?"),
        (("--current", "new.csv", "--target", "churned"), "--target needs --prediction"),
        (("--current", "new.csv", "--time", "month", "--id", "month"), "named by more than one option"),
        (("--current", "other.csv"), "it shares no column with good.csv"),
        (("--current", "new.csv", "--prediction", "usage"), "not between 0 and 1"),
        (("--current", "new.csv", "--webhook", "room"), "address cannot be used"),
        (("--current", "new.csv", "--weights", "none.json"), "there is no such file"),
        (("--current", "new.csv", "--weights", "weights.json"), "weights are numbers of 0 or more"),
        (("--current", "new.csv", "--state", "weights.json"), "it is no state of the monitor"),
        (("--current", "new.csv", "--out", "new.csv"), "this is a file; name a folder"),
    ],
)
def test_what_cannot_be_used_leaves_with_exit_code_2_and_a_reason(  # noqa: PLR0917 - fixtures
    options: tuple[str, ...],
    reason: str,
    good_file: Path,
    rows: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    rows(("2025-01",), size=60).to_csv("new.csv", index=False)
    Path("other.csv").write_text("a,b\n1,2\n3,4\n")
    Path("weights.json").write_text('{"usage": "much"}')

    done = lab("monitor", "--reference", good_file, *options)

    assert done.exit_code == 2
    assert reason in block(done)
    assert not (tmp_path / "reports").exists()


def test_weights_are_read_from_a_table(good_file: Path, rows: Make, tmp_path: Path) -> None:
    rows(("2025-01",), broken="2025-01").to_csv(tmp_path / "new.csv", index=False)
    (tmp_path / "weights.csv").write_text("name,weight\nusage,3\ntickets,1\n")

    done = lab(
        *("monitor", "--reference", good_file, "--current", tmp_path / "new.csv", "--time", "month"),
        *("--prediction", "score", "--weights", tmp_path / "weights.csv", "--out", tmp_path / "out"),
    )

    assert done.exit_code == 1, done.output
    assert json.loads((tmp_path / "out" / "alerts.json").read_text())["pages"] == ["2025-01/model_view"]


def test_the_command_on_the_page_asks_the_same_again() -> None:
    request = Request(
        reference=Path("/far/good.csv"), current=Path("/far/my new.csv"), target="y", one_false_page_in_months=24.0
    )

    assert (
        command_of(request)
        == "lab monitor --reference good.csv --current 'my new.csv' --target y --one-false-page-in-months 24"
    )
