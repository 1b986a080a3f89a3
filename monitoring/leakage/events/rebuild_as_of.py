"""Three witnesses for a cell: the table, the builder on what was known at the cutoff, and the scoring log."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, as_times
from monitoring.leakage.compare.alike import same_keys
from monitoring.leakage.compare.bins import groups
from monitoring.leakage.compare.link import FOLDS, NOTHING, Added, added
from monitoring.leakage.compare.pairs import Pair, pair_of
from monitoring.leakage.events.builder_runs import Site, Workshop, places, workshop
from monitoring.leakage.events.rebuilt import Rebuilt, against_table, rebuilt
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

CHECK: Final = "as-of pairs"

AGREE: Final = 0.9
"""Share of the disputed cells in which the log must side with the rebuild for the table to be the odd one out."""

_SURE: Final = 1e-4
"""P-value of the link between disputed cells and the label: as sure as .01 for a hundred columns."""

_FEWEST: Final = 10
"""Disputed cells with a known label or a logged value below which neither says anything."""

_PARTS, _STRATA = 10, 20


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dispute:
    """A column over all rebuilt cutoffs: the table beside the as-of rebuild, and what the log says where they differ.

    `logged` counts disputed cells that were logged, `with_builder` and `with_table` those that equal one side.
    """

    pair: Pair
    told: Added
    logged: int
    with_builder: int
    with_table: int
    example: str


def as_of(question: Question) -> list[Clue]:
    """Columns whose value in the table is not what the builder makes of the tables as of the cutoff (P2).

    The scoring log, if given, decides who is right; without it, whether the difference goes along with the outcome.

    Raises
    ------
    MonitorError
        If the builder fails, does not return one row an entity, or makes none of the table's rows.
    """
    shop = workshop(question)
    return [] if shop is None else as_of_in(question, shop, rebuilt(question, shop))


def as_of_in(question: Question, shop: Workshop, built: list[Rebuilt]) -> list[Clue]:
    """The same, given the builds."""
    names = [name for name in question.features if all(name in one.known.columns for one in built)]
    logs = [_log_of(question, one.site) for one in built]
    return [_clue(name, dispute, shop) for name in names if (dispute := _dispute(name, built, logs)) is not None]


def _log_of(question: Question, site: Site) -> pd.DataFrame | None:
    """The log's rows of the site's cutoff, one an entity, with the entity as index."""
    log = question.serving
    if log is None or question.entity not in log.columns or question.time not in log.columns:
        return None
    here = log[(as_times(log[question.time]) == site.cutoff).to_numpy()]
    return here.drop_duplicates(subset=[question.entity]).set_index(question.entity) if len(here) else None


def _dispute(name: str, built: list[Rebuilt], logs: list[pd.DataFrame | None]) -> _Dispute | None:
    pairs = [against_table(one, one.known, name) for one in built]
    if not any(pair.differs.any() for pair in pairs):
        return None
    whole = pair_of(
        pd.concat([one.site.rows[name] for one in built], ignore_index=True),
        pd.concat([one.known[name] for one in built], ignore_index=True),
    )
    sides = np.sum([_sides(name, one, log, pair) for one, log, pair in zip(built, logs, pairs, strict=True)], axis=0)
    return _Dispute(
        pair=whole,
        told=_told(whole, built),
        logged=int(sides[0]),
        with_builder=int(sides[1]),
        with_table=int(sides[2]),
        example=_example(whole, built),
    )


def _sides(name: str, one: Rebuilt, log: pd.DataFrame | None, pair: Pair) -> Counts:
    """Disputed cells that were logged, and how many of them equal the rebuild's and the table's."""
    if log is None or name not in log.columns:
        return np.zeros(3, dtype=np.int64)
    at = places(one.site, log)
    rows = np.flatnonzero(pair.differs & (at >= 0))
    logged = log[name].iloc[at[rows]].reset_index(drop=True)
    by_builder = pair_of(one.known[name].iloc[rows].reset_index(drop=True), logged)
    by_table = pair_of(one.site.rows[name].iloc[rows].reset_index(drop=True), logged)
    return np.array([len(rows), (~by_builder.differs).sum(), (~by_table.differs).sum()], dtype=np.int64)


def _told(pair: Pair, built: list[Rebuilt]) -> Added:
    """What the difference tells about the label beyond the value as of the cutoff."""
    labels = np.concatenate([one.site.labels for one in built])
    known = ~np.isnan(labels)
    if int((pair.differs & known).sum()) < _FEWEST or len(np.unique(labels[known])) < 2:  # noqa: PLR2004 - both labels
        return NOTHING
    entity = pd.concat([one.site.entity for one in built], ignore_index=True)
    folds = np.maximum(same_keys(entity, entity)[0], 0) % FOLDS
    change = _change(pair)
    return added(change[known], groups(pair.right, _STRATA)[known], labels[known], folds[known])


def _change(pair: Pair) -> Counts:
    """The kind of difference, 0 for none."""
    apart: Floats = pair.left - pair.right if not pair.levels else pair.left
    return np.where(pair.differs, 1 + groups(np.where(pair.differs, apart, np.nan), _PARTS), 0)


def _example(pair: Pair, built: list[Rebuilt]) -> str:
    at = int(np.flatnonzero(pair.differs)[-1])
    entity = pd.concat([one.site.entity for one in built], ignore_index=True).iloc[at]
    return (
        f"for example {entity}: {pair.shown(pair.left[at])} in the table, {pair.shown(pair.right[at])} as of the cutoff"
    )


def _clue(name: str, one: _Dispute, shop: Workshop) -> Clue:
    verdict, confidence, why = _verdict(one)
    return Clue(
        column=name,
        check=CHECK,
        mechanism=Mechanism.OVERWRITTEN if verdict is ColumnVerdict.LEAK else Mechanism.UNKNOWN,
        verdict=verdict,
        confidence=confidence,
        says=f"{one.pair.share:.1%} of the table's cells are not what {shop.name} makes of the tables as of the "
        f"cutoff; {why}; {one.example}",
        value=one.pair.share,
        limit=0.0,
    )


def _verdict(one: _Dispute) -> tuple[ColumnVerdict, float, str]:
    linked = one.told.p_value < _SURE and one.told.gain > 0.0
    goes_along = f"the difference goes along with the label (p = {one.told.p_value:.1g})"
    if one.logged >= _FEWEST and one.with_builder >= AGREE * one.logged:
        witness = f"the log agrees with the rebuild in {one.with_builder} of {one.logged} disputed cells"
        return ColumnVerdict.LEAK, 0.97 if linked else 0.9, witness
    if one.logged >= _FEWEST and one.with_table >= AGREE * one.logged:
        witness = f"but the log agrees with the table in {one.with_table} of {one.logged} disputed cells"
        return ColumnVerdict.SUSPECT, 0.2, witness
    if linked:
        return ColumnVerdict.LEAK, 0.9, goes_along
    return ColumnVerdict.SUSPECT, 0.3, "the table was made otherwise, and the difference says nothing about the label"
