"""What a replayed policy did and what it cost, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.replay.policy import Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One month. All money is per 1,000 customers.

    `missed` is the campaign profit that the deployed model misses against the best possible score, in exact
    expectation; `spent` the price of the action, `called` that of its alerts. `model` scored the month.
    `promoted` says whether a retraining led to a new model, None where nothing was retrained.
    """

    month: str
    action: Action
    alerts: tuple[str, ...]
    model: str
    missed: float
    spent: float
    called: float
    promoted: bool | None = None

    @property
    def cost(self) -> float:
        """All of it."""
        return self.missed + self.spent + self.called


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """A policy's months on one stage."""

    entries: tuple[Entry, ...]

    @property
    def cost(self) -> float:
        """Money per 1,000 customers over all months."""
        return sum(one.cost for one in self.entries)

    @property
    def missed(self) -> float:
        """Profit missed against the best possible score, per 1,000 customers."""
        return sum(one.missed for one in self.entries)

    @property
    def pages(self) -> int:
        """How often a person was called."""
        return sum(len(one.alerts) for one in self.entries)

    def count(self, action: Action) -> int:
        """How often an action was taken."""
        return sum(one.action is action for one in self.entries)


def share(ledger: Ledger, nothing: Ledger, oracle: Ledger) -> float:
    """Money won between doing nothing (0) and the oracle (1); below 0 where a policy costs more than it saves.

    NaN where there is nothing to win.
    """
    return pooled_share([ledger], [nothing], [oracle])


def pooled_share(ledgers: Sequence[Ledger], nothing: Sequence[Ledger], oracle: Sequence[Ledger]) -> float:
    """The share of `share` over several stages together: all money won over all money to win."""
    worst, best, mine = (sum(one.cost for one in group) for group in (nothing, oracle, ledgers))
    return (worst - mine) / (worst - best) if worst > best else float("nan")
