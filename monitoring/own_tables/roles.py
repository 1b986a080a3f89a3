"""What the columns of a table are for."""

from dataclasses import dataclass

import pandas as pd

from monitoring.errors import MonitorError


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """Names of the columns that are no inputs; None where there is no such column.

    `time` says when a row was scored; `prediction` holds the probability of the outcome, 0 to 1; `target` holds 1, 0,
    or nothing where the outcome is not known yet; `entity` names what a row is about.
    """

    time: str | None = None
    prediction: str | None = None
    target: str | None = None
    entity: str | None = None

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that the model did not read: all but the entity, which the gate uses as a key."""
        return tuple(name for name in (self.time, self.prediction, self.target) if name is not None)

    @property
    def key(self) -> tuple[str, ...]:
        """The column that identifies a row of a month."""
        return () if self.entity is None else (self.entity,)


def refuse_unfit(roles: Roles, tables: dict[str, pd.DataFrame]) -> None:
    """Raise MonitorError where a table lacks a named column it cannot do without, or has no rows or no inputs.

    The current table may lack the target (no outcome is known yet), and nothing else.
    """
    if roles.target is not None and roles.prediction is None:
        raise MonitorError("A target without a prediction says nothing about a model. Name the prediction column too.")
    for name, table in tables.items():
        wanted = [one for one in (roles.time, roles.prediction, roles.entity) if one is not None]
        if roles.target is not None and name == "reference":
            wanted.append(roles.target)
        lacking = [one for one in wanted if one not in table.columns]
        if lacking:
            have = ", ".join(map(str, table.columns[:12]))
            raise MonitorError(f"The {name} table lacks {', '.join(lacking)}. Its columns are: {have}.")
        if not len(table):
            raise MonitorError(f"The {name} table has no rows.")
    if not set(tables["reference"].columns) - set(roles.apart):
        raise MonitorError("The reference table has no input columns beside time, prediction and target.")
