"""Run guard.py over your own months and print what it says: ``python try_guard.py``."""

from pathlib import Path

import guard
import pandas as pd

RUNS = Path(__file__).resolve().parent / "runs"


def tables(folder):
    """A month's tables by name."""
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.iterdir())}


def main():
    """Ask the guard about every month in which the model scored."""
    history = []
    for folder in sorted(RUNS.iterdir()):
        month = tables(folder)
        if "scores" in month:
            print(folder.name, guard.check(month, list(history)) or "nothing")
        history.append(month)


if __name__ == "__main__":
    main()
