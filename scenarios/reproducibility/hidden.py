"""A candidate's repository run on machines it has never seen: twice from clean copies, and once on other data."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, reduce
from io import StringIO
from typing import Final

import numpy as np
import pandas as pd

from scenarios.kit.sandbox.budget import Budget
from scenarios.reproducibility.causes.catalogue import CAUSES, cause
from scenarios.reproducibility.company import draws
from scenarios.reproducibility.conditions import HOME, Conditions
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.lineage import FILE
from scenarios.reproducibility.running import Job, Ran, run_all
from scenarios.reproducibility.truth import Truth

FOLDER: Final = "repository"
RUNS: Final = "runs"
LINEAGE: Final = "lineage"

AWAY: Final = reduce(
    lambda here, one: one.elsewhere(here) if one.elsewhere else here,
    CAUSES,
    replace(HOME, folder="second, elsewhere"),
)
"""A machine and a day that differ from the first in all that any cause can hang on."""

LEFT_OUT_SHARE: Final = 0.1
"""Part of the customers that are missing in the data of the last run: what does not change then, was not computed."""

_CUSTOMERS: Final = "data/customers.csv"


def run_code(code: Mapping[str, str], truth: Truth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    """The table `runs`, one row a run (name, error, figure, outputs, fits), and `lineage`, one row with its text.

    Runs are named home, away, less and, for each planted cause that makes machines differ, by its code.
    """
    files = {name.removeprefix(f"{FOLDER}/"): text for name, text in sorted(code.items())}
    if not files:
        return {}
    lineage = pd.DataFrame({"text": [files.get(FILE, "")]})
    return {RUNS: _runs(tuple(files.items()), _Key(truth), trusted).copy(), LINEAGE: lineage}


class _Key:
    """A truth for the cache: equal to another of the same case."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._id = (truth.level, truth.planted, truth.figure, truth.lineage["commit"])

    def __hash__(self) -> int:
        return hash(self._id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._id == self._id


@lru_cache(maxsize=16)
def _runs(files: tuple[tuple[str, str], ...], key: _Key, trusted: bool) -> pd.DataFrame:  # noqa: FBT001 - for the cache
    truth = key.truth
    repository = complete({name: text.encode("utf-8") for name, text in files}, truth.head)
    left_out = _left_out(truth)
    jobs = {
        "home": Job(repository=repository, data=truth.data, conditions=HOME),
        "away": Job(repository=repository, data=truth.data, conditions=AWAY),
        "less": Job(repository=without(repository, left_out), data=without(truth.data, left_out), conditions=HOME),
        **{code: Job(repository=repository, data=truth.data, conditions=at) for code, at in axes(truth).items()},
    }
    ran = run_all(list(jobs.values()), trusted=trusted, budget=Budget())
    return pd.DataFrame([_row(name, one, truth, left_out) for name, one in zip(jobs, ran, strict=True)])


def axes(truth: Truth) -> dict[str, Conditions]:
    """For each planted cause that makes machines differ, another machine in that respect alone."""
    planted = [cause(code) for code in truth.planted]
    return {one.code: one.elsewhere(HOME) for one in planted if one.elsewhere is not None}


def complete(files: Files, head: Files) -> dict[str, bytes]:
    """The files, with those of the repository that are no UTF-8 text, and so could not be handed in."""
    return {**{name: content for name, content in head.items() if not _is_text(content)}, **files}


def without(files: Files, customers: frozenset[str]) -> dict[str, bytes]:
    """The files with some customers' rows taken out of every table that names customers first."""
    return {name: _cut(content, customers) if name.endswith(".csv") else content for name, content in files.items()}


def _cut(content: bytes, customers: frozenset[str]) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if line.split(b",", 1)[0].decode("ascii", "ignore") not in customers)


def _left_out(truth: Truth) -> frozenset[str]:
    """Who is missing in the last run; it follows from the case's own commit, which is as secret as its seed is."""
    lines = truth.data["customers.csv"].splitlines()[1:]
    ids = [line.split(b",", 1)[0].decode("ascii") for line in lines]
    luck = draws(int(str(truth.lineage["commit"])[:12], 16), "left out")
    return frozenset(np.array(ids)[luck.random(len(ids)) < LEFT_OUT_SHARE].tolist())


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _row(name: str, ran: Ran, truth: Truth, left_out: frozenset[str]) -> dict[str, object]:
    outputs = " ".join(f"{path}={digest}" for path, digest in sorted(ran.hashes.items()))
    gone = left_out if name == "less" else frozenset[str]()
    return {
        "name": name,
        "error": ran.error,
        "figure": float("nan") if ran.figure is None else ran.figure,
        "outputs": outputs,
        "prepared": ran.hashes.get("out/prepared.csv", ""),
        "fits": ran.figure is not None and fits(ran, truth.data["labels.csv"], gone),
    }


def fits(ran: Ran, labels: bytes, gone: frozenset[str]) -> bool:
    """Whether a run's figure is the AUC of its scores in one of its splits, and nobody is scored who is not there."""
    try:
        scored = pd.read_csv(StringIO(ran.texts["out/predictions.csv"]))
        left = pd.read_csv(StringIO(labels.decode("utf-8"))).set_index("customer_id")["churned"]
        figures = [_auc(left.reindex(part["customer_id"]), part["score"]) for _, part in scored.groupby("split")]
    except (KeyError, ValueError, TypeError, ArithmeticError):
        return False
    nobody = not set(scored["customer_id"].astype(str)) & gone
    return nobody and any(abs(figure - (ran.figure or 0.0)) < FIGURE_WITHIN for figure in figures)


FIGURE_WITHIN: Final = 1e-9
"""How near two figures lie that count as the same: the last digits of a double."""


def _auc(left: pd.Series, score: pd.Series) -> float:
    ranks = score.rank().to_numpy()
    leavers = left.to_numpy() == 1
    first, second = int(leavers.sum()), int((~leavers).sum())
    return float((ranks[leavers].sum() - first * (first + 1) / 2) / max(first * second, 1))
