import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from monitoring.columns import Kind
from monitoring.gate.pairing import MIN_PAIRS, pair

KINDS = {"key": Kind.IDENTIFIER, "x": Kind.NUMBER, "label": Kind.CATEGORY}


def month(seed: int, rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {"key": np.arange(rows), "x": rng.normal(size=rows).round(1), "label": rng.choice(["a", "b"], rows)}
    )


def test_rank_correlation_is_scipys() -> None:
    old = month(1)
    new = month(2).assign(x=lambda t: (t["x"] + old["x"]).round(1))

    found = pair(new.sample(frac=1.0, random_state=3), old, ("key",), KINDS)

    assert found.follows["x"] == pytest.approx(spearmanr(new["x"], old["x"]).statistic)
    assert found.repeated == 1.0


def test_agreement_is_cohens_kappa() -> None:
    old = pd.DataFrame({"key": range(100), "label": ["a"] * 50 + ["b"] * 50})
    new = old.assign(label=["a"] * 40 + ["b"] * 10 + ["a"] * 15 + ["b"] * 35)

    kappa = pair(new, old, ("key",), KINDS).same["label"]

    # By hand: 75 of 100 agree; by chance .5 x .55 + .5 x .45 = .5 would.
    assert kappa == pytest.approx((0.75 - 0.50) / 0.50)


def test_columns_that_hold_one_value_say_nothing_about_who_is_who() -> None:
    constant = month(1).assign(label="a", x=1.0)

    found = pair(constant, constant, ("key",), KINDS)

    assert "label" not in found.same
    assert "x" not in found.follows


def test_few_common_keys_say_nothing() -> None:
    new = month(2).assign(key=lambda t: t["key"] + len(t) - MIN_PAIRS + 1)

    assert pair(new, month(1), ("key",), KINDS).follows == {}


@given(seed=st.integers(0, 50), empty=st.floats(0.0, 0.9))
def test_a_table_beside_itself_agrees_wholly_however_many_cells_are_empty(seed: int, empty: float) -> None:
    table = month(seed)
    holes = table.assign(label=table["label"].where(np.random.default_rng(seed).random(len(table)) >= empty))

    assert pair(holes, holes, ("key",), KINDS).same["label"] == pytest.approx(1.0)
