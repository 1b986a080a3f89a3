import numpy as np
import pandas as pd
import pytest

from monitoring.reference import PLOT_ROWS, thinned
from monitoring.thinning import places


@pytest.mark.parametrize("rows", [1, 999, 1000, 1001, 1500, 1999, 2000, 2001, 123_456])
def test_few_rows_stand_for_the_whole_of_a_sorted_table(rows: int) -> None:
    found = places(rows, 1000)

    assert len(found) == min(rows, 1000)
    assert (np.diff(found) > 0).all()
    assert found[-1] >= 0.998 * rows - 1
    assert found.mean() == pytest.approx((rows - 1) / 2, rel=0.002, abs=1.0)


def test_rows_drawn_on_pages_reach_to_the_end() -> None:
    view = pd.DataFrame({"tenure": np.arange(2 * PLOT_ROWS - 1)})

    assert thinned(view)["tenure"].max() > 0.99 * len(view)
