import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import LabError
from pipelines.parameters import parse_parameters, read_parameters
from pipelines.script import faults, levers

PARAMS = Path(__file__).parents[2] / "params.yaml"


@pytest.fixture
def given() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load(PARAMS.read_text(encoding="utf-8")))


def test_the_projects_own_parameters_are_good_and_name_known_levers_and_faults() -> None:
    parameters = read_parameters(PARAMS)

    assert len(levers(parameters)) == 3
    assert len(faults(parameters)) == 1


def test_an_unknown_key_is_refused_with_the_nearest_name(given: dict[str, Any]) -> None:
    given["world"]["custmers"] = 5

    with pytest.raises(LabError, match=r"unknown parameter 'world.custmers'\. Did you mean 'customers'\?"):
        parse_parameters(given)


def test_an_unknown_section_is_refused(given: dict[str, Any]) -> None:
    given["wrld"] = {}

    with pytest.raises(LabError, match="unknown parameter 'wrld'"):
        parse_parameters(given)


def test_a_negative_dose_is_refused(given: dict[str, Any]) -> None:
    given["drift"]["dose"] = -1

    with pytest.raises(LabError, match=r"drift.dose: .*greater than or equal to 0.*-1"):
        parse_parameters(given)


def test_a_dose_above_the_levers_most_is_refused(given: dict[str, Any]) -> None:
    given["drift"]["dose"] = 1000.0

    with pytest.raises(LabError, match="allowed is 0 to"):
        levers(parse_parameters(given))


def test_an_unknown_lever_is_refused_with_the_nearest_name(given: dict[str, Any]) -> None:
    given["drift"]["lever"] = "competitor_lunch"

    with pytest.raises(LabError, match="Did you mean 'competitor_launch'"):
        levers(parse_parameters(given))


def test_an_unknown_fault_is_refused(given: dict[str, Any]) -> None:
    given["drift"]["faults"][0]["fault"] = "unit_chnge"

    with pytest.raises(LabError, match="Did you mean 'unit_change'"):
        faults(parse_parameters(given))


def test_no_lever_at_all_is_a_control(given: dict[str, Any]) -> None:
    given["drift"] |= {"lever": "none", "also": [], "faults": []}

    assert levers(parse_parameters(given)) == ()


def test_a_start_outside_production_is_refused(given: dict[str, Any]) -> None:
    given["drift"]["start"] = 13

    with pytest.raises(LabError, match="1 to 12"):
        parse_parameters(given)


def test_too_short_a_history_is_refused_with_what_to_change(given: dict[str, Any]) -> None:
    given["champion"]["folds"] = 10

    with pytest.raises(LabError, match=r"Raise world\.history or lower champion\.folds"):
        parse_parameters(given)


def test_a_missing_key_is_named(given: dict[str, Any]) -> None:
    del given["world"]["seed"]

    with pytest.raises(LabError, match=r"parameter 'world\.seed' is missing"):
        parse_parameters(given)


def test_a_file_that_is_no_yaml_is_refused_with_its_name_and_the_line(tmp_path: Path) -> None:
    broken = tmp_path / "params.yaml"
    broken.write_text("drift:\n  also:\n    - {lever: price_rise\n    - {lever: slow_drift}\n", encoding="utf-8")

    with pytest.raises(LabError, match=r'is not YAML(?s:.*)in ".*params\.yaml", line 4'):
        read_parameters(broken)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="git checkout"):
        read_parameters(tmp_path / "params.yaml")


@pytest.mark.parametrize("content", [b"world: \xff\xfe", b"world: 2023-99-99", b"[" * 5000])
def test_a_file_that_no_person_wrote_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "params.yaml"
    broken.write_bytes(content)

    with pytest.raises(LabError, match=r"params\.yaml is not YAML that can be used"):
        read_parameters(broken)


def test_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read"):
        read_parameters(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("economics.clv", float("inf"), "finite"),
        ("economics.clv", 1.0, "Raise clv or lower offer_cost"),
        ("drift.faults", [{"fault": "unit_change", "start": 10, "until": 3}], "until = 3 lies before start = 10"),
        ("drift.faults", [{"fault": "unit_change", "start": 10, "until": 99}], "given 99"),
    ],
)
def test_a_value_that_would_fail_later_is_refused_at_once(
    given: dict[str, Any], name: str, value: object, says: str
) -> None:
    section, key = name.split(".")
    given[section][key] = value

    with pytest.raises(LabError, match=says):
        parse_parameters(given)
