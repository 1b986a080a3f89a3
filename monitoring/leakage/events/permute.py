"""Which columns read labels: shuffle those that were not known at the cutoff, build again, and see what changes."""

from typing import Final

import numpy as np
import pandas as pd

from monitoring.leakage.compare.pairs import Bools
from monitoring.leakage.events.builder_runs import (
    AVAILABLE,
    Site,
    Workshop,
    before,
    pairs_between,
    places,
    sites,
    workshop,
)
from monitoring.leakage.events.label_tables import label_tables
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question, Tables

CHECK: Final = "label permutation"

_SEED: Final = 20_241


def permuted(question: Question, *, seed: int = _SEED) -> list[Clue]:
    """Columns that change when labels not available at the cutoff change hands among entities (P7, proof).

    A rate over labels that were known by then reads labels too, but not these, and is not accused. The shuffle
    depends on `seed` alone.

    Raises
    ------
    MonitorError
        If the builder fails, or does not return one row an entity.
    """
    shop = workshop(question)
    tables = label_tables(question)
    if shop is None or not tables:
        return []
    luck = np.random.default_rng(seed)
    changes: dict[str, list[Bools]] = {}
    for site in sites(question):
        shuffled = {name: _shuffled(shop.events[name], column, site, luck) for name, column in tables.items()}
        _note(changes, _changed(shop, site, {**shop.events, **shuffled}, question.features))
    found = {name: float(np.concatenate(parts).mean()) for name, parts in changes.items()}
    restless = _restless(shop, question) if any(found.values()) else frozenset()
    return [_clue(name, share, tables) for name, share in found.items() if share > 0.0 and name not in restless]


def _shuffled(rows: pd.DataFrame, column: str, site: Site, luck: np.random.Generator) -> pd.DataFrame:
    """The rows with the labels that were not available at the cutoff in another order."""
    late = np.flatnonzero(~before(rows, AVAILABLE, site.cutoff).to_numpy())
    order = np.arange(len(rows))
    order[late] = luck.permutation(late)
    return rows.assign(**{column: rows[column].array.take(order)})


def _changed(shop: Workshop, site: Site, tables: Tables, columns: tuple[str, ...]) -> dict[str, Bools]:
    """By column which of the site's rows change when the builder is given these tables."""
    full, made = shop.full(site.cutoff), shop.build(tables, site.cutoff)
    at_full, at_made = places(site, full), places(site, made)
    both = (at_full >= 0) & (at_made >= 0)
    pairs = pairs_between(
        full.iloc[at_full[both]].reset_index(drop=True), made.iloc[at_made[both]].reset_index(drop=True), columns
    )
    return {name: pair.differs for name, pair in pairs.items()}


def _note(changes: dict[str, list[Bools]], found: dict[str, Bools]) -> None:
    for name, differs in found.items():
        changes.setdefault(name, []).append(differs)


def _restless(shop: Workshop, question: Question) -> frozenset[str]:
    """Columns that change without any shuffle, at the newest cutoff."""
    found = _changed(shop, sites(question)[-1], shop.events, question.features)
    return frozenset(name for name, differs in found.items() if differs.any())


def _clue(name: str, share: float, tables: dict[str, str]) -> Clue:
    return Clue(
        column=name,
        check=CHECK,
        mechanism=Mechanism.TARGET_ENCODING,
        verdict=ColumnVerdict.LEAK,
        confidence=1.0,
        says=f"{share:.1%} of the cells change when labels of {' and '.join(tables)} that were not available at the "
        f"cutoff are shuffled among entities: the column is made from them",
        value=share,
        limit=0.0,
    )
