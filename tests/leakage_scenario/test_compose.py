"""What is planted together: every draw can be composed, and nothing planted touches what another thing planted uses."""

import numpy as np
import pytest

from pipelines.leaks.catalogue import LEAKS
from pipelines.leaks.leak import ColumnLeak, ServingSkew
from scenarios.base import Level
from scenarios.leakage.codes import CODES, codes_of, nearly
from scenarios.leakage.compose import (
    FAINT,
    LOUD,
    NAMESAKES,
    QUIET,
    RECIPES,
    healthy_composition,
    planted_composition,
)


@pytest.mark.parametrize("level", list(Level))
def test_every_draw_can_be_composed(level: Level) -> None:
    for seed in range(300):
        made = planted_composition(level, np.random.default_rng(seed))

        assert len(made.columns) + len(made.skews) == len(RECIPES[level])


@pytest.mark.parametrize("level", list(Level))
def test_no_two_planted_things_touch_the_same_honest_column(level: Level) -> None:
    for seed in range(100):
        made = planted_composition(level, np.random.default_rng(seed))
        touched = [p.leak.twin for p in made.columns if isinstance(p.leak, ColumnLeak) and p.leak.twin]
        touched += [name for p in made.skews if isinstance(p.leak, ServingSkew) for name in p.leak.columns]

        assert len(touched) == len(set(touched))


@pytest.mark.parametrize("level", list(Level))
def test_column_names_are_unique_and_the_skewed_ones_are_there(level: Level) -> None:
    for seed in range(100):
        made = planted_composition(level, np.random.default_rng(seed))
        names = [definition.name for definition in made.written()]

        assert len(names) == len(set(names))
        assert {n for p in made.skews if isinstance(p.leak, ServingSkew) for n in p.leak.columns} <= set(names)


@pytest.mark.parametrize("level", list(Level))
def test_a_control_shows_what_a_planted_case_shows_and_nothing_is_planted_in_it(level: Level) -> None:
    for seed in range(50):
        planted = planted_composition(level, np.random.default_rng(seed))
        made = healthy_composition(level, np.random.default_rng(seed))

        assert (made.columns, made.skews) == ((), ())
        assert made.decoys == planted.decoys
        assert [d.name for d in made.written()] == [d.name for d in planted.written()]
        assert all(one in made.written() for one in planted.rebuilt())


@pytest.mark.parametrize("level", list(Level))
def test_a_leaks_name_does_not_tell_a_leak(level: Level) -> None:
    for seed in range(50):
        made = planted_composition(level, np.random.default_rng(seed))
        names = {name: leak for leak in LEAKS for name in leak.names}
        honest = [d for d in made.honest if d.name in names]

        assert len(honest) == NAMESAKES
        for d in honest:
            leak = names[d.name]
            assert isinstance(leak, ColumnLeak)
            assert d == leak.honest(d.name)


def test_every_leak_that_can_be_drawn_has_words_of_the_brief() -> None:
    names = {leak.name for leak in LEAKS}

    assert names >= LOUD | QUIET | FAINT
    assert all(set(codes_of(leak)) | set(nearly(leak)) <= set(CODES) for leak in LEAKS)


def test_a_leak_that_gives_all_away_alone_has_one_right_word_and_no_two_have_the_same() -> None:
    words = [codes_of(leak) for leak in LEAKS if leak.tier == "blatant" and isinstance(leak, ColumnLeak)]

    assert all(len(found) == 1 for found in words)
    assert len(set(words)) == len(words)


def test_no_word_fits_a_leak_both_wholly_and_in_part() -> None:
    assert not any(set(codes_of(leak)) & set(nearly(leak)) for leak in LEAKS)
