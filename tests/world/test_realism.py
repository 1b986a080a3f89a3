"""The undisturbed company lies inside the published ranges."""

import numpy as np
import pandas as pd
import pytest

from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.realism import Figure, figures


@pytest.mark.parametrize("seed", [1, 20230101])
def test_every_simulated_figure_lies_in_its_published_range(seed: int) -> None:
    calendar = Calendar(first_month="2023-01", burn_in=30, history=24, production=12)

    found = figures(Company(seed=seed, customers=12_000, calendar=calendar))

    table = pd.DataFrame([(f.name, round(f.value, 4), f.low, f.high, f.source) for f in found])
    assert len(found) >= 14
    assert all(figure.inside for figure in found), table.to_string()


@pytest.mark.parametrize(("value", "inside"), [(0.03, True), (0.04, True), (0.0299, False), (0.0401, False)])
def test_a_figure_is_inside_with_both_ends_of_its_range(value: float, inside: bool) -> None:
    assert Figure(name="churn", value=value, low=0.03, high=0.04, source="").inside is inside


def test_a_figure_that_is_not_a_number_is_outside() -> None:
    assert not Figure(name="churn", value=np.nan, low=0.03, high=0.04, source="").inside
