from collections.abc import Callable

import numpy as np
import pandas as pd

from monitoring.leakage.events.rebuild import as_of, remade, truncated
from monitoring.leakage.vocabulary import ColumnVerdict, Question

HONEST = {"usage_30d", "usage_90d", "calls_60d", "last_survey", "tenure", "days_to_end", "region", "region_rate"}
LEAKS = {"calls_ahead", "usage_next_day", "usage_late", "survey_filled_back", "region_rate_all"}


def test_the_log_sides_with_the_rebuild_against_the_table(
    log: pd.DataFrame, ask_builder: Callable[..., Question]
) -> None:
    found = {clue.column: clue for clue in as_of(ask_builder(serving=log))}

    assert not HONEST & set(found)
    assert {name for name in LEAKS if found[name].verdict is ColumnVerdict.LEAK} == LEAKS
    assert "the log agrees with the rebuild" in found["calls_ahead"].says


def test_without_a_log_the_label_decides(ask_builder: Callable[..., Question]) -> None:
    found = {clue.column: clue for clue in as_of(ask_builder())}

    assert not HONEST & set(found)
    assert found["calls_ahead"].verdict is ColumnVerdict.LEAK
    assert "goes along with the label" in found["calls_ahead"].says


def test_a_leak_that_came_in_after_the_builder_is_found(
    table: pd.DataFrame, log: pd.DataFrame, ask_builder: Callable[..., Question]
) -> None:
    merged = table.assign(calls_60d=table["calls_60d"] + 3.0 * (table["left"] == 1.0))

    for parts in ({}, {"serving": log}):
        found = {clue.column: clue for clue in as_of(ask_builder(table=merged, **parts))}
        assert found["calls_60d"].verdict is ColumnVerdict.LEAK


def test_a_table_made_otherwise_is_no_leak_if_that_says_nothing_of_the_label(
    table: pd.DataFrame, ask_builder: Callable[..., Question]
) -> None:
    other = table.assign(tenure=table["tenure"] + np.random.default_rng(2).normal(0.0, 5.0, len(table)))

    found = {clue.column: clue for clue in as_of(ask_builder(table=other))}

    assert found["tenure"].verdict is ColumnVerdict.SUSPECT
    assert "made otherwise" in found["tenure"].says


def test_a_skewed_log_does_not_accuse_an_honest_table(log: pd.DataFrame, ask_builder: Callable[..., Question]) -> None:
    found = {clue.column for clue in as_of(ask_builder(serving=log.assign(usage_30d=0.0)))}

    assert "usage_30d" not in found


def test_both_checks_can_share_their_builds(ask_builder: Callable[..., Question]) -> None:
    question = ask_builder()

    assert remade(question) == [*truncated(question), *as_of(question)]


def test_without_builder_nothing_is_said(ask: Callable[..., Question]) -> None:
    assert as_of(ask()) == remade(ask()) == []
