"""A candidate's repository run on machines and on data it has never seen, and once on the data it knows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, reduce
from io import StringIO
from typing import Final

import pandas as pd

from scenarios.kit.sandbox.budget import Budget
from scenarios.reproducibility.causes.catalogue import CAUSES, cause
from scenarios.reproducibility.conditions import HOME, Conditions
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.fresh import FIXED, SameCase, left_out, likeness, own_runs, without
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

LIKE_ENOUGH: Final = 0.6
"""Rank correlation from which on scores are those of the repository, cured, as handed over, or half-way between.

Half-cured ones reach .7 and more, scores made up from the labels .25, and a learner of one's own .55 to .7.
"""


def run_code(code: Mapping[str, str], truth: Truth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    """The table `runs`, one row a run (see `_row`), and `lineage`, one row with its text.

    Runs are named home (the data the candidate knows); less, away and, for each planted cause that makes machines
    differ, its code (data with customers left out, so that nothing can be written down beforehand).
    """
    files = {name.removeprefix(f"{FOLDER}/"): text for name, text in sorted(code.items())}
    if not files:
        return {}
    lineage = pd.DataFrame({"text": [files.get(FILE, "")]})
    return {RUNS: _runs(tuple(files.items()), SameCase(truth), trusted).copy(), LINEAGE: lineage}


@lru_cache(maxsize=16)
def _runs(files: tuple[tuple[str, str], ...], case: SameCase, trusted: bool) -> pd.DataFrame:  # noqa: FBT001 - for the cache
    truth, missing = case.truth, left_out(case.truth)
    repository = complete({name: text.encode("utf-8") for name, text in files}, truth.head)
    fewer, data = without(repository, missing), without(truth.data, missing)
    elsewhere = {"less": FIXED, "away": AWAY, **axes(truth)}
    jobs = {
        "home": Job(repository=repository, data=truth.data, conditions=HOME),
        **{name: Job(repository=fewer, data=data, conditions=at) for name, at in elsewhere.items()},
    }
    ran = run_all(list(jobs.values()), trusted=trusted, budget=Budget())
    return pd.DataFrame([_row(name, one, case) for name, one in zip(jobs, ran, strict=True)])


def axes(truth: Truth) -> dict[str, Conditions]:
    """For each planted cause that makes machines differ, another machine in that respect alone."""
    planted = [cause(code) for code in truth.planted]
    return {one.code: one.elsewhere(HOME) for one in planted if one.elsewhere is not None}


def complete(files: Files, head: Files) -> dict[str, bytes]:
    """The files, with those of the repository that are no UTF-8 text, and so could not be handed in."""
    return {**{name: content for name, content in head.items() if not _is_text(content)}, **files}


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _row(name: str, ran: Ran, case: SameCase) -> dict[str, object]:
    """What is known of a run.

    Its name, error, figure, what it wrote (`outputs`) and the hash of its first step (`prepared`); whether the figure
    `fits` its own scores; the figure `wanted`, which the cured repository gives on the same data; and whether its
    scores are `like` those of the repository, where customers are left out.
    """
    truth, known = case.truth, name == "home"
    sound, handed_over = own_runs(case)
    gone = frozenset[str]() if known else left_out(truth)
    return {
        "name": name,
        "error": ran.error,
        "figure": float("nan") if ran.figure is None else ran.figure,
        "outputs": " ".join(f"{path}={digest}" for path, digest in sorted(ran.hashes.items())),
        "prepared": ran.hashes.get("out/prepared.csv", ""),
        "fits": ran.figure is not None and fits(ran, truth.data["labels.csv"], gone),
        "wanted": truth.expected if known else sound.figure,
        "like": known or max(likeness(ran, sound), likeness(ran, handed_over)) >= LIKE_ENOUGH,
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
