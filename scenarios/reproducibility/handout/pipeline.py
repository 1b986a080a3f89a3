"""The churn pipeline: who leaves within 90 days? `python pipeline.py` runs prepare, train and evaluate in turn.

`dvc.yaml` names the same three steps. Everything a run makes goes to `out/`.
"""

import sys
from datetime import datetime

import evaluate
import prepare
import train
from settings import read_settings


def main() -> None:
    """Run the three steps."""
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z} pipeline started")
    settings = read_settings(sys.argv[1:])
    prepare.run(settings)
    train.run(settings)
    evaluate.run(settings)


if __name__ == "__main__":
    main()
