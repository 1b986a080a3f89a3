"""What an incident did, exactly: the run beside its twin, in which everything is the same but for the incident."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.replay.past import Past
from scenarios.incident.system.company import REFUND
from scenarios.incident.system.run import Lived, Run

MOVED: Final = 0.001
"""A score is wrong when it differs by more than this from what it should have been."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthHarm:
    """One run against its twin.

    `affected` are customers whose score or offer was wrong, or who were billed twice (the invoice came with this run's
    delivery). `cost` is dollars: campaign profit by true chances, twin less run, and refunds.
    """

    label: str
    affected: pd.Index
    wrongly_offered: int
    left_out: int
    cost: float


def harm(lived: Lived, twin: Lived) -> tuple[MonthHarm, ...]:
    """The harm of every run, oldest first."""
    return tuple(_month(lived, mine, theirs) for mine, theirs in zip(lived.runs, twin.runs, strict=True))


def since(months: tuple[MonthHarm, ...]) -> str | None:
    """The first run in which anybody was affected; None where nobody ever was."""
    return next((one.label for one in months if len(one.affected)), None)


def _month(lived: Lived, mine: Run, theirs: Run) -> MonthHarm:
    doubled = billed_twice(mine.delivery["invoices"]).difference(billed_twice(theirs.delivery["invoices"]))
    wrong, missed = mine.offered.difference(theirs.offered), theirs.offered.difference(mine.offered)
    affected = _moved(mine, theirs).union(wrong).union(missed).union(doubled)
    lost = profit(lived, theirs) - profit(lived, mine)
    return MonthHarm(
        label=mine.label,
        affected=affected,
        wrongly_offered=len(wrong),
        left_out=len(missed),
        cost=lost + REFUND * len(doubled),
    )


def _moved(mine: Run, theirs: Run) -> pd.Index:
    """Customers whose logged score is not the twin's; one that only one of the two logs knows counts as well."""
    scores = [run.log.set_index("customer_id")["score"] for run in (mine, theirs)]
    both = pd.concat(scores, axis=1, keys=["mine", "theirs"])
    far = (both["mine"] - both["theirs"]).abs().to_numpy() > MOVED
    return both.index[far | both.isna().any(axis=1).to_numpy()]


def billed_twice(invoices: pd.DataFrame) -> pd.Index:
    """Customers with two invoices in one delivery; nobody is due twice in a month."""
    counts = invoices["customer_id"].value_counts()
    found: pd.Index = pd.Index(np.sort(counts.index[counts > 1].to_numpy()))
    return found


def profit(lived: Lived, run: Run) -> float:
    """Expected dollars of a run's offers, by the true chance of leaving; nobody leaves who has left already."""
    past: Past = lived.past
    chance = lived.world.truth[run.month]["bayes"].reindex(run.offered).fillna(0.0).to_numpy(np.float64)
    return float((chance * past.economics.gain - (1.0 - chance) * past.economics.loss).sum())
