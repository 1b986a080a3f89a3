"""What a leakage case really is, and what the fixed learner makes of any choice of its columns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats
from monitoring.leakage.learner import Fitted, fit
from pipelines.world.truth import expected_auc
from scenarios.base import Level

LEARNER_SEED = 1
"""Seed of the fixed learner, in the handed-out training script too, so that its figure comes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing planted. `columns` it sits in (none: in the rows); `codes` are the mechanisms accepted as its name.

    `nearly` are mechanisms that fit in part. `damage` is what it alone does to the distance between offline and
    production AUC.
    """

    name: str
    title: str
    kind: str
    columns: tuple[str, ...]
    codes: tuple[str, ...]
    damage: float
    nearly: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """The sealed months, one row a customer and cutoff: what the scoring job will send, and what is honest.

    `p` is each row's exact probability of leaving, `month` its cutoff's label, both of shape (n,).
    """

    online: pd.DataFrame
    rebuilt: pd.DataFrame
    p: Floats
    month: pd.Series


@dataclass(frozen=True, kw_only=True, slots=True)
class LeakageTruth:
    """The truth of a case.

    `offline` are the features handed out, `legitimate` the same rows with every planted column made honestly, `churned`
    their labels, `train` which of them are trained on. `claimed` is the AUC on the model card; `deployed` what that
    model gives in the sealed months, `honest` what `sound`, the same learner, gives there with nothing planted.
    """

    level: Level
    faults: tuple[Fault, ...]
    decoys: tuple[str, ...]
    features: tuple[str, ...]
    offline: pd.DataFrame
    legitimate: pd.DataFrame
    churned: Floats
    train: npt.NDArray[np.bool_]
    sealed: Sealed
    claimed: float
    deployed: float
    honest: float
    sound: Fitted

    @property
    def faulty(self) -> Mapping[str, Fault]:
        """Every planted column with its fault."""
        return {name: fault for fault in self.faults for name in fault.columns}


def future_auc(truth: LeakageTruth, *, dropped: Collection[str] = (), rebuilt: Collection[str] = ()) -> float:
    """The exact AUC in the sealed months of the fixed learner, retrained on what a candidate chose; .5 without columns.

    `dropped` columns are left out, `rebuilt` ones take honest values in training and in production.
    """
    kept = [name for name in truth.features if name not in dropped]
    honest = [name for name in kept if name in rebuilt]
    if not kept:
        return 0.5
    if len(kept) == len(truth.features) and not honest:
        return truth.deployed
    if len(kept) == len(truth.features) and set(truth.faulty) <= set(honest):
        return truth.honest
    table = replaced(truth.offline, truth.legitimate, honest)[kept]
    future = replaced(truth.sealed.online, truth.sealed.rebuilt, honest)[kept]
    model = fit(table[truth.train], truth.churned[truth.train], seed=LEARNER_SEED)
    return expected_auc(model.score(future), truth.sealed.p)


def replaced(table: pd.DataFrame, by: pd.DataFrame, columns: Collection[str]) -> pd.DataFrame:
    """The table with some columns taken from another one of the same rows."""
    return table.assign(**{name: by[name].array for name in columns})
