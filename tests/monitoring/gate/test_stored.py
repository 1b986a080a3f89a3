from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from monitoring.gate.stored import stored_as

TOKYO, UTC = (pd.Timestamp("2025-01-01", tz=zone) for zone in ("Asia/Tokyo", "UTC"))


@pytest.mark.parametrize(
    ("cells", "family"),
    [
        (pd.Series(["a", None]), "text"),
        (pd.Series(["a", "b"], dtype="category"), "text"),
        (pd.Series([1, 2], dtype="Int64"), "numbers"),
        (pd.Series([1.5, None]), "numbers"),
        (pd.Series([Decimal(1), Decimal(2)]), "numbers"),
        (pd.Series([1 + 2j]), "complex numbers"),
        (pd.Series([True, None], dtype="boolean"), "true or false"),
        (pd.Series([b"a"]), "bytes"),
        (pd.Series([date(2025, 1, 1)]), "times"),
        (pd.Series([pd.Timestamp("2025-01-01")]), "times"),
        (pd.Series([UTC]), "times"),
        (pd.Series([UTC, TOKYO], dtype=object), "times in several zones"),
        (pd.Series([1, "a"], dtype=object), "a mixture of types"),
        (pd.Series([[1], [2]]), "a mixture of types"),
        (pd.Series([None, None]), None),
    ],
)
def test_the_family_of_the_cells_is_found(cells: pd.Series, family: str | None) -> None:
    assert stored_as(cells) == family
