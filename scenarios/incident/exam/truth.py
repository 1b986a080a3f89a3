"""What really happened in a case, whom it hit and what it cost: the run beside its twin."""

from dataclasses import dataclass

import pandas as pd

from scenarios.base import Level
from scenarios.incident.bank.incident import Incident
from scenarios.incident.system.harm import MonthHarm
from scenarios.incident.system.run import Struck


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentTruth:
    """The truth of a case.

    `struck` is None in a control. `since` and `hurt_since` are the months (``2025-03``) in which the cause took hold
    and in which the first customer was affected. `months` is the harm of every run, `affected` its customers as a
    table of month and customer_id, `cost` dollars in all. `seed` makes the hidden company.
    """

    level: Level
    struck: Struck | None
    since: str | None
    hurt_since: str | None
    months: tuple[MonthHarm, ...]
    affected: pd.DataFrame
    cost: float
    seed: int

    @property
    def incident(self) -> Incident | None:
        """What happened; None in a control."""
        return None if self.struck is None else self.struck.incident


def affected_table(months: tuple[MonthHarm, ...]) -> pd.DataFrame:
    """One row a customer and month."""
    parts = [pd.DataFrame({"month": one.label, "customer_id": one.affected.to_numpy()}) for one in months]
    return pd.concat(parts, ignore_index=True)
