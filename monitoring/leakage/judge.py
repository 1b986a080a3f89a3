"""From clues to a verdict on each column."""

from collections.abc import Iterable, Mapping
from typing import Final

from monitoring.leakage.vocabulary import Clue, ColumnFinding, ColumnVerdict, Mechanism

PROVED: Final = 0.995
"""A clue this sure is proof: it settles the verdict whatever else was seen."""

HEARD: Final = 0.4
"""A suspicion less sure than this is shown with the column but does not accuse it."""

_RANK: Final = {ColumnVerdict.LEAK: 3, ColumnVerdict.SUSPECT: 2, ColumnVerdict.OK: 1, ColumnVerdict.IGNORED: 0}


def judge(names: Iterable[str], clues: Iterable[Clue], ignored: Mapping[str, str]) -> tuple[ColumnFinding, ...]:
    """One finding for each column named, in that order; `ignored` maps names to why they were not judged."""
    by_column: dict[str, list[Clue]] = {}
    for clue in clues:
        by_column.setdefault(clue.column, []).append(clue)
    return tuple(_finding(name, by_column.get(name, []), ignored.get(name)) for name in names)


def _finding(name: str, clues: list[Clue], why_ignored: str | None) -> ColumnFinding:
    evidence = tuple(sorted(clues, key=_strength, reverse=True))
    against = [clue for clue in evidence if _accuses(clue)]
    if not against or _cleared(evidence):
        return _not_accused(name, evidence, why_ignored)
    verdict = against[0].verdict
    return ColumnFinding(
        name=name,
        verdict=verdict,
        mechanism=_mechanism(against),
        confidence=_together([c.confidence for c in against if c.verdict is verdict]),
        evidence=evidence,
    )


def _accuses(clue: Clue) -> bool:
    return clue.verdict in (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT) and clue.confidence >= HEARD


def _strength(clue: Clue) -> tuple[bool, int, float]:
    return clue.confidence >= PROVED, _RANK[clue.verdict], clue.confidence


def _cleared(evidence: tuple[Clue, ...]) -> bool:
    """Whether proof that the column is honest stands against mere signs that it is not."""
    proofs = [clue for clue in evidence if clue.confidence >= PROVED]
    return bool(proofs) and all(clue.verdict is ColumnVerdict.OK for clue in proofs)


def _not_accused(name: str, evidence: tuple[Clue, ...], why_ignored: str | None) -> ColumnFinding:
    if why_ignored is not None:
        note = Clue(
            column=name,
            check="ignored",
            mechanism=Mechanism.NONE,
            verdict=ColumnVerdict.IGNORED,
            confidence=1.0,
            says=why_ignored,
        )
        return ColumnFinding(
            name=name, verdict=ColumnVerdict.IGNORED, mechanism=Mechanism.NONE, confidence=1.0, evidence=(note,)
        )
    sure = max((c.confidence for c in evidence if c.verdict is ColumnVerdict.OK), default=0.5)
    return ColumnFinding(
        name=name, verdict=ColumnVerdict.OK, mechanism=Mechanism.NONE, confidence=sure, evidence=evidence
    )


def _mechanism(against: list[Clue]) -> Mechanism:
    """The mechanism of the strongest clue that names one."""
    named = [clue.mechanism for clue in against if clue.mechanism not in (Mechanism.NONE, Mechanism.UNKNOWN)]
    return named[0] if named else Mechanism.UNKNOWN


def _together(confidences: list[float]) -> float:
    """How sure independent signs make together (a noisy or), short of proof unless one is proof."""
    if max(confidences) >= PROVED:
        return max(confidences)
    doubt = 1.0
    for one in confidences:
        doubt *= 1.0 - one
    return min(1.0 - doubt, 0.99)
