from pathlib import Path

import pytest
import yaml

from pipelines.errors import LabError
from scenarios.kit.learn.desk import Desk

RIGHT = "version: 1\nscenario: toy\nestimates:\n  x: {value: 7, low: 7, high: 7}\n"
WRONG = RIGHT.replace("7", "8")


def test_the_first_task_is_laid_out_with_its_case(desk: Desk) -> None:
    said = desk.look().text

    assert "toy/figure" in said
    assert (desk.folder / "toy/1-figure.yaml").is_file()
    assert (desk.folder / "toy/case/numbers.csv").is_file()


def test_a_starter_is_not_graded_and_does_not_pass(desk: Desk) -> None:
    desk.look()

    reply = desk.check()

    assert not reply.good
    assert "Nothing is filled in yet" in reply.text
    assert desk.progress.tasks == {}


def test_a_wrong_answer_hears_what_is_short_of_and_not_what_is_true(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(WRONG)

    reply = desk.check()

    assert not reply.good
    assert "That is not the number in the file" in reply.text
    assert "the truth is" not in reply.text
    assert desk.progress.of("toy/figure").tries == 1


def test_a_right_answer_passes_is_noted_and_leads_on(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)

    reply = desk.check()

    assert reply.good
    assert "1 of 2 passed" in reply.text
    assert desk.progress.of("toy/figure").status == "passed"
    assert "toy/named" in desk.next().text


def test_what_a_task_does_not_ask_for_is_lent_and_cannot_be_given(desk: Desk) -> None:
    desk.go("toy/named")
    desk.file.write_text("version: 1\nscenario: toy\nfindings: [{where: x}]\nestimates: {}\n")

    assert desk.check().good


def test_next_waits_until_the_task_is_done(desk: Desk) -> None:
    desk.look()

    reply = desk.next()

    assert not reply.good
    assert "not passed yet" in reply.text


def test_hints_come_one_by_one_and_the_last_one_stays(desk: Desk) -> None:
    desk.look()

    steps = [desk.hint().text.splitlines()[0] for _ in range(4)]

    assert [step.partition("(")[2] for step in steps] == [
        "hint 1 of 3)",
        "hint 2 of 3)",
        "hint 3 of 3)",
        "hint 3 of 3)",
    ]
    assert desk.progress.of("toy/figure").hints == 3


def test_reset_puts_the_original_back_and_keeps_every_version_of_mine(desk: Desk) -> None:
    desk.look()
    original = desk.file.read_text()
    for mine in (WRONG, RIGHT):
        desk.file.write_text(mine)
        desk.reset()

    assert desk.file.read_text() == original
    assert (desk.folder / "toy/1-figure.backup-1.yaml").read_text() == WRONG
    assert (desk.folder / "toy/1-figure.backup-2.yaml").read_text() == RIGHT
    assert "backup" not in desk.reset().text


def test_the_solution_is_shown_after_a_pass_or_when_given_up_and_not_before(desk: Desk) -> None:
    desk.look()

    before = desk.solution()
    after = desk.solution(give_up=True)

    assert not before.good
    assert "value: 7.0" not in before.text
    assert "value: 7.0" in after.text
    assert "the truth is 7" in after.text
    assert desk.progress.of("toy/figure").status == "given up"
    assert "toy/named" in desk.next().text


def test_breaking_a_task_that_was_passed_opens_it_again(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)
    desk.check()
    desk.file.write_text(WRONG)

    reply = desk.check_all()

    assert not reply.good
    assert "Open again: toy/figure" in reply.text
    assert desk.progress.of("toy/figure").status == "open"


def test_a_passed_task_checked_again_stays_good(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)
    desk.check()

    assert desk.check().good
    assert desk.check_all().good


def test_a_half_written_file_is_refused_with_its_line_and_costs_no_try(desk: Desk) -> None:
    desk.look()
    desk.file.write_text("version: 1\nscenario: toy\nestimates: {x: {value: 7\n")

    with pytest.raises(LabError, match=r"1-figure\.yaml: line 4: is not YAML"):
        desk.check()
    assert desk.progress.tasks == {}


def test_a_folder_in_place_of_a_sheet_is_refused(desk: Desk) -> None:
    desk.look()
    desk.file.unlink()
    desk.file.mkdir()

    with pytest.raises(LabError, match=r"1-figure\.yaml is no file"):
        desk.check()


def test_a_task_that_does_not_exist_is_refused_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(LabError, match=r"no task 'toy/name'\. Did you mean 'toy/named'\?"):
        desk.go("toy/name")


def test_progress_is_plain_text_and_a_damaged_file_is_not_thrown_away(desk: Desk) -> None:
    desk.look()
    desk.hint()
    path = desk.folder / "progress.yaml"

    assert yaml.safe_load(path.read_text())["tasks"]["toy/figure"] == {"status": "open", "tries": 0, "hints": 1}
    path.write_text("tasks: [")
    with pytest.raises(LabError, match="cannot be read"):
        desk.look()
    assert path.read_text() == "tasks: ["


def test_a_case_is_made_once_and_again_when_its_folder_is_gone(desk: Desk, said: list[str]) -> None:
    desk.look()
    desk.look()
    assert len(said) == 1

    (desk.folder / "toy/case/numbers.csv").unlink()
    (desk.folder / "toy/case/BRIEF.md").unlink()
    (desk.folder / "toy/case").rmdir()
    desk.look()

    assert len(said) == 2
    assert (desk.folder / "toy/case/numbers.csv").is_file()


def test_a_damaged_cache_is_made_anew(desk: Desk, said: list[str]) -> None:
    desk.look()
    for kept in desk.kept.iterdir():
        kept.write_bytes(b"half a file")

    desk.look()

    assert len(said) == 2


def test_what_grades_a_task_lies_apart_from_the_learners_files(desk: Desk) -> None:
    desk.look()

    assert {p.name for p in desk.folder.rglob("*") if p.is_file()} == {
        "1-figure.yaml",
        "BRIEF.md",
        "numbers.csv",
        "progress.yaml",
    }


def test_list_and_progress_show_where_one_stands(desk: Desk) -> None:
    desk.look()
    desk.file.write_text(RIGHT)
    desk.check()

    assert "> \\[x] toy/figure" in desk.list().text
    assert "1 of 2 passed" in desk.standing().text
    assert "about 5 minutes left" in desk.standing().text


def test_at_the_end_it_says_so(desk: Desk, tmp_path: Path) -> None:
    for name in ("toy/figure", "toy/named"):
        desk.go(name)
        desk.solution(give_up=True)

    assert "Every task is done" in desk.next().text
