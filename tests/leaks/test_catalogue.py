"""The bank as a whole: enough of each family, names that tell nothing, and errors that help."""

import pytest

from pipelines.errors import LabError
from pipelines.leaks.catalogue import LEAKS, leak, planted
from pipelines.leaks.honest import DECOYS, HONEST
from pipelines.leaks.leak import ColumnLeak, Family, ServingSkew

GIVEAWAYS = (
    "leak", "future", "target", "label", "churn", "cancel", "clos", "terminat", "leav", "left", "exit", "gone",
    "end_date", "after", "next", "ahead", "outcome", "extract", "overwritten", "status", "quit", "lost",
)  # fmt: skip
"""Parts of names that would give a leak away."""

HONEST_WORDS = ("contract_days_left", "discount_days_left", "term_days_left")
"""Names in which `left` means: remaining."""


@pytest.mark.parametrize(("family", "least"), [("target", 5), ("future", 7), ("contamination", 4), ("skew", 9)])
def test_every_family_is_well_stocked(family: str, least: int) -> None:
    assert sum(each.family == Family(family) for each in LEAKS) >= least


def test_names_are_unique_and_no_public_name_is_an_honest_one() -> None:
    public = [name for each in LEAKS for name in each.names]
    honest = {each.name for each in HONEST} | {decoy.definition.name for decoy in DECOYS}

    assert len({each.name for each in LEAKS}) == len(LEAKS)
    assert len(set(public)) == len(public)
    assert not honest & set(public)


@pytest.mark.parametrize("each", [each for each in LEAKS if isinstance(each, ColumnLeak)], ids=lambda each: each.name)
def test_a_column_has_several_names_and_none_gives_it_away(each: ColumnLeak) -> None:
    told = [name for name in each.names if name not in HONEST_WORDS and any(part in name for part in GIVEAWAYS)]

    assert len(each.names) >= 3
    assert not told


def test_twins_and_damaged_columns_are_honest_features() -> None:
    honest = {each.name for each in HONEST}

    assert {each.twin for each in LEAKS if each.twin is not None} <= honest
    assert {name for each in LEAKS if isinstance(each, ServingSkew) for name in each.columns} <= honest


def test_every_tier_is_there_and_few_are_blatant() -> None:
    tiers = [each.tier for each in LEAKS if isinstance(each, ColumnLeak)]

    assert 1 <= tiers.count("blatant") <= 3
    assert tiers.count("subtle") >= 3


@pytest.mark.parametrize("each", LEAKS, ids=lambda each: each.name)
def test_a_leak_says_what_went_wrong_in_a_sentence(each: ColumnLeak) -> None:
    assert each.title.endswith(".")
    assert 0.0 < each.dose <= each.most
    assert each.unit


def test_an_unknown_leak_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(LabError, match=r"no leak 'usage_thru'\. Did you mean 'usage_through'"):
        leak("usage_thru")


def test_a_planted_leak_takes_the_usual_dose_and_a_public_name() -> None:
    found = planted("usage_through")

    assert found.dose == found.leak.dose
    assert found.name == found.leak.names[0]
    assert planted("timeouts").name == ""
