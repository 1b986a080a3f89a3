from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import LabError
from scenarios.base import AnswerSheet, Estimate, Finding
from scenarios.kit.answers import read_sheet, write_sheet
from scenarios.kit.schemas import FOLDER, SCHEMAS, schema_text

GOOD = """\
scenario: leakage
trust: no
findings:
  - {where: visits, mechanism: window past the cutoff, action: rebuild, since: 2024-03, probability: 0.9}
estimates:
  auc: {value: 0.8, low: 0.78, high: 0.82}
rationale: the window runs past the cutoff
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "answer.yaml"
    path.write_text(text)
    return path


def test_a_filled_sheet_is_read(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, GOOD))

    assert sheet.trust is False
    assert sheet.findings[0].since == "2024-03"
    assert sheet.estimates["auc"] == Estimate(value=0.8, low=0.78, high=0.82)


def test_how_a_word_of_a_list_is_written_does_not_decide(tmp_path: Path) -> None:
    shouted = GOOD.replace("window past the cutoff", "'Window past  the Cutoff '").replace("rebuild", "REBUILD")

    assert read_sheet(written(tmp_path, shouted)).findings == read_sheet(written(tmp_path, GOOD)).findings


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (
            "probability: 0.9",
            "probability: 2",
            r"line 4, findings.0.probability: .*less than or equal to 1.*given: '2'",
        ),
        ("trust: no", "trust: perhaps", r"line 2, trust: .*boolean.*given: 'perhaps'"),
        ("trust: no", "trusted: no", r"line 2, trusted: there is no such field"),
        ("scenario: leakage\n", "", r"scenario: this field is missing"),
        ("low: 0.78", "low: 0.9", r"line 6, estimates.auc: an estimate needs low <= value <= high"),
        ("value: 0.8", "value: .nan", r"line 6, estimates.auc.value: .*finite"),
        ("2024-03", "March", r"line 4, findings.0.since"),
        ("trust: no", "trust: [", "is not YAML"),
        ("trust: no", "trust: !!python/object/apply:os.system [ls]", "is not plain YAML"),
    ],
)
def test_a_broken_sheet_is_refused_with_its_line(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    path = written(tmp_path, GOOD.replace(was, becomes))

    with pytest.raises(LabError, match=says):
        read_sheet(path)


@pytest.mark.parametrize(("text", "says"), [("", "it holds nothing"), ("- 1\n", "it holds a list"), ("x", "a str")])
def test_a_file_that_holds_no_fields_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(LabError, match=says):
        read_sheet(path)


def test_a_missing_sheet_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="Copy the starter"):
        read_sheet(tmp_path / "answer.yaml")


def test_a_huge_sheet_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, "# " + "x" * (1 << 21))

    with pytest.raises(LabError, match="at most 1,048,576"):
        read_sheet(path)


@given(
    st.lists(
        st.builds(
            Finding, where=st.text("abc é:#", min_size=1, max_size=9).filter(str.strip), probability=st.floats(0, 1)
        ),
        max_size=3,
    )
)
def test_a_written_sheet_reads_back(tmp_path_factory: pytest.TempPathFactory, findings: list[Finding]) -> None:
    path = tmp_path_factory.mktemp("sheet") / "answer.yaml"
    sheet = AnswerSheet(scenario="leakage", trust=True, findings=tuple(findings))

    write_sheet(path, sheet)

    assert read_sheet(path) == sheet


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_exported_schemas_are_those_of_the_code(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == schema_text(SCHEMAS[name])
