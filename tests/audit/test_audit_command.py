"""`lab audit` from end to end: exit codes, figures, and one clear block for whatever cannot be used."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import scenarios.audit.command
from monitoring.leakage.vocabulary import Audit, Question
from scenarios.cli import app

Written = Callable[..., Path]
Make = Callable[..., pd.DataFrame]
MakeAudit = Callable[..., Audit]


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder far from any project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, clean_audit: MakeAudit) -> list[Question]:
    """Questions put to an audit that finds nothing."""
    questions: list[Question] = []

    def quick(question: Question, *, seed: int, rows: int) -> Audit:
        questions.append(question)
        return clean_audit()

    monkeypatch.setattr(scenarios.audit.command, "audit", quick)
    return questions


def lab(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments])


def test_an_honest_table_leaves_with_exit_code_0(inside: Path, customers: Make) -> None:
    customers().to_csv("table.csv", index=False)

    done = lab("table.csv", "--target", "churned")

    assert done.exit_code == 0, done.output
    assert "No leak was found" in done.output
    assert {one.name for one in (inside / "reports" / "audit").iterdir()} == {"index.html", "audit.json"}


def test_a_leak_leaves_with_exit_code_1_and_is_named(inside: Path, customers: Make) -> None:
    customers(leak=True).to_csv("table.csv", index=False)

    done = lab("table.csv", "--target", "churned", "--id", "customer_id", "--out", "here", "--quiet")
    found = json.loads((inside / "here" / "audit.json").read_text())

    assert done.exit_code == 1, done.output
    assert done.output.strip() == "1 column gives the outcome away: closing_fee."
    assert [one["name"] for one in found["columns"] if one["verdict"] == "leak"] == ["closing_fee"]


def test_an_invalid_split_leaves_with_exit_code_1(
    inside: Path, monkeypatch: pytest.MonkeyPatch, customers: Make, clean_audit: MakeAudit
) -> None:
    customers().to_csv("table.csv", index=False)
    found = clean_audit(invalid_split=("Rows of the test part stand in the training part too.",))
    monkeypatch.setattr(scenarios.audit.command, "audit", lambda question, *, seed, rows: found)

    done = lab("table.csv", "--target", "churned")

    assert done.exit_code == 1
    assert "The split does not measure what it claims." in done.output


def test_the_figures_have_the_promised_shape(
    inside: Path, monkeypatch: pytest.MonkeyPatch, customers: Make, sample_audit: MakeAudit
) -> None:
    customers().to_csv("my table.csv", index=False)
    monkeypatch.setattr(scenarios.audit.command, "audit", lambda question, *, seed, rows: sample_audit())

    lab("my table.csv", "--target", "churned", "--seed", "4")
    found = json.loads((inside / "reports" / "audit" / "audit.json").read_text())

    assert set(found["columns"][0]) == {"name", "verdict", "mechanism", "evidence", "confidence"}
    assert {one["verdict"] for one in found["columns"]} == {"leak", "suspect", "ok", "ignored"}
    assert set(found["scores"]) == {"random", "grouped", "time"}
    assert {"auc", "low", "high", "without_leaks"} <= set(found["scores"]["random"])
    assert found["scores"]["time"]["auc"] is None
    assert {"duplicates", "shared_entities"} <= set(found["rows"])
    assert {"immature", "over_time"} <= set(found["labels"])
    assert "skewed" in found["serving"]
    assert found["asked"]["command"] == "lab audit 'my table.csv' --target churned --seed 4"
    assert len(found["verdict"]) == 3


def test_the_question_holds_what_the_options_name(
    inside: Path, asked: list[Question], written: Written, customers: Make
) -> None:
    table = customers(60).assign(snapshot="2024-01-31", part=["test"] * 20 + ["train"] * 40)
    table.to_csv("table.csv", index=False, sep=";")
    table.drop(columns="plan").to_parquet("log.parquet")
    written("def build(tables, cutoff):\n    return tables['usage']\n", "shop_features.py")
    written("customer_id,available_at\nC1,2024-01-01\n", "events/usage.csv")
    options = ("--time", "snapshot", "--id", "customer_id", "--serving", "log.parquet", "--split", "part")

    done = lab("table.csv", "--target", "churned", *options, "--builder", "shop_features:build", "--events", "events")

    assert done.exit_code == 0, done.output
    question = asked[0]
    assert (question.target, question.time, question.entity, question.split) == (
        "churned",
        "snapshot",
        "customer_id",
        "part",
    )
    assert set(question.table["churned"]) == {0.0, 1.0}
    assert question.table["part"].iloc[0] == "train"
    assert question.serving is not None
    assert set(question.serving["churned"]) == {0.0, 1.0}
    assert list(question.events or {}) == ["usage"]
    assert question.builder is not None


def test_ids_written_as_text_here_and_as_numbers_there_become_comparable(
    inside: Path, asked: list[Question], customers: Make
) -> None:
    table = customers(60).assign(customer_id=[str(one) for one in range(60)])
    table.to_parquet("table.parquet")
    table.assign(customer_id=[f"A{one}" for one in range(60)]).to_csv("log.csv", index=False)

    done = lab("table.parquet", "--target", "churned", "--id", "customer_id", "--serving", "log.csv")

    assert done.exit_code == 0, done.output
    assert asked[0].serving is not None
    assert pd.api.types.is_string_dtype(asked[0].table["customer_id"].dtype)
    assert pd.api.types.is_string_dtype(asked[0].serving["customer_id"].dtype)


def test_columns_that_look_like_a_time_or_an_id_are_pointed_out_and_not_used(
    inside: Path, asked: list[Question], customers: Make
) -> None:
    customers(60).assign(snapshot_date="2024-01-31").to_csv("table.csv", index=False)

    done = lab("table.csv", "--target", "churned")

    assert "--time snapshot_date" in " ".join(done.output.split())
    assert "--id customer_id" in " ".join(done.output.split())
    assert asked[0].time is None
    assert asked[0].entity is None


def test_no_hint_where_both_are_named(inside: Path, asked: list[Question], customers: Make) -> None:
    customers(60).assign(snapshot_date="2024-01-31").to_csv("table.csv", index=False)

    done = lab("table.csv", "--target", "churned", "--time", "snapshot_date", "--id", "customer_id")

    assert "Hints" not in done.output


BAD = {
    "no such table": (
        ("tabel.csv", "--target", "churned"),
        "tabel.csv: there is no such file. Did you mean table.csv?",
    ),
    "no such target": (("table.csv", "--target", "chruned"), "no column 'chruned' (--target). Did you mean churned?"),
    "no such time": (
        ("table.csv", "--target", "churned", "--time", "zzz"),
        "no column 'zzz' (--time). There are these",
    ),
    "target not binary": (("table.csv", "--target", "plan"), "The target 'plan' holds 3 levels"),
    "one column twice": (("table.csv", "--target", "churned", "--id", "churned"), "each column has one role"),
    "split of one part": (("table.csv", "--target", "churned", "--split", "one"), "holds one part only"),
    "empty file": (("empty.csv", "--target", "y"), "empty.csv: it is empty"),
    "one column": (("single.csv", "--target", "y"), "single.csv: read as one column only"),
    "no header": (("numbers.csv", "--target", "y"), "Its first line seems to hold data, not names"),
    "no header, some words": (("people.csv", "--target", "y"), "Its first line seems to hold data, not names"),
    "target twice in the header": (("twice.csv", "--target", "y"), "for another of them say --target 'y (2)'"),
    "nothing varies": (("alike.csv", "--target", "y"), "no column can be judged: 'a' (the same value in every row)"),
    "serving without id": (
        ("table.csv", "--target", "churned", "--id", "customer_id", "--serving", "other.csv"),
        "other.csv: there is no column 'customer_id' (--id)",
    ),
    "serving without features": (
        ("table.csv", "--target", "churned", "--serving", "other.csv"),
        "other.csv: it shares no feature column",
    ),
    "builder without events": (("table.csv", "--target", "churned", "--builder", "a:b"), "belong together"),
    "builder without time": (
        ("table.csv", "--target", "churned", "--builder", "a:b", "--events", "events"),
        "--builder needs --time and --id",
    ),
    "out is a file": (("table.csv", "--target", "churned", "--out", "table.csv"), "--out table.csv: this is a file"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_one_clear_block_and_exit_code_2(inside: Path, case: str, customers: Make) -> None:
    customers(60).assign(one="a").to_csv("table.csv", index=False)
    Path("empty.csv").touch()
    Path("single.csv").write_text("y\n0\n1\n")
    Path("numbers.csv").write_text("1,2\n3,4\n5,6\n")
    Path("other.csv").write_text("a,b\n1,2\n")
    Path("people.csv").write_text("1,22.5,basic\n2,31.0,plus\n")
    Path("twice.csv").write_text("y,a,y\n0.1,3,1\n0.2,4,0\n0.3,5,1\n")
    Path("alike.csv").write_text("a,y\n" + "7,0\n7,1\n" * 40)
    arguments, words = BAD[case]

    done = lab(*arguments)

    assert done.exit_code == 2, done.output
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert not Path("reports").exists()


def test_help_answers_without_the_heavy_libraries() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from scenarios.cli import app\n"
        "assert CliRunner().invoke(app, ['audit', '--help']).exit_code == 0\n"
        "print(sorted({'pandas', 'pyarrow', 'lightgbm', 'scipy'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
