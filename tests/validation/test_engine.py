"""The engine's steps, worked by hand on small tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from scenarios.validation import engine
from scenarios.validation.engine import Run, run_pipeline

DAYS = pd.date_range("2024-01-01", periods=4, freq="30D")


def table(customers: int = 60) -> pd.DataFrame:
    """Customers at four cutoffs; `x` is the customer's number, every fifth row churns."""
    rows = pd.DataFrame(
        {
            "customer_id": np.tile(np.arange(customers), len(DAYS)),
            "cutoff": np.repeat(DAYS, customers),
        }
    )
    rows.insert(0, "row_id", np.arange(len(rows)))
    rows["churned"] = (rows["row_id"] % 5 == 0).astype("int8")
    rows["x"] = rows["customer_id"].astype("float64")
    return rows


def run(steps: Sequence[Mapping[str, Any]], rows: pd.DataFrame | None = None) -> Run:
    first = {"do": "load", "file": "panel.parquet"}
    tables = {"panel.parquet": table() if rows is None else rows}
    return run_pipeline({"seed": 3, "steps": [first, *steps]}, tables)


def split(method: str, **more: object) -> Mapping[str, Any]:
    return {"do": "split", "method": method, **more}


def customers_of(done: Run, part: str) -> set[int]:
    return set(done.part(part)["customer_id"])


def test_before_the_split_every_part_is_all_rows() -> None:
    assert len(run([]).part("test")) == len(table())


def test_a_grouped_split_keeps_every_customer_on_one_side() -> None:
    done = run([split("grouped")])
    parts = [customers_of(done, one) for one in ("train", "valid", "test")]
    assert not parts[0] & parts[1]
    assert not parts[1] & parts[2]
    assert not parts[0] & parts[2]
    assert sum(map(len, parts)) == 60


def test_a_random_split_puts_customers_on_both_sides() -> None:
    done = run([split("random")])
    assert customers_of(done, "train") & customers_of(done, "test")


def test_a_split_by_time_tests_on_the_newest_cutoff_and_leaves_a_gap() -> None:
    done = run([split("time", test=0.25, gap_days=31)])
    assert set(done.part("test")["cutoff"]) == {DAYS[3]}
    trained = pd.concat([done.part("train"), done.part("valid")])
    assert trained["cutoff"].max() == DAYS[1]


def test_without_a_gap_training_reaches_up_to_the_test() -> None:
    assert run([split("time", test=0.25, gap_days=0)]).part("train")["cutoff"].max() == DAYS[2]


def test_a_sample_keeps_all_rows_of_the_customers_drawn() -> None:
    rows = run([{"do": "sample", "customers": 7}]).rows
    assert rows.groupby("customer_id").size().tolist() == [4] * 7


def test_mature_drops_cutoffs_younger_than_the_days_asked_for() -> None:
    rows = run([{"do": "mature", "extract": str(DAYS[3].date()), "days": 59}]).rows
    assert set(rows["cutoff"]) == {DAYS[0], DAYS[1]}


def test_deduplicate_drops_rows_that_differ_in_their_number_only() -> None:
    rows = pd.concat([table(), table().assign(row_id=lambda one: one["row_id"] + 1000)], ignore_index=True)
    assert len(run([{"do": "deduplicate"}], rows).rows) == len(table())


def test_after_the_split_deduplicate_leaves_copies_in_different_parts() -> None:
    rows = pd.concat([table(), table().assign(row_id=lambda one: one["row_id"] + 1000)], ignore_index=True)
    left = run([split("random"), {"do": "deduplicate"}], rows).rows
    assert left.drop(columns=["row_id", "part"]).duplicated().any()


def test_pooling_takes_all_churners_and_the_newest_stayers() -> None:
    rows = run([{"do": "pool", "stayers": "newest"}]).rows
    assert rows["churned"].sum() == table()["churned"].sum()
    assert set(rows.loc[rows["churned"] == 0, "cutoff"]) == {DAYS[3]}


@pytest.mark.parametrize(("method", "ratio"), [("over", 0.5), ("under", 0.5)])
def test_balance_reaches_the_ratio_asked_for(method: str, ratio: float) -> None:
    churned = run([{"do": "balance", "method": method, "ratio": ratio}]).rows["churned"]
    assert churned.sum() / (churned == 0).sum() == pytest.approx(ratio, abs=0.02)


def test_after_the_split_balance_leaves_the_test_part_alone() -> None:
    before = run([split("grouped")]).part("test")
    after = run([split("grouped"), {"do": "balance", "method": "under", "ratio": 1.0}]).part("test")
    pd.testing.assert_frame_equal(before, after)


def test_fill_takes_the_median_of_the_training_part_once_the_split_is_done() -> None:
    rows = table().assign(x=lambda one: one["x"].where(one["row_id"] > 20))
    done = run([split("grouped"), {"do": "fill"}], rows)
    known = done.part("train").loc[done.part("train")["row_id"] > 20, "x"]
    assert done.rows.loc[done.rows["row_id"] == 0, "x"].item() == known.median()


def test_fill_before_the_split_takes_the_median_of_all_rows() -> None:
    rows = table().assign(x=lambda one: one["x"].where(one["row_id"] > 20))
    assert run([{"do": "fill"}], rows).rows["x"].iloc[0] == rows["x"].median()


