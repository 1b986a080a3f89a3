"""Label rows that are looked up, and what features are worth, on tables small enough to check by eye."""

import numpy as np
import pandas as pd
import pytest

from pipelines.world.faults.test_accounts import FIRST_ID
from scenarios.features.exam import listed as module
from scenarios.features.exam.learner import fit
from scenarios.features.exam.lift import peeking, reviewed, share_closed
from scenarios.features.exam.listed import TABLE, Listed, listed
from scenarios.features.exam.truth import FeaturesTruth


def rows(*pairs: tuple[object, object]) -> pd.DataFrame:
    return pd.DataFrame(list(pairs), columns=["customer_id", "cutoff"])


def looked_up(table: pd.DataFrame, truth: FeaturesTruth) -> Listed:
    return listed({TABLE: table}, truth)


def test_precision_and_recall_of_a_list(toy: FeaturesTruth) -> None:
    found = looked_up(rows((1, "2024-01-01"), (2, "2024-01-01"), (3, "2024-02-01")), toy)

    assert (found.count, found.right, found.wrong) == (3, 2, 3)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)


def test_rows_that_are_repeated_unreadable_or_unknown_count_for_nothing(toy: FeaturesTruth) -> None:
    junk = rows((1, "2024-01-01"), ("1", "2024-01-01T00:00:00Z"), (1, "once"), (None, None), (9, "2024-01-01"))
    large = rows((1e300, "2024-01-01"), (-5, "2024-01-01"), (np.inf, "2024-02-01"))

    assert looked_up(pd.concat([junk, large]), toy).count == 1


def test_a_table_without_the_columns_is_said_so(toy: FeaturesTruth) -> None:
    assert "no columns" in looked_up(pd.DataFrame({"id": [1]}), toy).note


def test_only_so_many_rows_are_looked_up(toy: FeaturesTruth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REVIEWS", 1)

    found = looked_up(rows((2, "2024-01-01"), (1, "2024-01-01")), toy)

    assert (found.count, found.right) == (1, 0)
    assert "only the first" in found.note


def test_test_accounts_on_the_list_neither_help_nor_harm(toy: FeaturesTruth) -> None:
    assert looked_up(rows((FIRST_ID + 1, "2024-01-01")), toy).count == 0


def test_a_review_sets_labels_right_and_takes_out_who_had_left(toy: FeaturesTruth) -> None:
    found = looked_up(rows((1, "2024-01-01"), (4, "2024-02-01")), toy)

    after = reviewed(toy, found.rows).set_index("customer_id")["churned"]

    assert after.to_dict() == {1: 0.0, 2: 0.0, 3: 0.0}


def test_headroom_goes_from_the_baseline_to_the_best_possible(toy: FeaturesTruth) -> None:
    assert share_closed(0.6, toy) == 0.0
    assert share_closed(0.7, toy) == pytest.approx(0.5)
    assert share_closed(0.55, toy) < 0.0


def built(extract: list[object], live: list[object]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"session": name, "cutoff": pd.Timestamp("2024-02-01"), "customer_id": range(len(values))}).assign(
            x=values
        )
        for name, values in (("extract", extract), ("live", live))
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("extract", "live", "share"),
    [
        ([1.0, np.nan, 3.0], [1.0 + 1e-12, np.nan, 3.0], 0.0),
        ([1.0, 2.0, 3.0], [1.0, 2.5, 3.0], 1 / 3),
        ([1.0, np.nan, 3.0], [1.0, 0.0, 3.0], 1 / 3),
        (["a", None], ["a", None], 0.0),
        (["a", "b"], ["a", "c"], 0.5),
        ([1.0, 2.0, 3.0], [1.0, 2.0], 1 / 3),
    ],
)
def test_a_cell_that_changes_when_the_tables_are_cut_is_found(
    toy: FeaturesTruth, extract: list[object], live: list[object], share: float
) -> None:
    assert peeking(built(extract, live), toy).get("x", 0.0) == pytest.approx(share)


def test_the_learner_gives_the_same_scores_twice_and_takes_words_and_gaps() -> None:
    rng = np.random.Generator(np.random.Philox(1))
    table = pd.DataFrame({"a": rng.normal(size=800), "word": rng.choice(["x", "y"], 800), "gap": np.nan})
    churned = (table["a"] + (table["word"] == "x") > 1.0).to_numpy(np.float64)

    one, other = fit(table, churned).score(table), fit(table, churned).score(table)
    unknown = fit(table, churned).score(table.assign(word="never seen"))

    assert np.array_equal(one, other)
    assert one[churned == 1.0].mean() > one[churned == 0.0].mean() + 0.3
    assert np.isfinite(unknown).all()
