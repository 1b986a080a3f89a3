"""Run targetleak on a table, inside that tool's own environment.

``python with_targetleak.py table.csv TARGET TIME GROUP SPLIT`` prints ``{"named": {column: level}, "seconds": s}``. The
tool takes a split and a group; it has no argument for time. Its levels are critical, warning and info.
"""

import json
import sys
import time

import pandas as pd
from targetleak import analyse

COUNTED = ("warning", "critical")
"""Levels at warning or above, the worse one last."""


def named(table: pd.DataFrame, target: str, group: str, split: str) -> dict[str, str]:
    """Columns it names, with the worst level of each."""
    findings = analyse(table, target, split=split, group=group)
    worst = sorted((f for f in findings if f.severity in COUNTED), key=lambda f: COUNTED.index(f.severity))
    return {f.column: f.severity for f in worst if f.column in table.columns}


def main() -> None:
    """Read, check, print."""
    path, target, _, group, split = sys.argv[1:]
    table = pd.read_csv(path)
    start = time.perf_counter()
    found = named(table, target, group, split)
    print(json.dumps({"named": found, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
