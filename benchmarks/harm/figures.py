"""From lines to figures: how well each rule finds harm, how many calls an incident costs, which cause is named."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.harm.archetypes import ARCHETYPES, NO_CAUSE, UNTOUCHED, Kind
from benchmarks.harm.measure import Line
from benchmarks.harm.verdicts import (
    BEFORE_LABELS,
    WITH_LABELS,
    Limits,
    Rule,
    cause_said,
    counts,
    is_harmful,
    mcc,
    pages,
    rules,
    tuned,
)
from monitoring.vocabulary import Cause

RESAMPLES: Final = 1000
CAUSES: Final = (*(str(one) for one in Cause), NO_CAUSE)

_BY_NAME: Final = {one.name: one for one in ARCHETYPES}


def figures(lines: Sequence[Line]) -> dict[str, Any]:
    """Everything that is reported of a study."""
    limits = tuned(lines)
    untouched = _of(lines, {one.name for one in UNTOUCHED})
    return {
        "worlds": len(lines),
        "seeds": len({line["seed"] for line in lines}),
        "archetypes": len({line["archetype"] for line in lines}),
        "base_rate": _mean([is_harmful(line) for line in lines]),
        "base_rate_untouched": _mean([is_harmful(line) for line in untouched]),
        "limits": {"gate": limits.gate, "lost": limits.lost, "psi": limits.psi, "ks": limits.ks},
        "untouched": _scores(untouched, limits),
        "all": _scores(lines, limits),
        "alerts": alerts(lines),
        "causes": causes(lines),
        "by_archetype": [
            _archetype(name, lines, limits) for name in dict.fromkeys(line["archetype"] for line in lines)
        ],
        "cpu_seconds": sum(line.get("cpu_seconds", 0.0) for line in lines),
    }


def _of(lines: Sequence[Line], names: set[str]) -> list[Line]:
    return [line for line in lines if line["archetype"] in names]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _scores(lines: Sequence[Line], limits: Limits) -> dict[str, dict[str, Any]]:
    return {name: score(lines, rule) for name, rule in rules(limits).items()}


def score(lines: Sequence[Line], rule: Rule) -> dict[str, Any]:
    """MCC with its archetype-clustered 95 % interval, precision, recall and counts of a rule."""
    truth, said = [is_harmful(line) for line in lines], [rule(line) for line in lines]
    (hit, missed), (wrong, quiet) = counts(truth, said)
    low, high = _interval([line["archetype"] for line in lines], truth, said)
    return {
        "mcc": mcc(truth, said),
        "low": low,
        "high": high,
        "precision": hit / max(hit + wrong, 1),
        "recall": hit / max(hit + missed, 1),
        "counts": {"found": hit, "missed": missed, "false": wrong, "quiet": quiet},
    }


def _interval(archetypes: Sequence[str], truth: Sequence[bool], said: Sequence[bool]) -> tuple[float, float]:
    """The 95 % interval of MCC when archetypes are drawn with replacement (Cameron, Gelbach and Miller 2008)."""
    names = sorted(set(archetypes))
    if len(names) < 2:  # noqa: PLR2004 - one cluster has no spread
        return float("nan"), float("nan")
    rng = np.random.default_rng(5)
    members = {name: [i for i, one in enumerate(archetypes) if one == name] for name in names}
    drawn = []
    for _ in range(RESAMPLES):
        rows = [i for name in rng.choice(names, len(names)) for i in members[str(name)]]
        drawn.append(mcc([truth[i] for i in rows], [said[i] for i in rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def alerts(lines: Sequence[Line]) -> dict[str, float]:
    """Calls per harmful world, the share of calls that were for harm, and for harm or a real fault of the data."""
    called = [pages(line) for line in lines]
    harmful = [is_harmful(line) for line in lines]
    real = [one or _BY_NAME[line["archetype"]].kind is Kind.FAULT for line, one in zip(lines, harmful, strict=True)]
    total = max(sum(called), 1)
    of_harm = [count for count, one in zip(called, harmful, strict=True) if one]
    return {
        "pages": float(sum(called)),
        "median_pages_per_incident": float(np.median(of_harm)) if of_harm else float("nan"),
        "mean_pages_per_incident": _mean(of_harm),
        "incidents_paged": _mean([count > 0 for count in of_harm]),
        "precision_harm": sum(of_harm) / total,
        "precision_harm_or_fault": sum(count for count, one in zip(called, real, strict=True) if one) / total,
    }


def causes(lines: Sequence[Line]) -> dict[str, Any]:
    """Share of worlds whose cause was named first, and who was taken for whom: truth to what was said to worlds."""
    pairs = [(_BY_NAME[line["archetype"]].cause, cause_said(line), line) for line in lines]
    right = [(true == said, line) for true, said, line in pairs]
    untouched = {one.name for one in UNTOUCHED}
    harmful = [hit for hit, line in right if is_harmful(line)]
    table: dict[str, Counter[str]] = {}
    for true, said, line in pairs:
        name = f"{true}, {'harmful' if is_harmful(line) else 'harmless'}"
        table.setdefault(name, Counter())[said] += 1
    return {
        "top1_harmful": _mean(harmful),
        "top1_harmful_untouched": _mean(
            [hit for hit, line in right if is_harmful(line) and line["archetype"] in untouched]
        ),
        "top1_all": _mean([hit for hit, _ in right]),
        "confusion": {name: dict(sorted(row.items())) for name, row in sorted(table.items())},
    }


def _archetype(name: str, lines: Sequence[Line], limits: Limits) -> dict[str, Any]:
    mine = _of(lines, {name})
    before, after = (rules(limits)[rule] for rule in (BEFORE_LABELS, WITH_LABELS))
    known = _BY_NAME[name]
    return {
        "name": name,
        "tuned": known.tuned,
        "kind": str(known.kind),
        "cause": known.cause,
        "harm": [round(line["harm"], 4) for line in mine],
        "lost": [round(line["regain"]["lost"], 4) for line in mine],
        "harmful": _mean([is_harmful(line) for line in mine]),
        "before_labels": _mean([before(line) for line in mine]),
        "with_labels": _mean([after(line) for line in mine]),
        "evidently_share": _mean([line["peers"]["evidently_share"] for line in mine]),
        "pages": _mean([pages(line) for line in mine]),
        "cause_said": Counter(cause_said(line) for line in mine).most_common(1)[0][0],
    }
