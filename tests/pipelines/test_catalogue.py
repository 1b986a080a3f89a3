from dataclasses import dataclass

import pytest

from pipelines.catalogue import by_name, did_you_mean
from pipelines.errors import LabError


@dataclass(frozen=True)
class Tool:
    """Something with a name."""

    name: str


TOOLS = (Tool("hammer"), Tool("saw"))


def test_a_thing_is_found_by_its_name() -> None:
    assert by_name(TOOLS, "saw", "tool") is TOOLS[1]


def test_an_unknown_name_is_refused_with_the_nearest_and_the_whole_list() -> None:
    with pytest.raises(LabError, match=r"There is no tool 'hamer'. Did you mean 'hammer'\? Tools: hammer, saw\."):
        by_name(TOOLS, "hamer", "tool")


def test_a_name_like_none_gets_no_suggestion() -> None:
    assert did_you_mean("zzz", ["hammer", "saw"]) == ""
