"""What is planted in a case: leaks by level, among honest columns that look just like them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from pipelines.leaks.catalogue import LEAKS
from pipelines.leaks.definition import Definition
from pipelines.leaks.honest import DECOYS, HONEST
from pipelines.leaks.leak import ColumnLeak, Planted, RowLeak, ServingSkew
from scenarios.base import Level

LOUD: Final = frozenset(
    {
        "bills_missed",
        "centred_mean",
        "contract_end_moved",
        "last_payment",
        "remade_score",
        "renewal_off",
        "requests_through",
    }
)
"""Plain leaks that lift the offline AUC by .06 or more, mostly first by gain (benchmarks/results/leaks.json)."""

QUIET: Final = frozenset({"area_rate", "desk_tickets", "file_place", "new_number", "purged_profile", "usage_through"})
"""Plain leaks that lift it by less, and stand behind honest columns."""

FAINT: Final = frozenset({"back_filled", "inclusive_bound", "late_rows"})
"""Subtle leaks that stand outside the first five by gain and cost next to nothing: proof finds them, no score does."""

RECIPES: Final[Mapping[Level, tuple[str, ...]]] = {
    Level.JUNIOR: ("blatant", "quiet"),
    Level.MID: ("loud", "quiet", "skew"),
    Level.SENIOR: ("loud", "quiet", "faint", "skew"),
}
"""What is planted at each level: leaking columns by loudness, and a scoring job that sends something else.

So something planted comes first by gain and something planted does not.
"""

DECOYS_SHOWN: Final = 3
NAMESAKES: Final = 2
"""Honest columns of a case, beside the decoys, that have a leak's name, so that no name tells a leak."""

LEFT_OUT: Final = 4
"""Honest columns, none of which is missed, that a case does without, so that cases differ in what they have."""

INVARIANT_TABLES: Final = frozenset({"customers", "profiles"})
"""Tables whose rows were there when a customer signed up and never change, so that reading all of them is harmless."""

READ_WHOLE: Final = 0.7
"""Share of the columns from such tables that are read whole: a careless definition that does no harm."""

_Chosen: TypeAlias = ColumnLeak | ServingSkew


@dataclass(frozen=True, kw_only=True, slots=True)
class Composition:
    """What a case is made of: leaking columns, what the scoring job does differently, honest columns, decoys' names."""

    columns: tuple[Planted, ...]
    skews: tuple[Planted, ...]
    honest: tuple[Definition, ...]
    decoys: tuple[str, ...]

    def written(self) -> tuple[Definition, ...]:
        """Every definition as the nightly job runs it, by name."""
        leaky = [p.leak.leaky(p.name, p.dose) for p in self.columns if isinstance(p.leak, ColumnLeak)]
        return tuple(sorted([*leaky, *self.honest], key=lambda d: d.name))

    def rebuilt(self) -> tuple[Definition, ...]:
        """The leaking columns alone, made from what was known at the cutoff."""
        return _rebuilt(self.columns)


def planted_composition(level: Level, rng: np.random.Generator) -> Composition:
    """Draw what is planted at a level. No two planted things touch the same honest column."""
    return _surrounded(*_drawn(level, rng), rng)


def healthy_composition(level: Level, rng: np.random.Generator) -> Composition:
    """The same surface with nothing planted: what would leak is made from what was known at the cutoff."""
    found = _surrounded(*_drawn(level, rng), rng)
    return replace(found, columns=(), skews=(), honest=(*found.honest, *found.rebuilt()))


def _drawn(
    level: Level, rng: np.random.Generator
) -> tuple[tuple[Planted, ...], tuple[Planted, ...], tuple[Planted, ...]]:
    """Leaking columns, skews, and columns that have a leak's name and are honest, with a dose of 0."""
    chosen = None
    while chosen is None:
        chosen = _chosen(RECIPES[level], rng)
    columns = tuple(_named(leak, rng) for leak in chosen if isinstance(leak, ColumnLeak))
    skews = tuple(Planted(leak=leak, dose=leak.dose) for leak in chosen if isinstance(leak, ServingSkew))
    return columns, skews, _namesakes({name for leak in chosen for name in _claims(leak)}, rng)


def _namesakes(taken: set[str], rng: np.random.Generator) -> tuple[Planted, ...]:
    """Honest columns under leaks' names, none of which stands in for an honest column that is `taken`."""
    found: list[Planted] = []
    candidates = [leak for leak in LEAKS if isinstance(leak, ColumnLeak)]
    for place in rng.permutation(len(candidates)):
        leak = candidates[int(place)]
        if len(found) < NAMESAKES and not taken & _claims(leak):
            found.append(replace(_named(leak, rng), dose=0.0))
            taken = taken | _claims(leak)
    return tuple(found)


def _chosen(recipe: Sequence[str], rng: np.random.Generator) -> list[_Chosen] | None:
    """One leak a kind; None where the first ones left nothing for a later kind, so that it has to be drawn again."""
    chosen: list[_Chosen] = []
    for kind in recipe:
        taken = {name for leak in chosen for name in _claims(leak)}
        fitting = [leak for leak in LEAKS if not isinstance(leak, RowLeak) and _fits(leak, kind)]
        free = [leak for leak in fitting if not taken & _claims(leak)]
        if not free:
            return None
        chosen.append(free[int(rng.integers(len(free)))])
    return chosen


def _fits(leak: _Chosen, kind: str) -> bool:
    if isinstance(leak, ServingSkew):
        return kind == "skew" and leak.moves == "ranking"
    return leak.name in _SETS[kind] if kind in _SETS else leak.tier == kind


_SETS: Final[Mapping[str, frozenset[str]]] = {"loud": LOUD, "quiet": QUIET, "faint": FAINT}


def _claims(leak: _Chosen) -> set[str]:
    """What only one planted thing may have: its name, and the honest columns it touches."""
    touched = leak.columns if isinstance(leak, ServingSkew) else (leak.twin or leak.name,)
    return {leak.name, *touched}


def _named(leak: ColumnLeak, rng: np.random.Generator) -> Planted:
    return Planted(leak=leak, dose=leak.dose, name=leak.names[int(rng.integers(len(leak.names)))])


def _surrounded(
    columns: tuple[Planted, ...], skews: tuple[Planted, ...], namesakes: tuple[Planted, ...], rng: np.random.Generator
) -> Composition:
    decoys = [DECOYS[int(i)] for i in rng.permutation(len(DECOYS))[:DECOYS_SHOWN]]
    replaced = {p.leak.twin for p in (*columns, *namesakes)} | {decoy.twin for decoy in decoys}
    needed = {name for p in skews if isinstance(p.leak, ServingSkew) for name in p.leak.columns}
    honest = [d for d in HONEST if d.name not in replaced or d.name in needed]
    spare = [d.name for d in honest if d.name not in needed]
    left_out = {spare[int(i)] for i in rng.permutation(len(spare))[:LEFT_OUT]}
    return Composition(
        columns=columns,
        skews=skews,
        honest=(
            *(_as_written(d, rng) for d in honest if d.name not in left_out),
            *(decoy.definition for decoy in decoys),
            *_rebuilt(namesakes),
        ),
        decoys=tuple(decoy.definition.name for decoy in decoys),
    )


def _rebuilt(columns: Sequence[Planted]) -> tuple[Definition, ...]:
    return tuple(p.leak.honest(p.name) for p in columns if isinstance(p.leak, ColumnLeak))


def _as_written(definition: Definition, rng: np.random.Generator) -> Definition:
    careless = float(rng.random()) < READ_WHOLE and definition.table in INVARIANT_TABLES
    return replace(definition, known="warehouse") if careless else definition
