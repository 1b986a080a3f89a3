from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.leakage.serving.age import age
from monitoring.leakage.serving.findings import serving_findings
from monitoring.leakage.serving.keyed import keyed
from monitoring.leakage.serving.leavers import leavers
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

HONEST = ["usage_30d", "usage_90d", "calls_60d", "last_survey", "tenure", "days_to_end", "region", "region_rate"]
KNEW = {"calls_ahead", "status", "survey_filled_back", "touched_at"}

Log = Callable[[pd.DataFrame], pd.DataFrame]


def accused(clues: list[Clue]) -> set[str]:
    return {clue.column for clue in clues if clue.verdict in (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)}


def before(table: pd.DataFrame, column: str) -> pd.Series:
    """The column's value at the entity's cutoff before, its own where there is none."""
    ordered = table.sort_values(["id", "cutoff"])
    return ordered.groupby("id")[column].shift().reindex(table.index).fillna(table[column])


def one_of(table: pd.DataFrame, share: float, seed: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).random(len(table)) < share


def batch_codes(table: pd.DataFrame) -> pd.Series:
    def coded(levels: pd.Series) -> pd.Series:
        return levels.map({level: f"k{code}" for code, level in enumerate(levels.value_counts().index)})

    return table.groupby("cutoff")["region"].transform(coded)


SKEWS: dict[str, tuple[str, Log]] = {
    "unit": ("usage_90d", lambda t: t.assign(usage_90d=t["usage_90d"] * 100.0)),
    "doubled": ("usage_90d", lambda t: t.assign(usage_90d=t["usage_90d"].mask(one_of(t, 0.3), t["usage_90d"] * 2))),
    "default": ("last_survey", lambda t: t.assign(last_survey=t["last_survey"].fillna(0.0))),
    "default at random": ("usage_90d", lambda t: t.assign(usage_90d=t["usage_90d"].mask(one_of(t, 0.2), 0.0))),
    "missing": ("usage_90d", lambda t: t.assign(usage_90d=t["usage_90d"].mask(one_of(t, 0.35)))),
    "stale": ("usage_90d", lambda t: t.assign(usage_90d=before(t, "usage_90d"))),
    "frozen": ("tenure", lambda t: t.assign(tenure=t.groupby("id")["tenure"].transform("min"))),
    "swapped": ("usage_30d", lambda t: t.rename(columns={"usage_30d": "calls_60d", "calls_60d": "usage_30d"})),
    "text case": ("region", lambda t: t.assign(region=t["region"].str.upper())),
    "recoded": ("region", lambda t: t.assign(region=batch_codes(t))),
    "shifted": ("days_to_end", lambda t: t.assign(days_to_end=t["days_to_end"] - 1.0)),
    "cut to whole numbers": ("usage_90d", lambda t: t.assign(usage_90d=np.floor(t["usage_90d"]))),
}


