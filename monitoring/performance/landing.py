"""Labels that land at different speeds: leavers are known early, stayers when their time is up.

The first labels of a cohort are therefore mostly leavers. Past cohorts tell how fast either kind lands; weighting each
label by 1 / its chance of having landed makes a fair sample of what is there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats
from monitoring.errors import MonitorError
from monitoring.performance.cohort import WEIGHT

LEAST_CHANCE = 0.02
"""A kind of label of which fewer have landed cannot stand for the rest: wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """How labels landed in past cohorts: ages at which leavers' and stayers' became known, sorted."""

    leavers: Floats
    stayers: Floats

    def share(self, age: float, *, left: bool) -> float:
        """Return the share of leavers' or stayers' labels known at an age, 0 to 1."""
        ages = self.leavers if left else self.stayers
        return float(np.searchsorted(ages, age, side="right") / len(ages))


def learn_landing(churned: npt.ArrayLike, known_at_age: npt.ArrayLike) -> Landing:
    """Return how labels land, from cohorts whose labels are all there.

    Parameters
    ----------
    churned
        0/1 labels of past cohorts, shape (n,).
    known_at_age
        How long after the prediction each became known, in any one unit, shape (n,).
    """
    left, age = np.asarray(churned, dtype=np.float64) > 0, np.asarray(known_at_age, dtype=np.float64)
    if left.all() or not left.any():
        raise MonitorError(f"{left.sum()} of {len(left)} past labels are leavers; how labels land needs both kinds.")
    return Landing(leavers=np.sort(age[left]), stayers=np.sort(age[~left]))


def with_landing_weights(table: pd.DataFrame, landing: Landing, age: float) -> pd.DataFrame:
    """Return the landed rows of a cohort (columns `score`, `churned`) of that age, with the column `weight`.

    Raises
    ------
    MonitorError
        While hardly any stayers (or leavers) are known at that age: no weight makes up for what is not there.

    References
    ----------
    Horvitz & Thompson 1952; Chapelle 2014 for delayed outcomes.
    """
    shares = {kind: landing.share(age, left=kind) for kind in (True, False)}
    if min(shares.values()) < LEAST_CHANCE:
        raise MonitorError(
            f"At age {age:g} {shares[True]:.1%} of leavers and {shares[False]:.1%} of stayers are known; at least "
            f"{LEAST_CHANCE:.0%} of each are needed. Wait for more labels, or draw an audit sample."
        )
    landed = table[table["churned"].notna()]
    left = landed["churned"].astype(np.float64).to_numpy() > 0
    return landed.assign(**{WEIGHT: np.where(left, 1.0 / shares[True], 1.0 / shares[False])})
