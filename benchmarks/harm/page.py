"""The page docs/harm.md: what was asked, how it was measured, and the tables of the study."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.harm.ground import AUDITED, COHORTS, RUNS
from benchmarks.harm.tables import Table
from benchmarks.harm.verdicts import BEFORE_LABELS, HARMFUL, WITH_LABELS
from monitoring.vocabulary import Cause

_ENOUGH_SEEDS = 5
"""With fewer seeds the page says that it is a first look."""

_HALF = 0.5
"""Share of its worlds from which a kind of event counts as harmful, or as seen."""

_TARGETS = {"before": 0.55, "with": 0.95, "pages": 1.0, "precision": 0.9, "cause": 0.8}


def page(found: dict[str, Any], tables: Mapping[str, Table]) -> str:
    """The page as Markdown."""
    return "\n\n".join(
        [
            "# Does the monitor see harm?",
            _question(found) + _caution(found["seeds"]),
            _targets(found),
            *_early(found["by_archetype"]),
            "## Harm found on untouched archetypes",
            tables["untouched"].markdown(),
            _rules(found),
            "![Profit lost by archetype, one dot a world](harm.svg)",
            "A star marks untouched archetypes. Right of the dashed line the world is harmful.",
            "## Calls",
            tables["alerts"].markdown(),
            _luck(found),
            "## Causes",
            _causes(found),
            tables["confusion"].markdown(),
            "## Every archetype",
            tables["archetypes"].markdown(),
            "## On all archetypes",
            tables["all"].markdown(),
            _MADE,
        ]
    )


_MADE = """\
Made by `make bench-harm`; do not edit by hand. One core takes half an hour. `make bench-harm ARGS='--workers 2'` makes
two seeds at a time, through Prefect on Dask, and `--scheduler tcp://...` uses a Dask cluster that runs already.
"""


def _question(found: dict[str, Any]) -> str:
    return (
        "Columns move all the time; what a user pays for is money. Here a deployed model is put through "
        f"{found['archetypes']} kinds of events, {_counted(found['seeds'], 'seed')} each ({found['worlds']} worlds), "
        "made from the company world's levers, faults and nulls and from a leak that dies. The world knows every "
        "customer's true chance of leaving, so harm is exact: the share of the campaign's expected profit that is "
        "lost against the undisturbed world, both relative to what the best score would earn. From "
        f"{HARMFUL:.0%} on, a world is called harmful; {found['base_rate']:.0%} are.\n\n"
        f"The full monitor runs month by month for {len(RUNS)} months, gate included; a blocked month gives no scores. "
        f"Judged are {len(COHORTS)} cohorts. *Before labels* uses the gate, the prediction and the estimate. *With "
        f"labels* asks for {AUDITED:.0%} of those cohorts' labels: everybody the campaign reaches, and of the others "
        "more where the score is high. A corrector learnt from them, judged on customers it has not seen, says how "
        "much more the same campaign could earn. Archetypes were divided into tuned and untouched before any monitor "
        "was run on them, and every threshold was chosen on the tuned ones. Two rules of the gate were mended after "
        "earlier runs of this study had shown where they called falsely, on quiet worlds and gateway_echo: a counter "
        "that climbs on or is set back is no break, and rows alike in a table without a key warn."
    )


def _caution(seeds: int) -> str:
    if seeds >= _ENOUGH_SEEDS:
        return ""
    return (
        f"\n\nThis is a first look: {_counted(seeds, 'seed')} so far. The intervals below are over archetypes and know "
        "nothing of another seed's luck."
    )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _targets(found: dict[str, Any]) -> str:
    before, after = (found["untouched"][rule] for rule in (BEFORE_LABELS, WITH_LABELS))
    calls, named = found["alerts"], found["causes"]
    rows = [
        ("MCC before labels, untouched", before["mcc"], _TARGETS["before"]),
        ("MCC with 20 % of labels, untouched", after["mcc"], _TARGETS["with"]),
        ("calls per harmful world, median", calls["median_pages_per_incident"], _TARGETS["pages"]),
        ("calls that were for harm or broken data", calls["precision_harm_or_fault"], _TARGETS["precision"]),
        ("cause named first, harmful worlds", named["top1_harmful"], _TARGETS["cause"]),
    ]
    lines = [[name, f"{value:.2f}", f"{target:g}"] for name, value, target in rows]
    return Table(title="", heads=("figure", "measured", "target"), rows=lines).markdown()


def _early(archetypes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is seen without labels and what is not, by cause; nothing where a study lacks either kind of harm."""
    harmful = [one for one in archetypes if one["harmful"] >= _HALF]
    broken = [one for one in harmful if one["cause"] in (Cause.DATA_FAULT, Cause.LEAK_DIED)]
    moved = [one for one in harmful if one["cause"] in (Cause.CONCEPT, Cause.LABEL_SHIFT)]
    seen = [one["name"] for one in moved if one["before_labels"] >= _HALF]
    unseen = [one for one in moved if one["name"] not in seen]
    if not broken or not unseen:
        return []
    aside = f", {' and '.join(seen)} aside" if seen else ""
    told = [sum(one["before_labels"] for one in some) / len(some) for some in (broken, unseen)]
    said = (
        "Before labels the monitor sees broken data and dead leaks: harm is said in "
        f"{told[0]:.0%} of the worlds of those {_counted(len(broken), 'harmful kind')}. Of concept drift and label "
        f"shift it sees next to nothing: {told[1]:.0%} of the worlds of {_counted(len(unseen), 'harmful kind')}"
        f"{aside}. Those have to wait for labels."
    )
    return [said]


def _rules(found: dict[str, Any]) -> str:
    limits = found["limits"]
    return (
        "Before labels, harm is said where something broke hard that carries at least "
        f"{limits['gate']:.0%} of the model's use, where the estimated AUC or profit is below what good months show "
        "even in its best reading, or where the number of customers the campaign reaches leaves its season in two runs "
        f"of four. With labels, harm is said from {limits['lost']:.1%} of profit that could be regained. Beside them "
        "stand Evidently's default tests (called column by column), the rule of thumb for PSI, and PSI and KS with "
        "the best threshold the tuned archetypes allow. Intervals draw archetypes with replacement."
    )


def _luck(found: dict[str, Any]) -> str:
    return (
        "The worlds of a seed share customers and luck, so that one call by chance counts in every world of its seed "
        f"in which nothing harmful happens. These calls are of {_counted(found['seeds'], 'seed')}."
    )


def _causes(found: dict[str, Any]) -> str:
    named = found["causes"]
    return (
        f"The cause named first is right in {named['top1_harmful']:.0%} of harmful worlds "
        f"({named['top1_harmful_untouched']:.0%} on untouched archetypes), and in {named['top1_all']:.0%} of all. "
        "Harmless worlds count as right only where the mechanism that moved is named, so silence about a change too "
        "small to matter counts as wrong there."
    )