@pytest.mark.parametrize("kind", SKEWS)
def test_each_kind_of_skew_is_named_and_no_leak(kind: str, table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    column, spoil = SKEWS[kind]
    honest = table[["id", "cutoff", "left", *HONEST]]
    question = ask(table=honest, serving=spoil(honest.drop(columns="left")))

    found = {one.name: one for one in serving_findings(question).skewed}

    assert kind.removesuffix(" at random") in found[column].says
    assert set(found) == ({column, "calls_60d"} if kind == "swapped" else {column})
    assert not accused(keyed(question))
    assert not accused(leavers(question))


def test_what_the_table_knew_more_than_the_log_leaks_and_what_is_equal_is_cleared(
    log: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    clues = keyed(ask(serving=log))

    assert accused(clues) >= KNEW
    assert {clue.column for clue in clues if clue.verdict is ColumnVerdict.OK} == set(HONEST)
    leaks = {clue.column for clue in clues if clue.verdict is ColumnVerdict.LEAK}
    assert not {one.name for one in serving_findings(ask(serving=log)).skewed} & leaks


def test_a_value_erased_for_leavers_is_called_missing(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    erased = table.assign(region=table["region"].mask((table["left"] == 1.0) & one_of(table, 0.4)))

    found = {clue.column: clue for clue in keyed(ask(table=erased, serving=table)) if clue.column == "region"}

    assert found["region"].verdict is ColumnVerdict.LEAK
    assert found["region"].mechanism is Mechanism.MISSINGNESS


def test_a_column_filled_in_after_the_outcome_and_logged_as_zero_leaks(
    table: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    fee = table.assign(fee=np.where((table["left"] == 1.0) & one_of(table, 0.8), 35.0, 0.0))

    clues = keyed(ask(table=fee, serving=table.assign(fee=0.0)))

    assert {clue.column: clue.verdict for clue in clues}["fee"] is ColumnVerdict.LEAK


def test_a_flag_that_is_dead_in_the_log_is_at_most_suspect(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    flag = table.assign(flag=(one_of(table, 0.3) | ((table["left"] == 1.0) & one_of(table, 0.1, 5))).astype(float))

    clues = keyed(ask(table=flag, serving=table.assign(flag=0.0)))

    assert {clue.column: clue.verdict for clue in clues}.get("flag") is not ColumnVerdict.LEAK


def test_a_few_late_corrections_say_nothing(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    corrected = table.assign(usage_30d=table["usage_30d"] + one_of(table, 0.004))
    question = ask(table=corrected, serving=table)

    assert not accused(keyed(question))
    assert "usage_30d" not in {one.name for one in serving_findings(question).skewed}


def test_differences_by_chance_say_nothing(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    rng = np.random.default_rng(6)
    noisy = table.assign(**{name: table[name] + rng.normal(0, 3, len(table)) for name in ("usage_30d", "usage_90d")})

    assert not accused(keyed(ask(table=noisy, serving=table)))


def test_float_noise_rounding_and_other_types_are_no_difference(
    table: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    log = table.assign(
        usage_90d=table["usage_90d"].astype("float32"),
        tenure=table["tenure"].round(1),
        usage_30d=table["usage_30d"].astype(int).astype("str"),
        id=table["id"].astype("str"),
        touched_at=table["touched_at"].astype("str"),
        cutoff=table["cutoff"].dt.strftime("%Y-%m-%d"),
    )

    assert serving_findings(ask(serving=log)).skewed == ()


def test_identical_tables_give_no_clue(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    question = ask(serving=table)

    assert keyed(question) == leavers(question) == age(question) == []
    assert serving_findings(question).skewed == ()


def test_a_log_of_some_other_day_of_the_month_still_matches(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    late = table.assign(cutoff=table["cutoff"] + pd.Timedelta(days=2))

    found = serving_findings(ask(serving=late))

    assert found.compared == len(table)
    assert "the same month" in found.says[0]


def test_labels_of_the_log_serve_where_the_table_has_none(log: pd.DataFrame, ask: Callable[..., Question]) -> None:
    unlabelled = ask().table.assign(left=np.nan)

    assert accused(keyed(ask(table=unlabelled, serving=log))) >= KNEW


def test_stale_and_frozen_columns_have_an_age(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    for kind in ("stale", "frozen"):
        column, spoil = SKEWS[kind]
        clues = age(ask(serving=spoil(table)))

        assert [clue.column for clue in clues] == [column]
        assert clues[0].verdict is ColumnVerdict.OK
        assert kind in clues[0].says


def test_a_rare_event_missed_in_the_log_has_no_age(log: pd.DataFrame, ask: Callable[..., Question]) -> None:
    assert age(ask(serving=log)) == []


def test_without_common_rows_distributions_are_compared_and_said_to_be(
    table: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    others = table.assign(id=-table["id"], usage_90d=table["usage_90d"] * 3.0)

    found = serving_findings(ask(serving=others))

    assert found.compared == 0
    assert "distributions of the same periods" in found.says[0]
    assert [one.name for one in found.skewed] == ["usage_90d"]
    assert "a real change would look the same" in found.skewed[0].says


def test_columns_that_the_log_lacks_are_named(table: pd.DataFrame, ask: Callable[..., Question]) -> None:
    found = serving_findings(ask(serving=table.drop(columns=["tenure", "region"])))

    assert "not in the scoring log: tenure, region" in found.says


def test_without_a_log_there_is_nothing_to_say(ask: Callable[..., Question]) -> None:
    assert keyed(ask()) == leavers(ask()) == age(ask()) == []
    assert serving_findings(ask()).compared == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(
    seed: int, table: pd.DataFrame, log: pd.DataFrame, ask: Callable[..., Question]
) -> None:
    columns = ["id", "cutoff", "left", "calls_ahead", "status", "usage_30d"]
    mixed = ask(
        table=table[columns].sample(frac=1.0, random_state=seed),
        serving=log[columns].sample(frac=1.0, random_state=seed // 2),
    )
    straight = ask(table=table[columns], serving=log[columns])

    assert keyed(mixed) == keyed(straight)
    assert serving_findings(mixed) == serving_findings(straight)
