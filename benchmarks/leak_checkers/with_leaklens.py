"""Run leaklens-ml on a table, inside that tool's own environment, as its command line does with every option given.

``python with_leaklens.py table.csv TARGET TIME GROUP SPLIT`` prints ``{"named": {column: level}, "seconds": s}``. The
tool has no word "warning"; its levels are high, medium and low, and medium (a column that alone reaches an AUC of .85)
is taken for one.
"""

import json
import sys
import time

import pandas as pd
from leaklens.leakage import group_overlap, group_risk, scan, split_overlap, temporal_overlap

COUNTED = ("medium", "high")
"""Levels at warning or above, the worse one last."""


def named(table: pd.DataFrame, target: str, *, moment: str, group: str, split: str) -> dict[str, str]:
    """Columns it names, with the worst level of each."""
    train, test = (table[table[split] == part].drop(columns=split) for part in ("train", "test"))
    findings = [
        *scan(train, target),
        *split_overlap(train, test),
        *temporal_overlap(train, test, moment),
        *group_risk(train, group),
        *group_overlap(train, test, group),
    ]
    worst = sorted((f for f in findings if f.severity in COUNTED), key=lambda f: COUNTED.index(f.severity))
    return {f.column: f.severity for f in worst if f.column in table.columns}


def main() -> None:
    """Read, check, print."""
    path, target, moment, group, split = sys.argv[1:]
    table = pd.read_csv(path)
    start = time.perf_counter()
    found = named(table, target, moment=moment, group=group, split=split)
    print(json.dumps({"named": found, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
