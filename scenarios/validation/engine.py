"""Run the churn pipeline that a YAML file describes, and print what it claims.

    python run_pipeline.py [pipeline.yaml]

A pipeline is an ordered list of steps. A step works on the rows that are there when it runs. A step that learns
something (`fill`, `scale`, `encode`, `select`) learns it from all rows as long as nothing is split, and from the
training part alone once the split is done. `split` gives every row a part: `train`, `valid` or `test`.

Needs pandas, numpy, lightgbm and pyyaml. The same files give the same figures on every machine.
"""
# ruff: noqa: ANN401 - the learner comes without types

import hashlib
import sys
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

NOT_FEATURES = ("row_id", "customer_id", "cutoff", "churned", "agent", "survey_answered", "still_customer", "part")
"""Columns that no model reads unless a `columns` step says so."""

GAIN, LOSS = 56.0, 11.0
"""Dollars: what contacting a churner earns on average (0.3 x (200 - 10) - 1), what contacting anybody else costs."""

CHANCE = 0.5
Tables = Mapping[str, pd.DataFrame]
Step = Mapping[str, Any]


@dataclass
class Run:
    """A pipeline under way: its rows, the names of its columns, what it has learnt, and in the end what it claims.

    `trained` remembers models by what they were trained on, so that a pipeline that differs from the last one only
    further down costs next to nothing.
    """

    tables: Tables
    seed: int
    trained: MutableMapping[str, Any] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: list[str] = field(default_factory=list)
    learnt: list[Callable[[pd.DataFrame], pd.DataFrame]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    model: Any = None
    threshold: float = CHANCE
    claims: dict[str, float] = field(default_factory=dict)

    def part(self, name: str) -> pd.DataFrame:
        """The rows of one part (`train`, `valid` or `test`); before the split all rows belong to every part."""
        return self.rows if "part" not in self.rows else self.rows[self.rows["part"] == name]

    def learn(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Change the rows, and remember to change new rows in the same way."""
        self.learnt.append(change)
        self.rows = change(self.rows)

    def score(self, rows: pd.DataFrame) -> np.ndarray:
        """Scores of new rows, which have the columns of the panel, shape (n,)."""
        for change in self.learnt:
            rows = change(rows)
        return self.predict(rows)

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Scores of rows that have been through the steps, shape (n,)."""
        return np.asarray(self.model.predict(matrix(rows, self.columns), num_threads=1))

    def draw(self, purpose: int) -> np.random.Generator:
        """The random numbers of one purpose."""
        return np.random.default_rng([self.seed, purpose])


def load(run: Run, *, file: str) -> None:
    """Read the panel: one row is a customer at a cutoff."""
    run.rows = run.tables[file].copy()
    run.columns = [str(name) for name in run.rows if name not in NOT_FEATURES]


def join(run: Run, *, file: str) -> None:
    """Add the columns of a table that has one row a customer."""
    extra = run.tables[file].set_index("customer_id")
    run.learn(lambda rows: rows.join(extra, on="customer_id"))
    run.columns += list(extra.columns)


def sample(run: Run, *, customers: int) -> None:
    """Keep the rows of some customers, drawn at random."""
    known = np.sort(run.rows["customer_id"].unique())
    drawn = run.draw(1).choice(known, size=min(customers, len(known)), replace=False)
    run.rows = run.rows[run.rows["customer_id"].isin(drawn)]


def keep(run: Run, *, where: str, part: str = "all") -> None:
    """Keep the rows for which a condition holds, in all parts or in one."""
    good = np.asarray(run.rows.eval(where), dtype=bool)
    if part != "all":
        good = good | (run.rows["part"] != part).to_numpy()
    run.rows = run.rows[good]


def mature(run: Run, *, extract: str, days: int) -> None:
    """Keep the cutoffs that lie at least `days` before the day the panel was extracted."""
    run.rows = run.rows[run.rows["cutoff"] <= pd.Timestamp(extract) - pd.Timedelta(days=days)]


def deduplicate(run: Run) -> None:
    """Drop rows that repeat another one in everything but the row id; within each part once the split is done."""
    run.rows = run.rows[~run.rows.drop(columns="row_id").duplicated()]


def pool(run: Run, *, stayers: str) -> None:
    """Take churners of every cutoff, and stayers of `all` cutoffs or of the `newest` alone."""
    if stayers == "newest":
        newest = run.rows["cutoff"] == run.rows["cutoff"].max()
        run.rows = run.rows[newest | (run.rows["churned"] == 1)]


def split(run: Run, *, method: str, test: float = 0.3, valid: float = 0.2, gap_days: int = 30) -> None:
    """Give each row a part. `time` tests on the newest cutoffs and leaves `gap_days` free before them."""
    rows = run.rows.copy()
    if method == "time":
        rows = _split_by_time(rows, test, gap_days)
    else:
        keys = rows["customer_id"].to_numpy() if method == "grouped" else np.arange(len(rows))
        rows["part"] = np.where(_chosen(keys, test, run.draw(2)), "test", "train")
    train = (rows["part"] == "train").to_numpy()
    inner = rows["customer_id"].to_numpy() if method != "random" else np.arange(len(rows))
    rows.loc[train & _chosen(inner, valid, run.draw(3)), "part"] = "valid"
    run.rows = rows


def _split_by_time(rows: pd.DataFrame, test: float, gap_days: int) -> pd.DataFrame:
    cutoffs = np.sort(rows["cutoff"].unique())
    first = pd.Timestamp(cutoffs[-max(1, round(test * len(cutoffs)))])
    rows = rows.assign(part=np.where(rows["cutoff"] >= first, "test", "train"))
    return rows[(rows["part"] == "test") | (rows["cutoff"] <= first - pd.Timedelta(days=gap_days))]


def _chosen(keys: np.ndarray, share: float, draw: np.random.Generator) -> np.ndarray:
    """Which rows are chosen when a share of the distinct keys is, shape (n,)."""
    known, place = np.unique(keys, return_inverse=True)
    return np.asarray((draw.random(len(known)) < share)[place])


def balance(run: Run, *, method: str, ratio: float, part: str = "train") -> None:
    """Repeat churners (`over`) or drop stayers (`under`) until there are `ratio` churners for each stayer.

    Works on the training part; on all rows as long as nothing is split.
    """
    if "part" in run.rows and part != "all":
        inside = (run.rows["part"] == part).to_numpy()
        run.rows = pd.concat([_balanced(run, run.rows[inside], method, ratio), run.rows[~inside]])
    else:
        run.rows = _balanced(run, run.rows, method, ratio)


def _balanced(run: Run, rows: pd.DataFrame, method: str, ratio: float) -> pd.DataFrame:
    churned = (rows["churned"] == 1).to_numpy()
    draw = run.draw(4)
    leavers, stayers = np.flatnonzero(churned), np.flatnonzero(~churned)
    if method == "over":
        wanted = max(round(ratio * len(stayers)) - len(leavers), 0)
        return rows.take(np.concatenate([np.arange(len(rows)), draw.choice(leavers, size=wanted)]))
    kept = draw.choice(stayers, size=min(len(stayers), round(len(leavers) / ratio)), replace=False)
    return rows.take(np.sort(np.concatenate([leavers, kept])))


def columns(run: Run, *, add: list[str] | None = None, drop: list[str] | None = None) -> None:
    """Add columns to those the model reads, or take some away."""
    run.columns = [name for name in [*run.columns, *(add or [])] if name not in (drop or [])]


def fill(run: Run) -> None:
    """Put the median in place of missing numbers."""
    medians = run.part("train")[_numbers(run)].median()
    run.learn(lambda rows: rows.fillna(medians.to_dict()))


def scale(run: Run) -> None:
    """Bring numbers to mean 0 and standard deviation 1."""
    numbers = _numbers(run)
    seen = run.part("train")[numbers].astype("float64")
    mean, deviation = seen.mean(), seen.std().replace(0.0, 1.0)
    run.learn(lambda rows: rows.assign(**((rows[numbers] - mean) / deviation)))


def encode(run: Run, *, column: str, prior_rows: float) -> None:
    """Add the churn rate of a code's rows as a column, drawn towards the overall rate as if by `prior_rows` rows."""
    seen = run.part("train")
    overall = seen["churned"].mean()
    by = seen.groupby(column, observed=True)["churned"]
    rate = ((by.sum() + prior_rows * overall) / (by.count() + prior_rows)).to_dict()
    made = f"{column}_churn_rate"
    run.learn(lambda rows: rows.assign(**{made: rows[column].map(rate).astype("float64").fillna(overall)}))
    run.columns = [*run.columns, made]


def select(run: Run, *, prefix: str, best: int) -> None:
    """Of the columns that start with `prefix`, keep those that go together with churn most."""
    offered = [name for name in run.columns if name.startswith(prefix)]
    seen = run.part("train")
    together = np.abs(_correlation(seen[offered].to_numpy(np.float64), seen["churned"].to_numpy(np.float64)))
    chosen = {offered[place] for place in np.argsort(-together, kind="stable")[:best]}
    run.columns = [name for name in run.columns if name not in offered or name in chosen]


def _correlation(values: np.ndarray, target: np.ndarray) -> np.ndarray:
    centred = values - values.mean(axis=0)
    together = centred.T @ (target - target.mean()) / np.maximum(np.sqrt((centred**2).sum(axis=0)), 1e-12)
    return np.asarray(together)


def _numbers(run: Run) -> list[str]:
    return [name for name in run.columns if pd.api.types.is_numeric_dtype(run.rows[name].dtype)]


def matrix(rows: pd.DataFrame, names: list[str]) -> np.ndarray:
    """The columns as numbers, shape (n, k): categories as codes, missing as NaN."""
    return np.column_stack([_cells(rows[name]) for name in names])


def _cells(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.where(values.cat.codes < 0, np.nan, values.cat.codes.astype("float64"))
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.to_numpy("datetime64[D]").astype("float64")
    return values.to_numpy("float64", na_value=np.nan)


def tune(run: Run, *, tries: int, judge_on: str) -> None:
    """Train `tries` configurations drawn at random and go on with the one that has the best AUC on a part."""
    draw, seen, judged = run.draw(5), training(run), run.part(judge_on)
    view = matrix(judged, run.columns)
    tried = [_configuration(draw) for _ in range(tries)]
    found = [auc(judged["churned"], fitted(run, seen, one).predict(view, num_threads=1)) for one in tried]
    run.settings = tried[int(np.argmax(found))]


def _configuration(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "leaves": int(draw.integers(4, 32)),
        "rounds": int(draw.integers(5, 50)),
        "rate": float(draw.uniform(0.03, 0.3)),
        "min_rows": int(draw.integers(5, 100)),
        "feature_share": float(draw.uniform(0.3, 1.0)),
        "seed": int(draw.integers(1 << 30)),
    }


def train(run: Run, *, stop_on: str | None = None, **settings: float) -> None:
    """Train gradient-boosted trees on the training part; `stop_on` takes the round with the best AUC on a part."""
    run.settings = {**run.settings, **settings}
    seen = training(run)
    run.model = fitted(run, seen, run.settings)
    if stop_on:
        judged = run.part(stop_on)
        view, target = matrix(judged, run.columns), judged["churned"]
        found = [auc(target, score) for score in _by_round(run.model, view)]
        run.model = fitted(run, seen, {**run.settings, "rounds": int(np.argmax(found)) + 1})


def _by_round(model: Any, view: np.ndarray) -> list[np.ndarray]:
    """Raw scores after 1, 2, ... rounds."""
    leaves = model.predict(view, pred_leaf=True).reshape(len(view), -1)
    values = [
        np.array([model.get_leaf_output(tree, leaf) for leaf in range(leaves[:, tree].max() + 1)])
        for tree in range(leaves.shape[1])
    ]
    return list(np.cumsum([value[leaves[:, tree]] for tree, value in enumerate(values)], axis=0))


@dataclass
class Training:
    """The training part as the learner sees it; binned once, however many models are trained on it."""

    view: np.ndarray
    target: np.ndarray
    digest: str
    data: Any = None

    def fit(self, settings: Mapping[str, Any]) -> Any:
        """The trees for these settings: the same bytes on every machine."""
        import lightgbm

        fixed = {"objective": "binary", "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1}
        binning = {"max_bin": 63, "feature_pre_filter": False}
        if self.data is None:
            self.data = lightgbm.Dataset(self.view, self.target, params={**fixed, **binning}, free_raw_data=False)
        chosen = {
            "num_leaves": settings.get("leaves", 15),
            "learning_rate": settings.get("rate", 0.08),
            "min_child_samples": settings.get("min_rows", 40),
            "feature_fraction": settings.get("feature_share", 0.7),
            "seed": settings["seed"],
        }
        return lightgbm.train({**fixed, **binning, **chosen}, self.data, num_boost_round=settings.get("rounds", 80))


def training(run: Run) -> Training:
    """The training part, with a digest that tells it from any other."""
    rows = run.part("train")
    view, target = matrix(rows, run.columns), rows["churned"].to_numpy("float64")
    return Training(view, target, hashlib.sha256(view.tobytes() + target.tobytes()).hexdigest())


def fitted(run: Run, part: Training, settings: Mapping[str, Any]) -> Any:
    """The model of these settings, taken from those trained before where it is among them."""
    chosen = {"seed": run.seed, **settings}
    key = part.digest + repr(sorted(chosen.items()))
    if key not in run.trained:
        run.trained[key] = part.fit(chosen)
    return run.trained[key]


def threshold(run: Run, *, judge_on: str) -> None:
    """The score from which a customer is contacted: the one that would have earned most on a part."""
    judged = run.part(judge_on)
    run.threshold = best_threshold(judged["churned"].to_numpy(), run.predict(judged))


def evaluate(run: Run, *, metrics: list[str], slices: str | None = None, report: str = "all") -> None:
    """Score the test part. With `slices` (a column), `report: best` is the slice with the best first metric."""
    rows = run.part("test")
    pieces = (
        [rows] if slices is None or report == "all" else [piece for _, piece in rows.groupby(slices, observed=True)]
    )
    claims = [
        {name: METRICS[name](run, piece) for name in metrics} for piece in pieces if set(piece["churned"]) == {0, 1}
    ]
    run.claims = max(claims, key=lambda one: one[metrics[0]])


def auc(churned: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """The chance that a churner has a higher score than a stayer; ties count half."""
    target, values = np.asarray(churned) == 1, np.asarray(score)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2.0)[place]
    leavers = target.sum()
    return float((rank[target].sum() - leavers * (leavers + 1) / 2.0) / (leavers * (~target).sum()))


def profit(churned: npt.ArrayLike, score: npt.ArrayLike, limit: float) -> float:
    """Dollars per 1,000 customers when those with a score of `limit` or more are contacted."""
    contacted = np.asarray(churned)[np.asarray(score) >= limit]
    return float((contacted.sum() * GAIN - (len(contacted) - contacted.sum()) * LOSS) / len(np.asarray(churned)) * 1000)


def best_threshold(churned: np.ndarray, score: np.ndarray) -> float:
    """The score from which contacting would have earned most."""
    order = np.argsort(-score, kind="stable")
    earned = np.cumsum(np.where(churned[order] == 1, GAIN, -LOSS))
    return float(score[order][int(np.argmax(earned))])


METRICS: Mapping[str, Callable[[Run, pd.DataFrame], float]] = {
    "auc": lambda run, rows: auc(rows["churned"], run.predict(rows)),
    "profit_per_1000": lambda run, rows: profit(rows["churned"], run.predict(rows), run.threshold),
    "accuracy": lambda run, rows: float(((run.predict(rows) >= CHANCE) == (rows["churned"] == 1)).mean()),
    "accuracy_above_always_no": lambda run, rows: METRICS["accuracy"](run, rows) - float((rows["churned"] == 0).mean()),
}

STEPS: Mapping[str, Callable[..., None]] = {
    step.__name__: step
    for step in (
        load, join, sample, keep, mature, deduplicate, pool, split, balance,
        columns, fill, scale, encode, select, tune, train, threshold, evaluate,
    )
}  # fmt: skip


def run_pipeline(spec: Mapping[str, Any], tables: Tables, trained: MutableMapping[str, Any] | None = None) -> Run:
    """Run every step in order. `tables` is by file name; hand the same `trained` to runs that may share models."""
    run = Run(tables=tables, seed=int(spec["seed"]), trained={} if trained is None else trained)
    for step in spec["steps"]:
        STEPS[step["do"]](run, **{name: value for name, value in step.items() if name not in ("name", "do")})
    return run


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables in a folder by file name."""
    return {path.name: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def main(path: Path) -> None:
    """Run a pipeline file on the tables beside it and print its claims."""
    done = run_pipeline(yaml.safe_load(path.read_text(encoding="utf-8")), read_tables(path.parent))
    for name, value in done.claims.items():
        print(f"{name}: {value:.4f}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pipeline.yaml"))
