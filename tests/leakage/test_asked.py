import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.leakage.asked import checked
from monitoring.leakage.limits import cannot_prove
from monitoring.leakage.vocabulary import Question


def table(rows: int = 60) -> pd.DataFrame:
    return pd.DataFrame({"churned": np.arange(rows) % 2, "amount": np.arange(rows) * 1.0, "month": ["2025-01"] * rows})


def test_a_good_question_passes_with_numbered_rows_and_unique_names() -> None:
    given = table()
    given.columns = ["churned", "x", "x"]
    given.index = given.index + 1000

    asked = checked(Question(table=given, target="churned"))

    assert list(asked.table.columns) == ["churned", "x", "x (2)"]
    assert list(asked.table.index[:2]) == [0, 1]
    assert list(given.columns) == ["churned", "x", "x"]


def test_a_missing_column_is_named_with_its_nearest() -> None:
    with pytest.raises(MonitorError, match=r"no column 'churn' \(given as the target\); did you mean churned\?"):
        checked(Question(table=table(), target="churn"))
    with pytest.raises(MonitorError, match=r"'zzz' \(given as the entity\); it has churned, amount, month"):
        checked(Question(table=table(), target="churned", entity="zzz"))


def test_a_target_of_other_values_is_refused_with_what_was_found() -> None:
    with pytest.raises(MonitorError, match=r"must be 1 or 0 .* holds 'no', 'yes'"):
        checked(Question(table=table().assign(churned=["yes", "no"] * 30), target="churned"))


@pytest.mark.parametrize("values", [[True, False], ["1", "0"], [1.0, 0.0]])
def test_a_target_of_ones_and_zeros_may_come_in_any_type(values: list[object]) -> None:
    assert checked(Question(table=table().assign(churned=values * 30), target="churned"))


def test_one_class_too_few_rows_no_features_and_no_times_are_refused() -> None:
    with pytest.raises(MonitorError, match="always 1"):
        checked(Question(table=table().assign(churned=1), target="churned"))
    with pytest.raises(MonitorError, match="40 rows with a known target; at least 50"):
        checked(Question(table=table(40), target="churned"))
    with pytest.raises(MonitorError, match="no feature columns"):
        checked(Question(table=table()[["churned", "month"]], target="churned", time="month"))
    with pytest.raises(MonitorError, match="can be read as a time in 0 of 60 rows"):
        checked(Question(table=table().assign(month="soon"), target="churned", time="month"))


def test_few_rows_of_one_class_are_said_to_show_little() -> None:
    few = table().assign(churned=[1.0] * 3 + [0.0] * 57)

    assert "Only 3 rows with the outcome" in cannot_prove(Question(table=few, target="churned"))[0]
    assert "Only" not in " ".join(cannot_prove(Question(table=table(120), target="churned")))
