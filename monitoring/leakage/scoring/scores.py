"""One learner judged three ways, with every column and without those found to leak."""

from dataclasses import replace
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.columns import Counts, Floats
from monitoring.leakage import learner
from monitoring.leakage.ranking import influences
from monitoring.leakage.rows.adversarial import tell_apart
from monitoring.leakage.scoring.interval import reach
from monitoring.leakage.scoring.ways import Part, Way, given_way, grouped_way, random_way, time_way
from monitoring.leakage.side_by_side import side_by_side
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import Score, ScoreBy

SCORED_ROWS: Final = 20_000
"""Rows that the scores are learned and judged on."""

_APART: Final = 0.6
_SURELY: Final = 3.0
"""Earlier and later rows are said to differ if a model surely, by so many errors, tells them apart with this AUC."""

NOT_HAD: Final = Score(auc=float("nan"), low=float("nan"), high=float("nan"))


def scores(
    sheet: Sheet, leaks: set[str], *, seed: int, later: npt.NDArray[np.bool_] | None = None
) -> tuple[ScoreBy, ...]:
    """The random, the grouped and the time-ordered score, and that of the given split.

    `later`, one element for each row of the table given, marks the second part of that split.
    """
    rows = _drawn(sheet, seed)
    ways = [random_way(sheet, rows, seed=seed), grouped_way(sheet, rows, seed=seed), _time(sheet, rows, seed)]
    if later is not None:
        ways.append(given_way(sheet, rows, later))
    names = [str(name) for name in sheet.features.columns]
    kept = [name for name in names if name not in leaks]
    return tuple(_both(sheet, way, names, kept, seed=seed) for way in ways)


def _time(sheet: Sheet, rows: Counts, seed: int) -> Way:
    """The time-ordered split, with how far later rows differ from earlier ones."""
    way = time_way(sheet, rows)
    if not way.parts:
        return way
    later = np.zeros(len(sheet.target), dtype=np.bool_)
    for part in way.parts:
        later[part.judge] = True
    apart = tell_apart(sheet, later, seed=seed)
    if apart is None or not apart.rank.low(_SURELY) > _APART:
        return way
    by = f", mostly by {', '.join(apart.columns)}" if apart.columns else ""
    return replace(way, note=f"{way.note} A model tells these rows from earlier ones (AUC {apart.rank.auc:.2f}{by}).")


def _drawn(sheet: Sheet, seed: int) -> Counts:
    """Rows to score, whole entities where they are known."""
    count = len(sheet.target)
    if count <= SCORED_ROWS:
        return np.arange(count)
    rng = np.random.default_rng([seed, 29])
    unit = np.arange(count) if sheet.entity is None else sheet.entity
    return np.flatnonzero(rng.random(int(unit.max()) + 1)[unit] < SCORED_ROWS / count)


def _both(sheet: Sheet, way: Way, names: list[str], kept: list[str], *, seed: int) -> ScoreBy:
    choices = [names] if kept == names else [names, kept]
    fits = [(part, columns) for columns in choices for part in way.parts if columns]
    judged = iter(side_by_side(lambda one: _judged(sheet, *one, seed), fits))
    found = [_score(sheet, way, list(islice(judged, len(way.parts) if columns else 0))) for columns in choices]
    return ScoreBy(split=way.name, all_columns=found[0], without_leaks=found[-1], note=way.note)


def _score(sheet: Sheet, way: Way, judged: list[tuple[Floats, float]]) -> Score:
    """The mean AUC of the parts, with an interval for what the procedure gives on new rows of the same world."""
    if not judged:
        return NOT_HAD
    moved = np.zeros(len(sheet.target))
    for part, (influence, _) in zip(way.parts, judged, strict=True):
        moved[part.judge] += influence / len(way.parts)
    half = reach(
        judged,
        moved,
        ones=float(sum(sheet.target[part.judge].sum() for part in way.parts)),
        entity=sheet.entity,
        period=None if sheet.clock is None else sheet.clock.period,
        ordered=way.ordered,
    )
    auc = float(np.mean([auc for _, auc in judged]))
    return Score(auc=auc, low=max(auc - half, 0.0), high=min(auc + half, 1.0))


def _judged(sheet: Sheet, part: Part, names: list[str], seed: int) -> tuple[Floats, float]:
    table, target = sheet.encoded[names], sheet.target
    fitted = learner.fit(table.iloc[part.learn], target[part.learn], seed=seed)
    return influences(target[part.judge], fitted.score(table.iloc[part.judge]))
