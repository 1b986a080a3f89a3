from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.leakage.events.rebuild import cleared, truncated
from monitoring.leakage.events.rebuild_truncated import CHECK, ORIGIN, REPEAT
from monitoring.leakage.vocabulary import Builder, Clue, ColumnVerdict, Mechanism, Question, Tables

HONEST = {"usage_30d", "usage_90d", "calls_60d", "last_survey", "tenure", "days_to_end", "region", "region_rate"}
MECHANISMS = {
    "calls_ahead": Mechanism.FUTURE_WINDOW,
    "usage_next_day": Mechanism.FUTURE_WINDOW,
    "usage_late": Mechanism.LATE_ROWS,
    "status": Mechanism.OVERWRITTEN,
    "survey_filled_back": Mechanism.FUTURE_WINDOW,
    "region_rate_all": Mechanism.TARGET_ENCODING,
    "touched_at": Mechanism.TIME_STAMP,
}


def accused(clues: list[Clue]) -> dict[str, Clue]:
    return {clue.column: clue for clue in clues if clue.verdict is ColumnVerdict.LEAK}


def test_every_leak_is_proved_with_its_mechanism_and_nothing_else(ask_builder: Callable[..., Question]) -> None:
    found = accused(truncated(ask_builder()))

    assert {name: clue.mechanism for name, clue in found.items()} == MECHANISMS
    assert all(clue.confidence == 1.0 for clue in found.values())


def test_honest_columns_are_cleared_also_a_strong_one_and_one_with_dates_ahead(
    ask_builder: Callable[..., Question],
) -> None:
    question = ask_builder()

    clues = truncated(question)

    assert {clue.column for clue in clues if clue.verdict is ColumnVerdict.OK} == HONEST
    assert cleared(question) == HONEST


def test_a_clue_names_table_share_and_an_example(ask_builder: Callable[..., Question]) -> None:
    clue = accused(truncated(ask_builder()))["calls_ahead"]

    assert "rows of calls that happened at or after the cutoff" in clue.says
    assert "leavers" in clue.says
    assert "becomes" in clue.says
    assert clue.value is not None
    assert 0.0 < clue.value < 0.5


def test_a_leak_in_few_cells_is_still_a_leak_and_said_to_matter_little(
    table: pd.DataFrame, know_all: Builder, ask_builder: Callable[..., Question]
) -> None:
    odd = table.loc[table["cutoff"] == "2024-08-01", "id"].iloc[0]

    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        made = know_all(tables, cutoff)
        late = (tables["usage"]["available_at"] >= cutoff).any()
        return made.assign(usage_90d=made["usage_90d"] + np.where((made.index == odd) & late, 1.0, 0.0))

    clue = accused(truncated(ask_builder(builder=build)))["usage_90d"]

    assert clue.value is not None
    assert clue.value < 0.005
    assert "hardly matters" in clue.says


def test_a_table_made_otherwise_is_said_to_be(table: pd.DataFrame, ask_builder: Callable[..., Question]) -> None:
    other = table.assign(tenure=table["tenure"] * 2.0)

    found = [clue for clue in truncated(ask_builder(table=other)) if clue.check == ORIGIN]

    assert [clue.column for clue in found] == ["tenure"]
    assert found[0].verdict is ColumnVerdict.SUSPECT
    assert found[0].value == 1.0


def test_a_table_read_from_text_still_counts_as_made_by_the_builder(
    table: pd.DataFrame, ask_builder: Callable[..., Question]
) -> None:
    texts = table.assign(
        usage_90d=table["usage_90d"].round(3).map("{:.3f}".format),
        tenure=table["tenure"].astype("float32"),
        id=table["id"].astype("str"),
        cutoff=table["cutoff"].dt.strftime("%Y-%m-%d"),
    )

    assert {c.column for c in truncated(ask_builder(table=texts)) if c.verdict is ColumnVerdict.OK} >= HONEST


