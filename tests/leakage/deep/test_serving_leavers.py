from collections.abc import Callable

import numpy as np
import pandas as pd

from monitoring.leakage.serving.leavers import leavers
from monitoring.leakage.vocabulary import ColumnVerdict, Mechanism, Question


def served_later(log: pd.DataFrame, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of the first cutoffs, and the log of the last ones with its labels: no row in common."""
    middle = table["cutoff"].sort_values().unique()[3]
    return table[table["cutoff"] < middle], log[log["cutoff"] >= middle]


def test_leavers_differ_and_stayers_do_not(log: pd.DataFrame, ask: Callable[..., Question]) -> None:
    found = {clue.column: clue for clue in leavers(ask(serving=log))}

    assert "status" in found
    assert found["status"].verdict is ColumnVerdict.LEAK
    assert found["status"].mechanism is Mechanism.LEAVERS_SHIFT
    assert found["status"].value is not None
    assert found["status"].value > 0.95
    assert not {"usage_30d", "calls_60d", "tenure", "region"} & set(found)


def test_rows_need_not_be_the_same_if_the_log_has_labels(
    log: pd.DataFrame, table: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    early, late = served_later(log, table)

    found = {clue.column: clue for clue in leavers(ask(table=early, serving=late))}

    assert "status" in found
    assert "of other rows" in found["status"].says
    assert found["status"].confidence < 0.8


def test_without_labels_of_served_rows_nothing_is_said(
    log: pd.DataFrame, table: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    early, late = served_later(log, table)

    assert leavers(ask(table=early, serving=late.drop(columns="left"))) == []


def test_a_change_of_everybody_is_no_leak(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    log = table.assign(usage_30d=table["usage_30d"] * 1.7 + np.arange(len(table)) % 3)

    assert leavers(ask(serving=log)) == []


def test_a_change_of_leavers_alone_is_found(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    more = table.assign(calls_60d=table["calls_60d"] + 2.0 * (table["left"] == 1.0))

    assert [clue.column for clue in leavers(ask(table=more, serving=table))] == ["calls_60d"]


def test_too_few_leavers_say_nothing(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    few = table[(table["left"] == 0.0) | (np.cumsum(table["left"] == 1.0) <= 20)]
    more = few.assign(calls_60d=few["calls_60d"] + 2.0 * (few["left"] == 1.0))

    assert leavers(ask(table=more, serving=few)) == []
