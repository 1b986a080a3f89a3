"""The rows of a case: the training table with its labels, the scoring log, and the sealed months."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import Floats
from scenarios.leakage.tables import Bench
from scenarios.leakage.truth import Sealed


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The training table, one row a customer and cutoff, and the scoring log.

    `keys` holds row_id, customer_id, cutoff, split and churned; `offline` the features as remade on the day of the
    extract, `legitimate` the same with planted columns made honestly. `sent` is the log: customer_id, cutoff, features.
    """

    keys: pd.DataFrame
    offline: pd.DataFrame
    legitimate: pd.DataFrame
    sent: pd.DataFrame

    @property
    def churned(self) -> Floats:
        """Labels 0 or 1, shape (n,)."""
        return self.keys["churned"].to_numpy(np.float64)

    def part(self, name: str) -> npt.NDArray[np.bool_]:
        """Which rows belong to a part of the split, shape (n,)."""
        return (self.keys["split"] == name).to_numpy()


def table_rows(bench: Bench, rng: np.random.Generator) -> Rows:
    """The rows of all months that are not sealed, by cutoff and customer; row numbers are drawn and say nothing."""
    timeline = bench.timeline
    keys, offline, legitimate, sent = [], [], [], []
    for month in (*timeline.train, *timeline.test, *timeline.served):
        known = bench.known(month)
        frame = bench.offline(month)
        keys.append(_keys(bench, month, frame.index))
        offline.append(frame)
        legitimate.append(bench.legitimate(month, known, frame))
        if month in timeline.served:
            sent.append(_log(bench, month, bench.sent(month, known)))
    labelled = pd.concat(keys, ignore_index=True)
    known_label = labelled["churned"].notna().to_numpy()
    labelled = labelled[known_label].reset_index(drop=True)
    labelled.insert(0, "row_id", rng.permutation(len(labelled)) + 1)
    return Rows(
        keys=labelled,
        offline=_stacked(offline, bench)[known_label].reset_index(drop=True),
        legitimate=_stacked(legitimate, bench)[known_label].reset_index(drop=True),
        sent=pd.concat(sent, ignore_index=True),
    )


def sealed_rows(bench: Bench) -> Sealed:
    """The sealed months, with each customer's exact probability of leaving; who had left already has none."""
    online, rebuilt, p, month_of = [], [], [], []
    for month in bench.timeline.sealed:
        known = bench.known(month)
        frame = bench.sent(month, known)
        online.append(frame)
        rebuilt.append(bench.legitimate(month, known, bench.as_trained(month, known)))
        p.append(bench.world.truth[month]["bayes"].reindex(frame.index).fillna(0.0).to_numpy(np.float64))
        month_of += [bench.timeline.label(month)] * len(frame)
    return Sealed(
        online=_stacked(online, bench), rebuilt=_stacked(rebuilt, bench), p=np.concatenate(p), month=pd.Series(month_of)
    )


def _keys(bench: Bench, month: int, customers: pd.Index) -> pd.DataFrame:
    outcomes = bench.handed_out["outcomes"]
    cutoff = bench.world.cutoff(month)
    churned = outcomes[outcomes["cutoff"] == cutoff].set_index("customer_id")["churned"].reindex(customers)
    split = bench.timeline.split(month)
    return pd.DataFrame(
        {"customer_id": customers, "cutoff": cutoff, "split": split, "churned": churned.to_numpy(np.float64)}
    )


def _log(bench: Bench, month: int, frame: pd.DataFrame) -> pd.DataFrame:
    keys = {"customer_id": frame.index, "cutoff": bench.world.cutoff(month)}
    return pd.concat([pd.DataFrame(keys), frame.reset_index(drop=True)], axis=1)


def _stacked(frames: list[pd.DataFrame], bench: Bench) -> pd.DataFrame:
    return pd.concat([frame[bench.features] for frame in frames], ignore_index=True)
