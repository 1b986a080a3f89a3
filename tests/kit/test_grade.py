"""What came back: what can be used is scored from a truth made anew, what cannot is said by file and line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from pipelines.errors import LabError
from scenarios.base import Level, Scorecard, check
from scenarios.kit.exercise import Bank, Exercise
from scenarios.kit.fork.identity import Mode
from scenarios.kit.fork.parcel import Parcel
from scenarios.kit.grade import grading
from scenarios.kit.grade.command import Request, grade
from scenarios.kit.grade.grading import Graded, withheld
from scenarios.kit.grade.pages import candidate_page, interviewer_page
from scenarios.kit.grade.panel import write_panel
from scenarios.kit.grade.rubric import FollowUp, Rubric, questions
from scenarios.kit.grade.words import Ended
from scenarios.kit.sandbox.errors import NoIsolationError
from scenarios.kit.sandbox.isolation import isolation

Packed = Callable[..., Path]
Judged = Callable[..., Graded]

isolated = pytest.mark.skipif(isolation() is None, reason="neither bubblewrap nor namespaces work on this machine")


def request(submission: Path, secret: Path, *, many: bool = False, out: Path | None = None) -> Request:
    return Request(submission=submission, many=many, out=out, secret=secret, practice=False)


def silent(_text: str) -> None:
    pass


def test_the_check_in_a_pack_says_what_the_graders_say(pack: Packed, judge: Judged) -> None:
    folder = pack(sample=True)
    (folder / "answer.yaml").write_text("scenario: toy\ntrust: perhaps\n")
    (folder / "predictions.csv").write_text("customer_id,p\n1,2.0\n")
    environment = {"PATH": os.environ["PATH"]}

    done = subprocess.run(
        [sys.executable, "-I", "lab/check.py"], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    said = [line.removeprefix("wrong   ") for line in done.stdout.splitlines() if line.startswith("wrong")]

    assert done.returncode == 1
    assert tuple(said) == judge(folder).verdict.problems
    assert "answer.yaml: line 2, trust: " in done.stdout
    assert "predictions.csv: line 2: column 'p' must hold probabilities, 0 to 1; given: 2.0" in done.stdout


def test_a_fresh_pack_has_nothing_wrong_and_says_what_is_to_do(pack: Packed, tmp_path: Path) -> None:
    folder = tmp_path / "moved here" / "pack"
    shutil.copytree(pack(), folder)

    check = subprocess.run(
        [sys.executable, "-I", "lab/check.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (check.returncode, tests.returncode) == (0, 0), tests.stdout
    assert "to do   answer.yaml: line 3: nothing is filled in yet" in check.stdout
    assert "to do   predictions.csv: this file is missing" in check.stdout
    assert "1 passed, 2 skipped" in tests.stdout


@isolated
def test_strong_answers_score_full_marks_on_planted_packs_and_controls(
    pack: Packed, judge: Judged, planted: Callable[..., str]
) -> None:
    for control in (False, True):
        verdict = judge(pack(planted(control=control), sample=True)).verdict

        assert (verdict.ended, verdict.score, verdict.control) == (Ended.GRADED, 100.0, control)
        assert verdict.authoritative


@isolated
def test_the_same_submission_gets_the_same_bytes_in_a_folder_or_an_archive(
    pack: Packed, judge: Judged, archived: Callable[[Path, str], Path]
) -> None:
    folder = pack(sample=True)

    first = judge(folder).verdict
    zipped = judge(archived(folder, ".zip")).verdict
    tarred = judge(archived(folder, ".tar.gz")).verdict

    assert judge(folder).verdict == first
    assert (first.score, first.answer) == (zipped.score, zipped.answer) == (tarred.score, tarred.answer)


BAD: list[tuple[str, str, str]] = [
    ("answer.yaml", "", "answer.yaml: line 1: must hold fields"),
    ("answer.yaml", "scenario: toy\n", "answer.yaml: line 1: nothing is filled in yet"),
    ("answer.yaml", "scenario: toy\nfindings:\n  - {where: a\n", "answer.yaml: line 4: is not YAML"),
    ("answer.yaml", "scenario: drift\ntrust: true\n", "answer.yaml: line 1: scenario is 'drift', not 'toy'"),
    ("answer.yaml", "scenario: toy\nsince: 2024-13-01\n", "answer.yaml: line 2: a value cannot be read: month must"),
    ("answer.yaml", "[" * 5000, "answer.yaml: line 1: not YAML a person writes"),
    ("answer.yaml", "scenario: toy\nversion: " + "9" * 5000, "answer.yaml: line 2: a value cannot be read"),
    ("predictions.csv", "customer_id,q\n1,0.5\n", "predictions.csv: line 1: there is no column 'p'"),
    ("predictions.csv", "customer_id,p\n1,0.5\n2,high\n", "predictions.csv: line 3: column 'p' must hold numbers"),
    ("predictions.csv", "customer_id,p\n1,0.5\n2,\n", "predictions.csv: line 3: column 'p' must hold probabilities"),
    ("predictions.csv", "customer_id,p\n1,0.5\n2,inf\n", "predictions.csv: line 3: column 'p' must hold probabilities"),
    ("predictions.csv", "customer_id,p\n1,1e308\n", "predictions.csv: line 2: column 'p' must hold probabilities"),
    ("predictions.csv", "customer_id,p\n1,2,3,4\n5\n", "predictions.csv: "),
    ("predictions.csv", "customer_id,p\n", "predictions.csv: line 1: the table has no rows"),
    ("predictions.csv", "", "predictions.csv: not CSV"),
    ("guess.py", "def guess(x:\n", "guess.py: line 1: "),
    ("guess.py", "x = 1\n\n  y = 2\n", "guess.py: line 3: unexpected indent"),
    ("guess.py", "  \n", "guess.py: line 1: the file is empty"),
]


@pytest.mark.parametrize(("file", "text", "says"), BAD, ids=[f"{i}-{file}" for i, (file, _, _) in enumerate(BAD)])
def test_what_cannot_be_used_is_said_by_file_and_line(  # noqa: PLR0917 - fixtures
    pack: Packed, judge: Judged, file: str, text: str, says: str
) -> None:
    folder = pack(sample=True)
    (folder / file).write_text(text)

    found = judge(folder)

    assert (found.verdict.ended, found.verdict.score) == (Ended.UNUSABLE, 0.0)
    assert any(one.startswith(says) for one in found.verdict.problems), found.verdict.problems
    assert (folder / file).read_text() == text


def test_missing_linked_huge_and_special_files_are_named_and_not_read(pack: Packed, judge: Judged) -> None:
    folder = pack(sample=True)
    for file in ("answer.yaml", "predictions.csv", "guess.py"):
        (folder / file).unlink()
    (folder / "answer.yaml").symlink_to("/etc/passwd")
    with (folder / "predictions.csv").open("wb") as made:
        made.truncate(2 << 30)
    os.mkfifo(folder / "guess.py")

    problems = judge(folder).verdict.problems

    assert problems[0] == "answer.yaml: answer.yaml is a symbolic link; hand in the file itself."
    assert problems[1] == "predictions.csv: 2,147,483,648 bytes; at most 67,108,864 are read."
    assert problems[2] == "guess.py: this is no file but a pipe."


def test_bytes_that_are_no_text_are_named_with_their_line(pack: Packed, judge: Judged) -> None:
    folder = pack(sample=True)
    (folder / "answer.yaml").write_bytes(b"scenario: toy\ntrust: \xff\n")

    assert judge(folder).verdict.problems == ("answer.yaml: line 2: not UTF-8 text.",)


def test_a_folder_that_is_no_pack_is_said_to_be_none(judge: Judged, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    (tmp_path / "y" / "pack.json").write_text('{"scenario": "toy"')

    missing = "pack.json: this file is missing: the pack is incomplete. Hand in the whole folder."
    assert judge(tmp_path / "x").verdict.problems == (missing,)
    assert judge(tmp_path / "y").verdict.problems[0].startswith("pack.json: line 1: this is no pack's identity")
    with pytest.raises(LabError, match="Name a folder or an archive"):
        judge(tmp_path / "z")


def test_a_pack_of_another_version_or_secret_is_refused_without_a_score(  # noqa: PLR0917 - fixtures
    pack: Packed, bank: Bank, judge: Judged, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scenarios.kit.grade.grading import graded
    from scenarios.kit.grade.submission import read_submission

    old = judge(pack("Old", sample=True, version=2)).verdict
    other = graded(read_submission(pack("New", sample=True), bank), bytes(32)).verdict

    assert (old.ended, old.score, old.scenario_version) == (Ended.ERROR, None, 2)
    assert "holds version 2 of 'toy' and this lab has version 3" in old.problems[0]
    assert (other.ended, other.score) == (Ended.ERROR, None)
    assert "forked with another secret" in other.problems[0]


def test_a_generator_that_changed_without_a_new_version_is_noticed(
    pack: Packed, judge: Judged, toy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(sample=True)
    monkeypatch.setattr(toy, "NAMES", ("visits", "tickets", "price", "tenure"))

    verdict = judge(folder).verdict

    assert verdict.ended is Ended.ERROR
    assert "makes another case for this pack" in verdict.problems[0]


def test_without_a_sandbox_code_is_refused_and_practice_is_not_authoritative(
    pack: Packed, judge: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(sample=True)
    monkeypatch.setattr(grading, "isolation", lambda: None)

    with pytest.raises(NoIsolationError, match=r"cannot isolate.*--practice"):
        judge(folder)
    verdict = judge(folder, practice=True).verdict

    assert (verdict.score, verdict.authoritative, verdict.isolation) == (100.0, False, "none")
    assert "practice" in verdict.why_not


def test_a_fault_of_the_grader_is_an_error_and_never_a_score(
    pack: Packed, judge: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(grading, "marked", broken)

    found = judge(pack(sample=True))

    assert (found.verdict.ended, found.verdict.score) == (Ended.ERROR, None)
    assert "ZeroDivisionError: division by zero" in found.verdict.problems[0]
    assert "Traceback" in found.fault


@isolated
def test_the_interviewer_sees_the_truth_and_the_candidate_does_not(
    pack: Packed, judge: Judged, planted: Callable[..., str]
) -> None:
    found = judge(pack(planted(), sample=True))
    assert found.case is not None
    column = found.case.truth.column

    theirs, ours = candidate_page(found), interviewer_page(found)

    assert f"the column is &#39;{column}&#39;" in ours
    assert column not in theirs.partition("</style>")[2]
    assert "control" not in theirs.partition("</style>")[2]
    assert str(found.case.truth.seed) not in ours + theirs
    assert "Would it have failed?" in ours


def test_no_check_earns_less_than_nothing() -> None:
    earned = [check("a", share, 14.0, "why").points for share in (-0.0, -1.0, float("nan"))]

    assert [f"{points:.1f}" for points in earned] == ["0.0", "0.0", "0.0"]


@pytest.mark.parametrize(
    ("earned", "asked"),
    [
        ({"a": 0.0, "b": 0.2}, ["a1", "b1", "a2", "general"]),
        ({"a": 0.5, "b": 0.0}, ["b1", "a1", "a2", "general"]),
        ({"a": 1.0, "b": 0.0}, ["b1", "general"]),
        ({"a": 1.0, "b": 1.0}, ["general", "a1", "a2", "b1"]),
    ],
)
def test_each_missed_check_has_its_question_before_any_has_a_second(earned: dict[str, float], asked: list[str]) -> None:
    follow_ups = ("general", *(FollowUp(ask=ask, after=(ask[0],)) for ask in ("a1", "a2", "b1")))
    rubric = Rubric(scenario="toy", version=1, criteria=(), follow_ups=follow_ups)
    checks = tuple(check(name, share, 10.0, "why") for name, share in earned.items())
    card = Scorecard(scenario="toy", scenario_version=1, level=Level.MID, checks=checks)

    assert [one.ask for one in questions(rubric, card)] == asked


def test_questions_follow_what_was_missed(pack: Packed, judge: Judged) -> None:
    page = interviewer_page(judge(pack(worthless=True), practice=True))

    assert page.index("How would you have found the column?") < page.index("What does your guess do at zero?")
    assert page.index("What does your guess do at zero?") < page.index("Asked of everybody?")


def test_who_learns_is_told_why(pack: Packed, judge: Judged) -> None:
    page = candidate_page(judge(pack(worthless=True, mode=Mode.LEARN), practice=True))

    assert "named: []" in page


def test_the_panel_holds_the_truth_and_a_timeline(
    wrap: Callable[..., Parcel], exercise: Exercise, tmp_path: Path
) -> None:
    made = wrap("Ada", mode=Mode.LIVE)

    write_panel(tmp_path / "panel.html", exercise, made.identity, made.case, control=False)

    text = (tmp_path / "panel.html").read_text()
    assert "to minute 20" in text
    assert made.case.truth.column in text  # type: ignore[attr-defined]


@isolated
def test_the_command_writes_four_files_and_leaves_what_people_filled_in(
    pack: Packed, bank: Bank, secret_on_disk: Path, tmp_path: Path
) -> None:
    folder, out = pack(sample=True), tmp_path / "out"
    before = sorted(path.name for path in folder.rglob("*"))

    code = grade(request(folder, secret_on_disk, out=out), bank, Console(quiet=True), say=silent)
    (out / "rubric_sheet.yaml").write_text("filled in\n")
    first = (out / "scorecard.json").read_bytes()
    again = grade(request(folder, secret_on_disk, out=out), bank, Console(quiet=True), say=silent)

    assert (code, again) == (0, 0)
    assert sorted(path.name for path in out.iterdir()) == [
        "candidate.html",
        "interviewer.html",
        "rubric_sheet.yaml",
        "scorecard.json",
    ]
    assert (out / "rubric_sheet.yaml").read_text() == "filled in\n"
    assert (out / "scorecard.json").read_bytes() == first
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_results_never_go_into_what_was_handed_in(pack: Packed, bank: Bank, secret_on_disk: Path) -> None:
    folder = pack(sample=True)

    with pytest.raises(LabError, match="stays as it came back"):
        grade(request(folder, secret_on_disk, out=folder / "out"), bank, Console(quiet=True), say=silent)


@isolated
def test_many_are_ranked_and_one_that_cannot_be_used_stops_no_other(  # noqa: PLR0917 - fixtures
    pack: Packed, bank: Bank, secret_on_disk: Path, tmp_path: Path, toy: ModuleType
) -> None:
    pack("Ada", sample=True)
    folder = pack("Bob", sample=True)
    (folder / "guess.py").write_text(toy.NO_GUESS)
    (pack("Cy", sample=True) / "answer.yaml").write_text("scenario: toy\ntrust: [\n")
    pack("Dee", sample=True, version=2)
    (tmp_path / "in" / "notes").mkdir()
    console = Console(record=True, width=160)

    code = grade(request(tmp_path / "in", secret_on_disk, many=True), bank, console, say=silent)
    groups = json.loads((tmp_path / "in.graded" / "ranking.json").read_text())
    order = [(one["verdict"]["candidate"], one["rank"], one["verdict"]["ended"]) for g in groups for one in g["places"]]

    assert code == 1
    assert order == [
        ("Dee", None, "error"),
        ("Ada", 1, "graded"),
        ("Bob", 2, "graded"),
        ("Cy", None, "unusable"),
        ("", None, "unusable"),
    ]
    assert "answer.yaml: line 3: is not YAML" in console.export_text()
    assert "<svg" in (tmp_path / "in.graded" / "index.html").read_text()


def test_a_candidate_whose_score_is_withheld_reads_nothing_about_anybody_else(pack: Packed, judge: Judged) -> None:
    found = judge(pack("Ada", worthless=True), practice=True)
    held = withheld(found, "copied answer: 97% of the text is bob's; it fits that case (92 points) better (10)")

    theirs, ours = candidate_page(held), interviewer_page(held)

    assert "bob" in ours
    assert not any(said in theirs for said in ("bob", "copied", "92 points", "graders"))
    assert "the score is withheld until somebody has looked at it" in theirs
