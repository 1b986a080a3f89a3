from collections.abc import Callable

import numpy as np
import pandas as pd

from monitoring.leakage.events.label_tables import label_tables
from monitoring.leakage.events.permute import permuted
from monitoring.leakage.vocabulary import Builder, Mechanism, Question, Tables


def test_only_the_rate_over_labels_to_come_is_accused(ask_builder: Callable[..., Question]) -> None:
    found = permuted(ask_builder())

    assert [clue.column for clue in found] == ["region_rate_all"]
    assert found[0].mechanism is Mechanism.TARGET_ENCODING
    assert found[0].confidence == 1.0


def test_the_table_that_holds_the_target_is_found_by_name_or_by_its_values(
    events: Tables, ask_builder: Callable[..., Question]
) -> None:
    renamed = {**events, "outcomes": events["outcomes"].rename(columns={"left": "gone_30d"})}
    shouted = {**events, "outcomes": events["outcomes"].rename(columns={"left": " LEFT "})}

    assert label_tables(ask_builder()) == {"outcomes": "left"}
    assert label_tables(ask_builder(events=shouted)) == {"outcomes": " LEFT "}
    assert label_tables(ask_builder(events=renamed)) == {"outcomes": "gone_30d"}


def test_a_flag_that_is_not_the_target_is_no_label(events: Tables, ask_builder: Callable[..., Question]) -> None:
    flag = np.arange(len(events["outcomes"])) % 2
    tables = {**events, "outcomes": events["outcomes"].drop(columns="left").assign(flag=flag)}

    assert label_tables(ask_builder(events=tables)) == {}
    assert permuted(ask_builder(events=tables)) == []


def test_a_column_that_is_random_anyway_is_not_accused(know_all: Builder, ask_builder: Callable[..., Question]) -> None:
    rng = np.random.default_rng(3)

    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        made = know_all(tables, cutoff)
        return made.assign(tenure=rng.random(len(made)))

    assert [clue.column for clue in permuted(ask_builder(builder=build))] == ["region_rate_all"]


def test_the_same_seed_gives_the_same_clues(ask_builder: Callable[..., Question]) -> None:
    assert permuted(ask_builder(), seed=5) == permuted(ask_builder(), seed=5)


def test_without_builder_nothing_is_said(ask: Callable[..., Question]) -> None:
    assert permuted(ask()) == []