def test_scale_gives_mean_0_and_deviation_1_and_works_on_new_rows() -> None:
    done = run([{"do": "scale"}])
    assert done.rows["x"].mean() == pytest.approx(0.0)
    assert done.rows["x"].std() == pytest.approx(1.0)
    pd.testing.assert_series_equal(done.learnt[0](table())["x"], done.rows["x"])


def test_encode_draws_a_rate_towards_the_overall_one() -> None:
    rows = table().assign(plan=lambda one: one["customer_id"] % 2)
    made = run([{"do": "encode", "column": "plan", "prior_rows": 10}], rows).rows
    odd = rows[rows["plan"] == 1]["churned"]
    expected = (odd.sum() + 10 * rows["churned"].mean()) / (len(odd) + 10)
    assert made.loc[made["plan"] == 1, "plan_churn_rate"].iloc[0] == pytest.approx(expected)


def test_encode_gives_a_code_it_never_saw_the_overall_rate() -> None:
    rows = table().assign(plan=lambda one: one["customer_id"] % 2)
    done = run([{"do": "encode", "column": "plan", "prior_rows": 10}], rows)
    new = done.learnt[0](rows.assign(plan=7))
    assert set(new["plan_churn_rate"]) == {rows["churned"].mean()}


def test_select_keeps_the_column_that_goes_with_churn() -> None:
    rows = table().assign(attr_1=lambda one: one["churned"] * 2, attr_2=lambda one: one["row_id"] % 3)
    done = run([{"do": "select", "prefix": "attr_", "best": 1}], rows)
    assert done.columns == ["x", "attr_1"]


def test_keep_in_the_test_part_leaves_training_alone() -> None:
    steps = [split("grouped"), {"do": "keep", "where": "x > 30", "part": "test"}]
    done = run(steps)
    assert done.part("test")["x"].min() > 30
    assert len(done.part("train")) == len(run(steps[:1]).part("train"))


def test_auc_agrees_with_scikit_learn_ties_included() -> None:
    draw = np.random.default_rng(0)
    churned, score = draw.random(500) < 0.1, draw.integers(0, 20, 500)
    assert engine.auc(churned, score) == pytest.approx(roc_auc_score(churned, score))


def test_profit_by_hand() -> None:
    assert engine.profit(np.array([1, 0, 0, 0]), np.array([0.9, 0.8, 0.1, 0.1]), 0.5) == (56.0 - 11.0) / 4 * 1000


def test_the_best_threshold_earns_as_much_as_any_other() -> None:
    draw = np.random.default_rng(0)
    churned, score = (draw.random(200) < 0.2).astype(int), draw.random(200)
    best = engine.profit(churned, score, engine.best_threshold(churned, score))
    assert best == max(engine.profit(churned, score, one) for one in score)


def test_the_best_slice_is_never_below_the_whole() -> None:
    rows = table(300).assign(x=lambda one: one["x"] + 50 * one["churned"] * (one["cutoff"] == DAYS[1]))
    steps = [split("grouped"), {"do": "train", "rounds": 5}]
    whole = run([*steps, {"do": "evaluate", "metrics": ["auc"]}], rows).claims["auc"]
    best = {"do": "evaluate", "metrics": ["auc"], "slices": "cutoff", "report": "best"}
    assert run([*steps, best], rows).claims["auc"] >= whole


def test_stopping_takes_the_round_with_the_best_score_on_its_part() -> None:
    rows = table(300).assign(x=lambda one: one["x"] + 40 * one["churned"])
    stop = {"do": "train", "rounds": 12, "rate": 0.5, "min_rows": 5, "stop_on": "test"}
    stopped = run([split("grouped"), stop], rows)
    test = stopped.part("test")
    reached = engine.auc(test["churned"], stopped.predict(test))
    every = [run([split("grouped"), {**stop, "rounds": one, "stop_on": None}], rows) for one in range(1, 13)]
    assert reached == pytest.approx(max(engine.auc(test["churned"], one.predict(test)) for one in every))


def test_tuning_ends_with_the_configuration_that_is_best_on_its_part() -> None:
    rows = table(300).assign(x=lambda one: one["x"] + 40 * one["churned"])
    done = run([split("grouped"), {"do": "tune", "tries": 4, "judge_on": "valid"}, {"do": "train"}], rows)
    valid = done.part("valid")
    view = engine.matrix(valid, done.columns)
    found = [engine.auc(valid["churned"], one.predict(view, num_threads=1)) for one in done.trained.values()]
    assert engine.auc(valid["churned"], done.predict(valid)) == max(found)


def test_accuracy_above_always_no_is_what_the_model_adds() -> None:
    rows = table(300)
    steps = [split("grouped"), {"do": "train", "rounds": 2}]
    both = {"do": "evaluate", "metrics": ["accuracy", "accuracy_above_always_no"]}
    done = run([*steps, both], rows)
    silent = (done.part("test")["churned"] == 0).mean()
    assert done.claims["accuracy_above_always_no"] == pytest.approx(done.claims["accuracy"] - silent)


def test_the_given_tables_stay_as_they_were() -> None:
    rows = table()
    run([split("random"), {"do": "scale"}, {"do": "balance", "method": "over", "ratio": 1.0}], rows)
    pd.testing.assert_frame_equal(rows, table())
