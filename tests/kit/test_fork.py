"""Forking: the same pack every time, another case for everybody, nothing overwritten, nothing half-written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import LabError
from scenarios.base import Level
from scenarios.kit.exercise import Bank
from scenarios.kit.fork.command import Request as ForkRequest
from scenarios.kit.fork.command import fork
from scenarios.kit.fork.identity import Mode
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.grade.grading import Graded

Judged = Callable[..., Graded]


def silent(_text: str) -> None:
    pass


def test_a_pack_has_the_same_bytes_every_time_and_every_candidate_another_case(wrap: Callable[..., Parcel]) -> None:
    again = wrap.__wrapped__("Ada")  # type: ignore[attr-defined]

    assert again.files == wrap("Ada").files
    assert wrap("Bob").files["table.parquet"] != wrap("Ada").files["table.parquet"]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_pack_explains_itself_in_two_commands(wrap: Callable[..., Parcel], mode: Mode) -> None:
    text = wrap("Ada", mode=mode).files["README.md"].decode()

    assert text.count("$ make") == 2
    assert "`guess.py`: a function guess(x)" in text
    assert "Look at `table.parquet`." in text


def test_a_packs_lock_is_part_of_the_labs_own(wrap: Callable[..., Parcel]) -> None:
    lab = (Path(__file__).parents[2] / "requirements.lock").read_text(encoding="utf-8")
    lock = wrap("Ada").files["requirements.lock"].decode()

    entries = [line for line in lock.splitlines() if "==" in line]
    assert all(line in lab for line in lock.splitlines())
    assert {line.split("==")[0] for line in entries} >= {"pandas", "numpy", "lightgbm", "scikit-learn", "pytest"}
    assert not {line.split("==")[0] for line in entries} & {"mlflow", "prefect", "evidently", "dvc"}
    assert lock.count("--hash=sha256:") >= len(entries)


def test_a_place_that_is_taken_is_left_alone(bank: Bank, secret_on_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    asked = ForkRequest(
        scenario="toy",
        candidate="Ada",
        level=str(Level.MID),
        mode=str(Mode.LIVE),
        out=tmp_path / "taken",
        secret=secret_on_disk,
        serial=1,
        panel=None,
    )

    with pytest.raises(LabError, match="is not empty, and nothing is overwritten"):
        fork(asked, bank, say=silent)

    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"scenario": "nosuch"}, "There is no graded scenario 'nosuch'. Allowed: toy"),
        ({"level": "expert"}, "There is no level 'expert'. Allowed: junior, mid, senior"),
        ({"mode": "exam"}, "There is no mode 'exam'. Allowed: live, take-home, learn"),
        ({"candidate": "../up"}, "cannot be a candidate's name"),
    ],
)
def test_a_fork_that_cannot_be_is_refused(  # noqa: PLR0917 - fixtures
    bank: Bank, secret_on_disk: Path, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    given = {"scenario": "toy", "candidate": "Ada", "level": "mid", "mode": "live"} | change

    with pytest.raises(LabError, match=says):
        fork(
            ForkRequest(out=tmp_path / "out", secret=secret_on_disk, serial=1, panel=None, **given),
            bank,
            say=silent,
        )

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", ["", ".zip", ".tar.gz"])
def test_a_fork_is_written_as_a_folder_or_an_archive_and_can_be_read_back(  # noqa: PLR0917 - fixtures
    bank: Bank, secret_on_disk: Path, tmp_path: Path, judge: Judged, ending: str
) -> None:
    out = tmp_path / f"ada{ending}"
    asked = ForkRequest(
        scenario="toy", candidate="Ada", level="mid", mode="live", out=out, secret=secret_on_disk, serial=1, panel=None
    )

    fork(asked, bank, say=silent)

    assert judge(out).verdict.candidate == "Ada"
    assert judge(out).verdict.problems[0].startswith("answer.yaml: line 3: nothing is filled in")
