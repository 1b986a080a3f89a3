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


NOT_PLAIN: list[tuple[str, str]] = [
    ("trust: no\ntrust: yes\n", "line 3: 'trust' stands here for the second time"),
    ("findings:\n- where: a\n  action: b\n  action: c\n", "line 5: 'action' stands here for the second time"),
    ("estimates: &a [1]\nfindings: *a\n", "line 3: is not YAML: '\\*a' stands for something else"),
    ("rationale: *important words\n", "line 2: is not YAML: '\\*important' stands for .* in quotes"),
    ("findings: &a [*a]\n", "line 2: is not YAML: '\\*a'"),
    ("trust: no\nestimates: {<<: {}}\n", "line 3: is not plain YAML: '<<' takes fields"),
    ("rationale: !!set {a}\n", "line 2: is not plain YAML: 'set' is not read"),
    ("rationale: !!binary aGk=\n", "line 2: is not plain YAML: 'binary' is not read"),
    ("? [a]\n: b\n", "line 2: is not plain YAML: a field's name is a word"),
    ("findings:\n- where: a\n  since: 2025-02-30\n", "line 4: a value cannot be read: day is out of range"),
    ("trust: no\nversion: !!int one\n", "line 3: a value cannot be read: invalid literal"),
    ("trust: no\nversion: " + "9" * 5000, "line 3: a value cannot be read: 5,000 characters are no number"),
    ("\ntrust: !!bool maybe\n", "line 3: a value cannot be read: 'maybe' is no bool"),
    ("\nrationale: !!timestamp abc\n", "line 3: a value cannot be read: 'abc' is no timestamp"),
    ('\nrationale: "\\U0011FFFF"\n', "line 3: is not YAML: there is no such character"),
    ('\nrationale: "\\UFFFFFFFF"\n', "line 3: is not YAML: there is no such character"),
    ('\n"\\ud800": 1\n', "line 3: a value cannot be read: it holds half a character"),
    ("trust: no\nrationale: a\x01b\n", "line 3: is not YAML: the character 0x01 is no text"),
]


@pytest.mark.parametrize(("text", "says"), NOT_PLAIN, ids=[str(at) for at in range(len(NOT_PLAIN))])
def test_what_no_form_holds_is_refused_with_its_own_line(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, f"scenario: leakage\n{text}")

    with pytest.raises(LabError, match=rf"answer\.yaml: {says}"):
        read_sheet(path)


def test_merges_inside_merges_are_refused_at_once(tmp_path: Path) -> None:
    nested = "".join(f"x{at}: &x{at} {{<<: [{','.join([f'*x{at - 1}'] * 10)}]}}\n" for at in range(1, 12))
    path = written(tmp_path, f"scenario: leakage\nx0: &x0 {{a: 1}}\n{nested}")

    with pytest.raises(LabError, match=r"line 3: is not YAML: '\*x0' stands for something else"):
        read_sheet(path)


def test_a_number_of_many_parts_is_not_worked_out(tmp_path: Path) -> None:
    path = written(tmp_path, "scenario: leakage\nversion: 1" + ":59" * 200_000)

    with pytest.raises(LabError, match=r"line 2: a value cannot be read: 600,001 characters"):
        read_sheet(path)


def test_a_sheet_that_cannot_be_opened_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read: Is a directory"):
        read_sheet(tmp_path)


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
