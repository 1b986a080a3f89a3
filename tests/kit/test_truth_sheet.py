from dataclasses import dataclass

import numpy as np

from scenarios.kit.grade.truth_sheet import truth_sheet


@dataclass(frozen=True)
class _Month:
    p: object


@dataclass(frozen=True)
class _Truth:
    level: str
    sealed: tuple[_Month, ...]
    planted: tuple[dict[str, str], ...]


def test_things_that_hold_nothing_but_arrays_are_left_out_of_the_sheet() -> None:
    truth = _Truth(level="mid", sealed=(_Month(np.zeros(3)),), planted=({"name": "swap"},))

    sheet = truth_sheet(truth)

    assert [one.name for one in sheet.tables] == ["planted"]
    assert sheet.facts == (("level", "mid"),)
