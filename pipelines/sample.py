"""A recorded company as some of its customers know it: a lesson as large as the exercise a candidate gets."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.leaks.luck import luck
from pipelines.recorded import World

_SAMPLE: Final = 5
"""Key of the draw that chooses customers."""


def sample(world: World, customers: int) -> World:
    """The record of about so many of the company's active customers, the same ones in every month.

    The company itself where it has no more.
    """
    share = customers / world.company.customers
    if share >= 1.0:
        return world
    keep = luck(_SAMPLE)

    def kept(ids: pd.Series | pd.Index) -> npt.NDArray[np.bool_]:
        return np.asarray(keep(ids) < share)

    return replace(
        world,
        deliveries=[
            {name: rows[kept(rows["customer_id"])].reset_index(drop=True) for name, rows in month.items()}
            for month in world.deliveries
        ],
        truth=[table[kept(table.index)] for table in world.truth],
    )
