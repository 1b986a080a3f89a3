"""Sound practice finds what is quiet, and keeps still where nothing is wrong."""

from pathlib import Path

import pytest

from scenarios.base import Case
from scenarios.features.answers.dictionary import wrong_lines
from scenarios.features.answers.labels import booking_faults, lives, to_review
from scenarios.features.answers.material import Material
from scenarios.features.answers.strong import strong
from scenarios.features.answers.tables import faults
from scenarios.features.exam.found import found
from scenarios.features.exam.listed import listed
from scenarios.features.exam.truth import FeaturesTruth
from scenarios.kit.pack import write_public


def test_every_quiet_fault_is_found_with_its_mechanism_and_nothing_else_is_accused(
    senior: Case[FeaturesTruth], tmp_path: Path
) -> None:
    write_public(tmp_path, senior.public)

    answer = strong(tmp_path)

    said, rows = found(answer.sheet, senior.truth), listed(answer.tables, senior.truth)
    assert [one.name for one in senior.truth.planted if said.credit.get(one.name) != 1.0] == []
    assert said.wrong == ()
    assert rows.precision > 0.9
    assert rows.recall > 0.9


def test_nothing_is_accused_and_no_label_listed_where_all_is_well(sound: Case[FeaturesTruth], tmp_path: Path) -> None:
    write_public(tmp_path, sound.public)
    case = Material(tmp_path)
    alive = lives(case)

    assert (*faults(case), *wrong_lines(case), *booking_faults(case, alive)) == ()
    assert len(to_review(case, alive)) == pytest.approx(0, abs=3)
