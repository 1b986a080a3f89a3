"""Why a cell changes when the later rows are gone: which table did it, and by which clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.leakage.compare.alike import Form
from monitoring.leakage.compare.pairs import REBUILD_NOISE, Bools, Pair, pair_of
from monitoring.leakage.events.builder_runs import AVAILABLE, HAPPENED, Site, Workshop, before, places
from monitoring.leakage.events.label_tables import target_columns
from monitoring.leakage.vocabulary import Mechanism

_MOST_TABLES: Final = 6
"""Tables tried one by one; each costs a build."""

_HALF: Final = 0.5
"""A cause is named when it explains at least this share of a column's changed cells."""

_EMPTY_LEAVERS: Final = 0.1
"""Least share of leavers without a value for a column that counts as emptied after the outcome."""

_EMPTY_RATIO: Final = 3.0
"""And how many times the stayers' share that must be."""

_STATE: Final = 0.95
"""A table is a view of the current state when at least this share of its rows are the only ones of their entity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """The mechanism behind a changed column, the tables it came from, and both in words."""

    mechanism: Mechanism
    tables: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """The cutoff looked at: the full build's rows of its entities, and the truncated pairs by column."""

    shop: Workshop
    site: Site
    full: pd.DataFrame
    pairs: Mapping[str, Pair]


def causes(shop: Workshop, site: Site, full: pd.DataFrame, pairs: Mapping[str, Pair]) -> dict[str, Cause]:
    """The cause for each column of `pairs`, judged at one cutoff; `full` has the rows of `site` in order.

    Costs three builds, and one for each table tried until every column has its source.
    """
    scene = _Scene(shop=shop, site=site, full=full, pairs=pairs)
    late = _late_tables(scene)
    groups = {
        Mechanism.TARGET_ENCODING: tuple(n for n in late if n in target_columns(shop.events, shop.target)),
        Mechanism.OVERWRITTEN: tuple(n for n in late if _is_state(scene, n)),
    }
    told = {why: _changes(scene, _cut(scene, names)) for why, names in groups.items() if names}
    told[Mechanism.FUTURE_WINDOW] = _changes(scene, shop.tables_cut(HAPPENED, site.cutoff))
    sources = _sources(scene, late, first=groups[Mechanism.OVERWRITTEN])
    return {name: _cause(scene, name, told, sources.get(name, ())) for name in pairs}


def _late_tables(scene: _Scene) -> tuple[str, ...]:
    """Tables with rows not available at the cutoff, those with the most first."""
    events, cutoff = scene.shop.events, scene.site.cutoff
    late = {name: int((~before(rows, AVAILABLE, cutoff)).sum()) for name, rows in events.items()}
    return tuple(sorted((name for name, rows in late.items() if rows), key=lambda name: -late[name]))


