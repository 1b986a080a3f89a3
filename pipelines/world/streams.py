"""Random draws as a pure function of (seed, stream, customer, month).

A draw never depends on which draws were made before it. Each stream owns a Philox key, and the counter is set from
the entity block and the month (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), so worker count,
processing block and month order leave every byte alone, and a counterfactual twin sees the same luck.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.float32]
"""Uniform draws in [0, 1)."""

ENTITY_BLOCK = 1024
"""Customers that share one Philox counter range: part of the world's definition, changing it changes every byte."""

_MONTH_OFFSET = 1 << 20
"""Keeps the counter positive in burn-in months, whose index is negative."""


class Stream(IntEnum):
    """One independent source of randomness each; append only, a number is part of the world's definition."""

    BIRTH = 1
    MONTH = 2
    USAGE = 3
    RECORD = 4
    COHORT = 5
    IDENTITY = 6
    COMPANY = 7
    FAULT = 8


@dataclass(frozen=True, slots=True)
class Streams:
    """All draws of one world; `seed` is any non-negative integer below 2**64."""

    seed: int

    def block(self, stream: Stream, block: int, month: int, columns: int) -> Draws:
        """Uniform draws in [0, 1) of one entity block, on a grid of 2**-24, shape (columns, ENTITY_BLOCK).

        Asking for more columns leaves the earlier ones as they are.
        """
        counter = np.array([0, month + _MONTH_OFFSET, block, 0], dtype=np.uint64)
        key = np.array([self.seed, stream], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(counter=counter, key=key)).random(
            (columns, ENTITY_BLOCK), np.float32
        )

    def entities(self, stream: Stream, entities: npt.NDArray[np.int64], month: int, columns: int) -> Draws:
        """Uniform draws of the given entities (sorted entity numbers, shape (n,)), shape (columns, n)."""
        blocks, first = np.unique(entities // ENTITY_BLOCK, return_index=True)
        edges = np.append(first, len(entities))
        drawn = np.empty((columns, len(entities)), np.float32)
        for block, start, stop in zip(blocks, edges[:-1], edges[1:], strict=True):
            slots = entities[start:stop] - block * ENTITY_BLOCK
            np.take(self.block(stream, int(block), month, columns), slots, axis=1, out=drawn[:, start:stop])
        return drawn

    def company(self, purpose: int, month: int = 0) -> np.random.Generator:
        """A generator for draws that belong to the company and to no customer (calendar entries, deploys)."""
        counter = np.array([0, month + _MONTH_OFFSET, purpose, 1], dtype=np.uint64)
        key = np.array([self.seed, Stream.COMPANY], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(counter=counter, key=key))
