"""Data that a candidate has never seen, and what the lab's own repositories give on it."""

import hashlib
from dataclasses import replace
from functools import lru_cache
from io import StringIO
from typing import Final

import numpy as np
import pandas as pd

from scenarios.reproducibility.causes.catalogue import cause
from scenarios.reproducibility.company import draws
from scenarios.reproducibility.conditions import HOME
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.planting import cured
from scenarios.reproducibility.running import Job, Ran, run_all
from scenarios.reproducibility.truth import Truth

LEFT_OUT_SHARE: Final = 0.1
"""Part of the customers that are missing: what does not change then, was not computed."""

SCORED: Final = 0.5
"""Part of the customers the lab's own repository scores whom scores of another one have to hold at least."""

FIXED: Final = replace(HOME, luck=1)
"""Conditions under which what is drawn without a seed is the same in every run, so that its scores can be compared."""

PREDICTIONS: Final = "out/predictions.csv"


class SameCase:
    """A truth for a cache: equal to another of the same case."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._id = (truth.level, truth.planted, truth.figure, truth.lineage["commit"])

    def __hash__(self) -> int:
        return hash(self._id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameCase) and other._id == self._id


def left_out(truth: Truth) -> frozenset[str]:
    """Who is missing; it follows from figures that only the cures give, as the public commit alone would tell it."""
    lines = truth.data["customers.csv"].splitlines()[1:]
    ids = [line.split(b",", 1)[0].decode("ascii") for line in lines]
    sealed = repr((truth.lineage["commit"], sorted(truth.without.items())))
    luck = draws(int(hashlib.sha256(sealed.encode("utf-8")).hexdigest()[:12], 16), "left out")
    return frozenset(np.array(ids)[luck.random(len(ids)) < LEFT_OUT_SHARE].tolist())


def without(files: Files, customers: frozenset[str]) -> dict[str, bytes]:
    """The files with some customers' rows taken out of every table that names customers first."""
    return {name: _cut(content, customers) if name.endswith(".csv") else content for name, content in files.items()}


def _cut(content: bytes, customers: frozenset[str]) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if line.split(b",", 1)[0].decode("ascii", "ignore") not in customers)


@lru_cache(maxsize=4)
def own_runs(case: SameCase) -> tuple[Ran, Ran]:
    """What the lab's own repositories give on that data: with every cause cured, and as handed over."""
    truth = case.truth
    missing = left_out(truth)
    data = without(truth.data, missing)
    repositories = (cured(truth.head, [cause(code) for code in truth.planted], truth.cures), truth.head)
    jobs = [Job(repository=without(one, missing), data=data, conditions=FIXED) for one in repositories]
    sound, handed_over = run_all(jobs, trusted=True)
    return sound, handed_over


def likeness(ran: Ran, own: Ran) -> float:
    """Rank correlation of a run's scores with those of a run of the lab's; 0 where they cannot be compared."""
    try:
        told, known = (_scores(one) for one in (ran, own))
    except (KeyError, ValueError, TypeError):
        return 0.0
    both = pd.concat([told, known], axis=1, join="inner").rank()
    if len(both) < SCORED * len(known) or (both.nunique() < 2).any():  # noqa: PLR2004 - one value has no rank
        return 0.0
    return float(np.corrcoef(both.to_numpy().T)[0, 1])


def _scores(ran: Ran) -> pd.Series:
    """Scores by customer, each customer's first."""
    table = pd.read_csv(StringIO(ran.texts[PREDICTIONS])).drop_duplicates("customer_id")
    return pd.to_numeric(table.set_index(table["customer_id"].astype(str))["score"])
