"""Databases laid out once and copied from then on."""

import sqlite3
import sys
from pathlib import Path

import pytest

from pipelines.laid_out import lay_out


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    file = tmp_path / "prefix" / "share" / "notes" / "notes.db"
    file.parent.mkdir(parents=True)
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE notes (text)")
    return file


def tables(file: Path) -> list[str]:
    with sqlite3.connect(file) as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master")]


@pytest.mark.usefixtures("template")
def test_a_missing_database_is_a_copy_of_the_one_that_set_up_made(tmp_path: Path) -> None:
    lay_out(tmp_path / "notes.db")

    assert tables(tmp_path / "notes.db") == ["notes"]
    assert [file.name for file in tmp_path.glob("notes.db*")] == ["notes.db"]


@pytest.mark.usefixtures("template")
def test_a_database_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "notes.db") as database:
        database.execute("CREATE TABLE kept (text)")

    lay_out(tmp_path / "notes.db")

    assert tables(tmp_path / "notes.db") == ["kept"]


@pytest.mark.usefixtures("template")
def test_a_database_that_set_up_did_not_make_is_left_to_its_maker(tmp_path: Path) -> None:
    lay_out(tmp_path / "other.db")

    assert not (tmp_path / "other.db").exists()