def _cut(scene: _Scene, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    events = scene.shop.events
    cut = {name: events[name][before(events[name], AVAILABLE, scene.site.cutoff)] for name in names}
    return {**events, **cut}


def _sources(scene: _Scene, late: tuple[str, ...], *, first: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """By column the tables whose late rows change it, found by cutting one table at a time."""
    if len(late) == 1:
        return dict.fromkeys(scene.pairs, late)
    found: dict[str, tuple[str, ...]] = {}
    order = [*first, *(name for name in late if name not in first)]
    for table in order[:_MOST_TABLES]:
        if len(found) == len(scene.pairs):
            break
        changes = _changes(scene, _cut(scene, (table,)))
        for name, pair in scene.pairs.items():
            if _mostly(changes[name], pair):
                found[name] = (*found.get(name, ()), table)
    return found


def _mostly(changes: Bools, pair: Pair) -> bool:
    """Whether these changes make up most of the column's."""
    return bool(pair.differs.any()) and float(changes[pair.differs].mean()) >= _HALF


def _changes(scene: _Scene, tables: Mapping[str, pd.DataFrame]) -> dict[str, Bools]:
    """By column, which rows change when the builder is given these tables; all if it cannot build without the rest."""
    everywhere = {name: np.ones(len(scene.site), dtype=np.bool_) for name in scene.pairs}
    try:
        made = scene.shop.build(tables, scene.site.cutoff)
    except Exception:  # noqa: BLE001 - a stranger's builder may raise anything
        return everywhere
    at = places(scene.site, made)
    cells = made.iloc[np.maximum(at, 0)].reset_index(drop=True) if len(made) else made
    if not len(made):
        return everywhere
    return {
        name: (at < 0) | pair_of(scene.full[name], cells[name], noise=REBUILD_NOISE).differs
        if name in cells.columns
        else everywhere[name]
        for name in scene.pairs
    }


def _cause(scene: _Scene, name: str, told: Mapping[Mechanism, Mapping[str, Bools]], tables: tuple[str, ...]) -> Cause:
    pair = scene.pairs[name]
    if not pair.differs.any():
        return Cause(mechanism=Mechanism.UNKNOWN, tables=(), says="later rows matter at some cutoffs")
    mechanism = _mechanism(scene, pair, {why: _mostly(changes[name], pair) for why, changes in told.items()})
    if mechanism is Mechanism.TARGET_ENCODING:
        tables = target_columns(scene.shop.events, scene.shop.target)
    source = f" of {' and '.join(tables)}" if tables else ""
    return Cause(mechanism=mechanism, tables=tables, says=_WORDS[mechanism].format(source=source))


def _mechanism(scene: _Scene, pair: Pair, told: Mapping[Mechanism, bool]) -> Mechanism:
    if pair.form is Form.TIME and _lies_ahead(pair, scene.site.cutoff):
        return Mechanism.TIME_STAMP
    if told.get(Mechanism.TARGET_ENCODING, False):
        return Mechanism.TARGET_ENCODING
    if _emptied(scene, pair):
        return Mechanism.MISSINGNESS
    if told.get(Mechanism.OVERWRITTEN, False):
        return Mechanism.OVERWRITTEN
    return Mechanism.FUTURE_WINDOW if told[Mechanism.FUTURE_WINDOW] else Mechanism.LATE_ROWS


def _lies_ahead(pair: Pair, cutoff: pd.Timestamp) -> bool:
    days = cutoff.value / 86_400e9
    return float(np.mean(np.nan_to_num(pair.left[pair.differs], nan=-np.inf) >= days)) >= _HALF


def _emptied(scene: _Scene, pair: Pair) -> bool:
    """Whether the values given are missing mostly for leavers, as after an erasure."""
    empty, labels = np.isnan(pair.left), scene.site.labels
    leavers, stayers = empty[labels == 1.0], empty[labels == 0.0]
    if not len(leavers) or not len(stayers) or not empty.any():
        return False
    return bool(leavers.mean() >= _EMPTY_LEAVERS and leavers.mean() >= _EMPTY_RATIO * stayers.mean())


def _is_state(scene: _Scene, name: str) -> bool:
    """Whether a table holds one row an entity, some of them written after it was there, as an overwritten view does."""
    rows = scene.shop.events[name]
    key = _entity_column(scene, rows)
    if key is None or not len(rows):
        return HAPPENED not in rows.columns
    return bool((~rows[key].duplicated(keep=False)).mean() >= _STATE)


def _entity_column(scene: _Scene, rows: pd.DataFrame) -> str | None:
    wanted = {str(scene.site.entity.name), str(scene.full.index.name)}
    return next((str(name) for name in rows.columns if str(name) in wanted), None)


_WORDS: Final[Mapping[Mechanism, str]] = {
    Mechanism.FUTURE_WINDOW: "rows{source} that happened at or after the cutoff are counted",
    Mechanism.LATE_ROWS: "rows{source} that happened before the cutoff but arrived after it are read",
    Mechanism.OVERWRITTEN: "values{source} were written after the cutoff, over what stood there",
    Mechanism.TIME_STAMP: "a time stamp{source} lies after the cutoff",
    Mechanism.MISSINGNESS: "values that were known are missing since the row{source} was written over",
    Mechanism.TARGET_ENCODING: "labels{source} that were not known yet are averaged",
    Mechanism.UNKNOWN: "later rows{source} matter",
}
