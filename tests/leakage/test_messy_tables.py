"""Tables as people have them: nothing may make the audit fall over."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.leakage.audit import audit
from monitoring.leakage.tidy import tidy_column
from monitoring.leakage.vocabulary import ColumnVerdict, Question


def messy(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    churned = rng.random(rows) < 0.3
    table = pd.DataFrame(
        {
            "empty": [None] * rows,
            "nothing": np.nan,
            "constant": "same",
            "mixed": [1, "two", 3.5, None] * (rows // 4),
            "infinite": np.where(rng.random(rows) < 0.1, np.inf, rng.normal(size=rows)),
            "lists": [[1, 2], [], None, "x"] * (rows // 4),
            "decimals": [Decimal("1.5"), Decimal(2)] * (rows // 2),
            "zoned": pd.date_range("2024-01-01", periods=rows, tz="Europe/Berlin"),
            "spans": pd.to_timedelta(rng.integers(0, 99, rows), unit="D"),
            "months": pd.PeriodIndex(["2024-01", "2024-02"] * (rows // 2), freq="M"),
            "kinds": pd.Categorical(rng.choice(["a", "b"], rows)),
            "flags": pd.array(rng.choice([True, False], rows), dtype="boolean"),
            "whole": pd.array(rng.integers(0, 9, rows), dtype="Int64"),
            "numbers as text": rng.integers(0, 9, rows).astype(str),
            "dates as text": pd.Series(pd.date_range("2024-01-01", periods=rows)).dt.strftime("%d/%m/%Y"),
            "complex": rng.normal(size=rows) + 1j,
            "bytes": [b"a", b"b"] * (rows // 2),
            7: rng.normal(size=rows),
            "when": pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 5, rows) * 30, unit="D"),
            "churned": churned.astype(float),
        }
    )
    table.loc[:4, "churned"] = np.nan
    table.insert(3, "kinds", "again", allow_duplicates=True)
    return table


def test_a_messy_table_is_audited_column_by_column() -> None:
    found = audit(Question(table=messy(), target="churned", time="when", split="months"), seed=1)

    verdicts = {one.name: one.verdict for one in found.columns}
    assert len(found.columns) == 21
    assert verdicts["empty"] is verdicts["nothing"] is verdicts["constant"] is ColumnVerdict.IGNORED
    assert verdicts["kinds (2)"] is ColumnVerdict.OK
    assert found.labels.unknown == 5
    assert found.leaks == ()


def test_a_table_of_constants_only_is_refused_rather_than_called_clean() -> None:
    table = pd.DataFrame({"a": 1, "b": [None] * 80, "left": [0, 1] * 40})

    with pytest.raises(MonitorError, match=r"no column can be judged: 'a' \(the same .*\), 'b' \(empty\)"):
        audit(Question(table=table, target="left"), seed=1)


def test_positives_so_few_that_nothing_can_be_judged_are_no_error() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.normal(size=300), "left": [1, 1] + [0] * 298})

    assert audit(Question(table=table, target="left"), seed=1).clean


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", " 2 ", "NULL", None], "float64"),
        (["True", "False", "True", "True"], "float64"),
        (["2024-01-31", "2024-02-01", "", "2024-03-01"], "datetime64"),
        (["a", "1", "2", "3"], "str"),
    ],
)
def test_text_is_read_as_what_it_says(cells: list[object], kind: str) -> None:
    assert str(tidy_column(pd.Series(cells, dtype=object)).dtype).startswith(kind)
