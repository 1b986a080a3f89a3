"""Does a pack's outside tell whether anything was planted? A classifier on public metadata, over many packs.

``python benchmarks/truth_leakage.py validation --packs 200`` writes benchmarks/results/truth_leakage_<scenario>.json,
after every ten packs; `--resume` goes on from there. Half the packs are planted, half are controls, levels in turn.

Two questions are asked. `form`: what we write and choose (documents, settings, logs of changes: names, sizes, words,
entropy) and how data is stored (names, columns, types, row groups). Here nothing may be learnt. `everything` adds the
volume of the data itself: rows, bytes, entropy. A fault that doubles tickets, or a year in which more customers leave,
is more or fewer rows: that is what a candidate is asked to find, and where it tells, the figure says how much.
A model that tells nothing has an AUC of .5; the interval is DeLong's.
"""

import argparse
import io
import json
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from monitoring.performance.metrics import auc
from scenarios.base import Draw, Level
from scenarios.catalogue import GRADED, exercise
from scenarios.kit.pack import public_bytes

RESULTS: Final = Path(__file__).parent / "results"
ROWS: Final = Path(__file__).parents[1] / ".lab" / "truth_leakage"
"""Where the packs' figures are kept between runs; only the summary is a result."""

FIRST_SEED: Final = 700_000
"""Seeds from here on were used by no test and no tuning."""

_TEXTS: Final = (".md", ".yaml", ".json", ".py", ".txt", ".csv")
_DATA: Final = (".parquet", ".bundle", "model.txt")
_VOLUME: Final = ("bytes", "entropy", "packed", "rows", "lines", "words")