def test_columns_and_rows_that_only_one_side_has_are_left_alone(
    know_all: Builder, table: pd.DataFrame, ask_builder: Callable[..., Question]
) -> None:
    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        return know_all(tables, cutoff).drop(columns="usage_30d").iloc[5:]

    found = truncated(ask_builder(builder=build, table=table.assign(by_hand=1.0)))

    assert set(accused(found)) == set(MECHANISMS)
    assert not {"usage_30d", "by_hand"} & {clue.column for clue in found}


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda tables, cutoff: 1 / 0, r"test_rebuild:.*failed on the event tables as given.*ZeroDivisionError"),
        (lambda tables, cutoff: [1, 2], "returned list; it must return a DataFrame"),
        (lambda tables, cutoff: pd.DataFrame({"x": [1, 2]}, index=[7, 7]), "entity 7 more than once"),
        (lambda tables, cutoff: pd.DataFrame({"x": [1, 2]}, index=["a", "b"]), "none of the .* entities"),
        (lambda tables, cutoff: pd.DataFrame({"x": []}), "makes none of the .* entities"),
    ],
)
def test_a_broken_builder_is_named(build: Callable[..., Any], says: str, ask_builder: Callable[..., Question]) -> None:
    with pytest.raises(MonitorError, match=says):
        truncated(ask_builder(builder=build))


def test_a_builder_that_cannot_do_without_later_rows_is_named(
    know_all: Builder, ask_builder: Callable[..., Question]
) -> None:
    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        if not (tables["usage"]["available_at"] >= cutoff).any():
            raise KeyError("future")
        return know_all(tables, cutoff)

    with pytest.raises(MonitorError, match="fails without the later rows"):
        truncated(ask_builder(builder=build))


def test_an_event_table_without_its_arrival_is_named(events: Tables, ask_builder: Callable[..., Question]) -> None:
    tables = {**events, "calls": events["calls"].drop(columns="available_at")}

    with pytest.raises(MonitorError, match="the event table calls has no column available_at"):
        truncated(ask_builder(events=tables))


def test_a_column_drawn_at_random_proves_nothing(know_all: Builder, ask_builder: Callable[..., Question]) -> None:
    rng = np.random.default_rng(1)

    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        made = know_all(tables, cutoff)
        return made.assign(tenure=rng.random(len(made)))

    found = [clue for clue in truncated(ask_builder(builder=build)) if clue.column == "tenure"]

    assert [clue.check for clue in found] == [REPEAT]
    assert "same input" in found[0].says


def test_a_builder_cannot_spoil_the_caller_s_tables(
    events: Tables, know_all: Builder, ask_builder: Callable[..., Question]
) -> None:
    def build(tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        made = know_all(tables, cutoff)
        tables["usage"]["event_at"] = pd.NaT
        return made

    before = events["usage"].copy()
    truncated(ask_builder(builder=build))

    pd.testing.assert_frame_equal(events["usage"], before)


def test_without_builder_time_or_entity_nothing_is_said(
    ask: Callable[..., Question], ask_builder: Callable[..., Question]
) -> None:
    assert truncated(ask()) == []
    assert truncated(ask_builder(time=None)) == []
    assert truncated(ask_builder(entity=None)) == []


def test_the_order_of_rows_changes_no_verdict(table: pd.DataFrame, ask_builder: Callable[..., Question]) -> None:
    shuffled = table.sample(frac=1.0, random_state=1)

    def verdicts(clues: list[Clue]) -> set[tuple[str, ...]]:
        return {(clue.column, clue.check, clue.mechanism, f"{clue.value:.9f}") for clue in clues}

    assert verdicts(truncated(ask_builder(table=shuffled))) == verdicts(truncated(ask_builder()))


def test_proof_is_named_as_such(ask_builder: Callable[..., Question]) -> None:
    assert {clue.check for clue in accused(truncated(ask_builder())).values()} == {CHECK}
