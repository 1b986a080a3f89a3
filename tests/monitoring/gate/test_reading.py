import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.columns import Kind
from monitoring.gate.profile import MIN_SLICE_ROWS, hour_shares, slice_levels, slice_nulls, waits
from monitoring.gate.reading import ReadColumn, ReadTable

SEEDS = st.integers(0, 200)


def delivery(seed: int, rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    event = pd.Timestamp("1969-12-30") + pd.to_timedelta(rng.integers(0, 5 * 86_400, rows), unit="s")
    waited = pd.Series(pd.to_timedelta(rng.integers(0, 90_000, rows), unit="s")).mask(rng.random(rows) < 0.2)
    return pd.DataFrame(
        {
            "number": np.where(rng.random(rows) < 0.2, np.nan, rng.integers(-3, 6, rows) * 0.5),
            "label": pd.Categorical(np.where(rng.random(rows) < 0.1, None, rng.choice(["b", "a"], rows))),
            "text": rng.choice(["x", "y", "z"], rows, p=[0.6, 0.3, 0.1]),
            "event_at": event,
            "available_at": event + waited,
        }
    )


@given(seed=SEEDS)
def test_levels_within_slices_are_pandas_medians_of_the_sizes(seed: int) -> None:
    table = delivery(seed)
    sizes = table["number"].abs().where(lambda size: size > 0.0)

    found = slice_levels(ReadTable(table), "number", ("label", "text", "lacking"))

    for by in ("label", "text"):
        groups = sizes.groupby(table[by].astype("object").fillna(""))
        large = groups.median()[groups.count() >= MIN_SLICE_ROWS]
        assert {label: level for (of, label), level in found.items() if of == by} == large.to_dict()


@given(seed=SEEDS)
def test_waits_within_slices_are_pandas_medians(seed: int) -> None:
    table = delivery(seed)
    days = (table["available_at"] - table["event_at"]).dt.total_seconds() / 86_400.0

    waited = waits(ReadTable(table), "event_at", "available_at")

    assert waited.median == days.median()
    assert waited.by_slice(ReadTable(table), ("text",), rows=1) == {
        ("text", label): lag for label, lag in days.groupby(table["text"]).median().items()
    }


@given(seed=SEEDS)
def test_empty_cells_are_counted_within_slices_but_not_by_the_column_itself(seed: int) -> None:
    table = delivery(seed)

    found = slice_nulls(ReadTable(table), "label", ("label", "text"))

    shares = table["label"].isna().groupby(table["text"]).mean()
    assert {at: share for at, (share, _) in found.items()} == {("text", name): of for name, of in shares.items()}


@given(seed=SEEDS)
def test_hours_are_those_of_the_clock_also_before_1970(seed: int) -> None:
    times = delivery(seed)["available_at"]

    counts = times.dt.hour.value_counts(normalize=True)

    assert hour_shares(ReadColumn(times)) == pytest.approx([counts.get(hour, 0.0) for hour in range(24)])


@given(seed=SEEDS)
def test_sizes_are_the_absolute_values_without_zeros_in_rising_order(seed: int) -> None:
    numbers = delivery(seed)["number"]

    read = ReadColumn(numbers)

    assert read.sizes.tolist() == sorted(abs(value) for value in numbers.dropna() if value)
    assert read.level == np.median(read.sizes)


def test_the_first_column_of_a_name_counts() -> None:
    table = ReadTable(pd.DataFrame([[1.0, 2.0]], columns=["x", "x"]))

    assert table["x"].numbers.cells.tolist() == [1.0]
    assert "y" not in table


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (pd.Series([1.0, None]), {Kind.NUMBER, Kind.FLAG}),
        (pd.Series(["1", "2"]), set()),
        (pd.Series(["2025-01-01", None]), {Kind.TIME}),
        (pd.Series([pd.Timestamp("2025-01-01")]), {Kind.TIME}),
    ],
)
def test_cells_hold_the_kinds_they_can_be_used_as(cells: pd.Series, kinds: set[Kind]) -> None:
    found = {kind for kind in Kind if ReadColumn(cells).holds(kind)}

    assert found == kinds | {Kind.CATEGORY, Kind.IDENTIFIER}
