"""A delivery beside the one before it: what stands still, and what belongs to other rows than it did."""

import numpy as np

from monitoring.columns import Kind
from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.pairing import MIN_PAIRS, Pairing, pair
from monitoring.gate.reading import ReadTable
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement


def check_previous(
    contract: TableContract, table: ReadTable, previous: ReadTable | None, voice: Voice
) -> list[Measurement]:
    """Return whether the table, or a column of it, stands still against the previous delivery, or lost its rows."""
    key = contract.key
    if contract.repeated is None or not key or previous is None or not len(previous):
        return []
    if not all(name in table and name in previous for name in key):
        return []
    found = pair(table.frame, previous.frame, key, {one.name: one.kind for one in contract.columns})
    limit = contract.repeated + limits.REPEATED_MARGIN
    told = voice.say(
        "repeated_keys",
        found.repeated,
        limit,
        unit="share of keys",
        method="keys of the previous delivery",
        hard=True,
        note=f"{found.repeated:.1%} of keys were already in the previous delivery",
        weight=contract.weight,
    )
    pairs = round(found.repeated * len(table))
    strayed = _strayed(contract, found, (table, previous), voice) if pairs >= MIN_PAIRS else []
    return [told, *_still(contract, found, voice), *strayed]


def _still(contract: TableContract, found: Pairing, voice: Voice) -> list[Measurement]:
    told = []
    for column in contract.columns:
        usual = column.unchanged
        if column.name in found.same and usual is not None and usual < limits.UNCHANGED_CEILING:
            share = found.same[column.name]
            told.append(
                voice.say(
                    "unchanged",
                    share,
                    usual + (1.0 - usual) / 2.0,
                    unit="kappa",
                    method="agreement beyond chance with the previous delivery",
                    hard=True,
                    note=f"values stand still: they agree with those of a month before by {share:.2f} beyond chance, "
                    f"at most {usual:.2f} usually",
                    column=column,
                )
            )
    return told


def _strayed(
    contract: TableContract, found: Pairing, tables: tuple[ReadTable, ReadTable], voice: Voice
) -> list[Measurement]:
    """Return the columns whose values no longer follow those of the same keys a month before.

    That is a break where the values as a whole are the same, so that they seem to lie with other keys. Where they
    are not, as when a counter is set back for many at once, it is for the other checks to say what they are worth.
    """
    told = []
    for column in contract.columns:
        closeness, usual = _closeness(column, found)
        if closeness is not None and usual is not None and usual >= limits.STICKY:
            loose = closeness < limits.PAIRING_FLOOR * usual
            alike = loose and _alike(column, *tables)
            told.append(
                voice.say(
                    "strayed",
                    closeness,
                    limits.PAIRING_FLOOR * usual,
                    unit="rank correlation" if column.kind is Kind.NUMBER else "kappa",
                    method="closeness to the same keys' values in the previous delivery",
                    alarm=loose,
                    hard=alike and closeness < limits.PAIRING_BREAK * usual,
                    note=f"values follow those of a month before by {max(closeness, 0.0):.2f}, at least {usual:.2f} "
                    f"usually: they {'may belong to other rows' if alike else 'are others than they were'}",
                    column=column,
                )
            )
    return told


def _alike(column: ColumnContract, table: ReadTable, previous: ReadTable) -> bool:
    """Return whether numbers are spread as a month before (Kolmogorov's distance); labels are not compared."""
    if column.kind is not Kind.NUMBER:
        return True
    sides = [read[column.name].ordered for read in (table, previous)]
    values = np.concatenate(sides)
    below = [np.searchsorted(side, values, side="right") / max(len(side), 1) for side in sides]
    return float(np.abs(below[0] - below[1]).max(initial=0.0)) < limits.ALIKE


def _closeness(column: ColumnContract, found: Pairing) -> tuple[float | None, float | None]:
    if column.kind is Kind.NUMBER:
        return found.follows.get(column.name), column.follows
    if column.kind in (Kind.CATEGORY, Kind.FLAG):
        return found.same.get(column.name), column.steady
    return None, None
