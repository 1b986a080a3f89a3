"""Proof by rebuilding: take away what could not be read at the cutoff yet, build again, and see which cells change."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from monitoring.columns import Floats
from monitoring.leakage.compare.pairs import Bools, Pair
from monitoring.leakage.events import rebuild_cause as cause
from monitoring.leakage.events.builder_runs import Workshop, pairs_between, places, workshop
from monitoring.leakage.events.rebuilt import Rebuilt, against_table, rebuilt
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

CHECK: Final = "truncate and rebuild"
REPEAT: Final = "build twice"
ORIGIN: Final = "table made by the builder"

OTHER_MAKER: Final = 0.01
"""Above this share of cells that the full rebuild makes differently, the table came from somewhere else."""

HONEST: Final = 0.996
"""Confidence in a column that follows from the rows available: proof, as far as the cutoffs that were rebuilt."""

_SMALL_SHARE: Final = 0.005
"""Changed cells below this share of all, without a link to the label, are a leak that hardly matters."""

_LINKED_RATIO: Final = 1.5
"""Leavers' share of changed cells over the stayers' above which the change goes along with the label."""


def truncated(question: Question) -> list[Clue]:
    """Columns with a cell that changes when rows not available at the cutoff are taken away (P1, proof).

    A column whose cells in the table follow exactly from the rows available gets a clue that clears it.

    Raises
    ------
    MonitorError
        If the builder fails, does not return one row an entity, or makes none of the table's rows.
    """
    shop = workshop(question)
    return [] if shop is None else truncated_in(question, shop, rebuilt(question, shop))


def truncated_in(question: Question, shop: Workshop, built: list[Rebuilt]) -> list[Clue]:
    """The same, given the builds."""
    restless = _restless(shop, built[-1])
    columns = tuple(name for name in question.features if name not in restless)
    changes = [pairs_between(one.full, one.known, columns) for one in built]
    proofs = _proofs(shop, built, changes)
    others = tuple(name for name in columns if name not in {clue.column for clue in proofs})
    shaky = [_restless_clue(shop, name, share) for name, share in restless.items() if name in question.features]
    return [*proofs, *_origins(shop, built, others), *shaky, *(_honest(shop, name) for name in _exact(built, others))]


def _restless(shop: Workshop, last: Rebuilt) -> Mapping[str, float]:
    """Columns that a second build of the same tables makes differently, with the share of such cells."""
    again = shop.full(last.site.cutoff)
    at = places(last.site, again)
    kept = at >= 0
    pairs = pairs_between(
        last.full[kept].reset_index(drop=True),
        again.iloc[at[kept]].reset_index(drop=True),
        tuple(last.full.columns),
    )
    return {name: pair.share for name, pair in pairs.items() if pair.differs.any()}


def _restless_clue(shop: Workshop, name: str, share: float) -> Clue:
    return Clue(
        column=name,
        check=REPEAT,
        mechanism=Mechanism.UNKNOWN,
        verdict=ColumnVerdict.SUSPECT,
        confidence=0.2,
        says=f"the builder {shop.name} gives other values for the same input in {share:.1%} of the cells, "
        f"so nothing can be proved about this column; fix its random seed",
        value=share,
        limit=0.0,
    )


def _proofs(shop: Workshop, built: list[Rebuilt], changes: list[Mapping[str, Pair]]) -> list[Clue]:
    labels = np.concatenate([one.site.labels for one in built])
    differs = {
        name: np.concatenate([pairs[name].differs for pairs in changes])
        for name in changes[0]
        if all(name in pairs for pairs in changes)
    }
    changed = tuple(name for name, where in differs.items() if where.any())
    if not changed:
        return []
    most = max(range(len(built)), key=lambda at: sum(int(changes[at][name].differs.sum()) for name in changed))
    causes = cause.causes(shop, built[most].site, built[most].full, {name: changes[most][name] for name in changed})
    return [
        _proof(name, differs[name], labels, why=causes[name], example=_example(name, built, changes))
        for name in changed
    ]


def _proof(name: str, differs: Bools, labels: Floats, *, why: cause.Cause, example: str) -> Clue:
    share = float(differs.mean())
    leavers, stayers = _share(differs, labels == 1.0), _share(differs, labels == 0.0)
    by_label = "" if np.isnan(leavers + stayers) else f" (leavers {leavers:.1%}, stayers {stayers:.1%})"
    linked = leavers > _LINKED_RATIO * stayers
    matters = "; it hardly matters" if share < _SMALL_SHARE and not linked else ""
    return Clue(
        column=name,
        check=CHECK,
        mechanism=why.mechanism,
        verdict=ColumnVerdict.LEAK,
        confidence=1.0,
        says=f"{share:.2%} of the cells change{by_label} when rows not available at the cutoff are taken away: "
        f"{why.says}; {example}{matters}",
        value=share,
        limit=0.0,
    )


def _share(differs: Bools, rows: Bools) -> float:
    return float(differs[rows].mean()) if rows.any() else float("nan")


def _example(name: str, built: list[Rebuilt], changes: list[Mapping[str, Pair]]) -> str:
    """The first changed cell of the newest cutoff that has one, a leaver's if there is."""
    for one, pairs in zip(reversed(built), reversed(changes), strict=True):
        pair = pairs[name]
        where = np.flatnonzero(pair.differs)
        if len(where):
            at = where[np.argmax(np.nan_to_num(one.site.labels[where]) == 1.0)]
            cutoff = f"{one.site.cutoff:%Y-%m-%d}"
            before, after = pair.shown(pair.left[at]), pair.shown(pair.right[at])
            return f"for example {one.site.entity.iloc[at]} at {cutoff}: {before} becomes {after}"
    return "no example"


def _origins(shop: Workshop, built: list[Rebuilt], columns: tuple[str, ...]) -> list[Clue]:
    """Columns that the builder, given every row, makes differently from the table."""
    found = []
    for name in columns:
        if all(name in one.full.columns for one in built):
            differs = np.concatenate([against_table(one, one.full, name).differs for one in built])
            if (share := float(differs.mean())) > OTHER_MAKER:
                found.append(_origin(shop, name, share))
    return found


def _origin(shop: Workshop, name: str, share: float) -> Clue:
    return Clue(
        column=name,
        check=ORIGIN,
        mechanism=Mechanism.UNKNOWN,
        verdict=ColumnVerdict.SUSPECT,
        confidence=0.2,
        says=f"{share:.1%} of the table's cells are not what {shop.name} makes from these events: "
        f"the table was made otherwise, so that rebuilding clears the builder and not the table",
        value=share,
        limit=OTHER_MAKER,
    )


def cleared(question: Question) -> frozenset[str]:
    """Columns whose cells in the table are exactly what was known at every rebuilt cutoff; empty without a builder.

    Stronger than finding nothing: the table's own values follow from rows available at the cutoff alone.
    """
    shop = workshop(question)
    if shop is None:
        return frozenset()
    return frozenset(_exact(rebuilt(question, shop), question.features))


def _exact(built: list[Rebuilt], columns: tuple[str, ...]) -> list[str]:
    made = [name for name in columns if all(name in one.known.columns for one in built)]
    return [name for name in made if not any(against_table(one, one.known, name).differs.any() for one in built)]


def _honest(shop: Workshop, name: str) -> Clue:
    return Clue(
        column=name,
        check=CHECK,
        mechanism=Mechanism.NONE,
        verdict=ColumnVerdict.OK,
        confidence=HONEST,
        says=f"{shop.name} makes exactly the table's cells from the rows available at the cutoff",
        value=0.0,
        limit=0.0,
    )