def measured(name: str, place: int) -> dict[str, Any]:
    """The metadata of one pack: planted at even places, a control at odd ones."""
    scenario = exercise(name).scenario
    level = list(Level)[place // 2 % 3]
    draw = Draw(seed=FIRST_SEED + place, level=level)
    case = (scenario.control if place % 2 else scenario.plant)(draw)
    return {"place": place, "planted": place % 2 == 0, "level": str(level), "seen": metadata(public_bytes(case.public))}


def metadata(files: Mapping[str, bytes]) -> dict[str, float]:
    """What can be seen of files without reading what they say, as named figures."""
    seen: dict[str, float] = {"files": len(files), "bytes": sum(map(len, files.values()))}
    for file, content in files.items():
        name = _without_dates(file)
        seen[f"file {name}"] = seen.get(f"file {name}", 0.0) + 1.0
        seen[f"bytes {name}"] = seen.get(f"bytes {name}", 0.0) + len(content)
        seen[f"entropy {name}"] = _entropy(content)
        seen[f"packed {name}"] = len(zlib.compress(content, 1)) / max(len(content), 1)
        if file.endswith(".parquet"):
            seen |= {f"{key} {name}": value for key, value in _table(content).items()}
        elif file.endswith(_TEXTS):
            seen[f"lines {name}"] = content.count(b"\n")
            seen[f"words {name}"] = len(content.split())
    return seen


def _table(content: bytes) -> dict[str, float]:
    file = pq.ParquetFile(io.BytesIO(content))
    found = {"rows": float(file.metadata.num_rows), "columns": float(file.metadata.num_columns)}
    found["groups"] = float(file.metadata.num_row_groups)
    found["described in"] = float(sum(len(key) + len(value) for key, value in (file.metadata.metadata or {}).items()))
    for field in file.schema_arrow:
        found[f"type {field.type}"] = found.get(f"type {field.type}", 0.0) + 1.0
        found[f"column {field.name}"] = 1.0
    return found


def _without_dates(name: str) -> str:
    """A path with its months blotted out, so that the same file of two packs has one name."""
    return "".join("#" if one.isdigit() else one for one in name)


def _entropy(content: bytes) -> float:
    counts = np.bincount(np.frombuffer(content, np.uint8), minlength=256)
    shares = counts[counts > 0] / max(len(content), 1)
    return float(-(shares * np.log2(shares)).sum())


def is_volume(figure: str) -> bool:
    """Whether a figure is of how much data there is, not of what we wrote or how it is stored."""
    what, _, file = figure.partition(" ")
    of_data = file.endswith(_DATA) or file.startswith("data/")
    return what in _VOLUME and (of_data or not file)


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How well planted is told from control, by form alone and by everything."""
    table = pd.DataFrame([row["seen"] for row in rows]).fillna(0.0)
    planted = np.array([row["planted"] for row in rows], dtype=np.float64)
    table = table.loc[:, (table != table.iloc[0]).any()]
    form = table[[name for name in table if not is_volume(str(name))]]
    return {
        "packs": len(rows),
        "planted": int(planted.sum()),
        "form": told(form, planted),
        "everything": told(table, planted),
    }


def told(table: pd.DataFrame, planted: np.ndarray) -> dict[str, Any]:
    """The AUC of two learners out of fold, and of the best single figures."""
    if table.empty:
        return {"figures": 0}
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    learners = {
        "trees": ExtraTreesClassifier(400, min_samples_leaf=3, random_state=0),
        "linear": make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=2000)),
    }
    found = {}
    for name, learner in learners.items():
        score = cross_val_predict(learner, table, planted, cv=folds, method="predict_proba")[:, 1]
        one = auc(planted, score)
        found[name] = {"auc": round(one.value, 4), "low": round(one.low, 4), "high": round(one.high, 4)}
    singles = sorted(((_distance(table[name], planted), str(name)) for name in table), reverse=True)
    # Half a normal distribution's worth of chance, over as many figures as there are.
    n = float((planted == 1).sum() * (planted == 0).sum())
    chance = math.sqrt((len(planted) + 1) / (12.0 * n)) * math.sqrt(2.0 * math.log(max(2 * len(singles), 2)))
    return {
        "figures": table.shape[1],
        "told_by": found,
        "best_single_figures": [{"figure": name, "auc": round(0.5 + size, 4)} for size, name in singles[:5]],
        "luck_of_the_best_figure": round(0.5 + chance, 4),
    }


def _distance(values: pd.Series, planted: np.ndarray) -> float:
    return abs(auc(planted, values.to_numpy(np.float64)).value - 0.5)


def page() -> str:
    """The page of docs, from every result there is."""
    lines = [_HEAD]
    for name in GRADED:
        file = RESULTS / f"truth_leakage_{name}.json"
        if not file.exists():
            lines.append(f"| {name} | not measured yet | | | | |")
            continue
        found = json.loads(file.read_text(encoding="utf-8"))
        cells = [_cell(found[part], learner) for part in ("form", "everything") for learner in ("trees", "linear")]
        lines.append(f"| {name} | {found['packs']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(part: dict[str, Any], learner: str) -> str:
    if not part["figures"]:
        return "nothing differs"
    one = part["told_by"][learner]
    return f"{one['auc']:.2f} ({one['low']:.2f} to {one['high']:.2f})"


_HEAD: Final = """\
# Can a control be told from outside?

Half of the packs below are controls in which nothing is wrong. A classifier is shown what can be seen of a pack without
reading what it says, and is asked, out of fold, which ones are controls. .50 is a coin; in brackets the 95 % interval.

*Form* is what we write and choose: the names of files and columns, types and row groups, and of documents, settings and
logs the size, lines, words and entropy. Nothing may be learnt from it. *Everything* adds how much data there is: rows,
bytes and entropy of the tables. There a fault may show, since it is one: tickets that came twice are more rows, and a
year in which more customers leave has fewer of them. Finding that is the task, and nobody who has one pack has another
to compare it with; but a pack is not to be posed to two people who may compare theirs.

Made by `python benchmarks/truth_leakage.py tell` from `benchmarks/results/truth_leakage_*.json`.

| scenario | packs | form: trees | form: linear | everything: trees | everything: linear |
| --- | ---: | --- | --- | --- | --- |"""


def main() -> None:
    """Make the packs, one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=(*GRADED, "tell"), help="tell: write docs/from_outside.md")
    parser.add_argument("--packs", type=int, default=200)
    parser.add_argument("--resume", action="store_true", help="keep the packs that are in the file already")
    given = parser.parse_args()
    if given.scenario == "tell":
        (RESULTS.parents[1] / "docs" / "from_outside.md").write_text(page(), encoding="utf-8")
        return
    file, kept = RESULTS / f"truth_leakage_{given.scenario}.json", ROWS / f"{given.scenario}.json"
    rows = json.loads(kept.read_text(encoding="utf-8")) if given.resume and kept.exists() else []
    kept.parent.mkdir(parents=True, exist_ok=True)
    for place in range(len(rows), given.packs):
        rows.append(measured(given.scenario, place))
        if len(rows) % 10 == 0 or place == given.packs - 1:
            found = summary(rows) if len(rows) >= 20 else {}  # noqa: PLR2004 - five folds need a few of each
            kept.write_text(json.dumps(rows), encoding="utf-8")
            file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            parts = {part: found[part].get("told_by") for part in ("form", "everything")} if found else {}
            print(f"{len(rows)} packs: {parts}", flush=True)


if __name__ == "__main__":
    main()
