"""The verdict in sentences: what was found, what it costs, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitoring.leakage.vocabulary import Audit, Clue, ColumnFinding, ColumnVerdict, Depth, Mechanism, Score, ScoreBy
from pipelines.user_tables.nearest import listed
from scenarios.audit.report import Report
from scenarios.page.dot_plot import spoken_interval
from scenarios.page.figures import counted, number, percent
from scenarios.page.marks import Kind
from scenarios.page.scale import is_known

MARKS: Final[Mapping[ColumnVerdict, Kind]] = {
    ColumnVerdict.LEAK: "critical",
    ColumnVerdict.SUSPECT: "warning",
    ColumnVerdict.OK: "ok",
    ColumnVerdict.IGNORED: "unknown",
}

SPLITS: Final = {
    "given": "The split as given",
    "random": "Random split",
    "grouped": "Each entity on one side",
    "time": "Later rows from earlier ones",
}
"""How rows were split, in words; the last of these that could be scored is the most honest."""

DEPTHS: Final = {
    Depth.TABLE: "the table alone",
    Depth.SERVING: "the table and a scoring log",
    Depth.EVENTS: "the table, its events and the builder",
}

ADVICE: Final[Mapping[Mechanism, str]] = {
    Mechanism.TARGET_COPY: "Drop it: it is the outcome under another name.",
    Mechanism.FUTURE_WINDOW: "Rebuild it with a window that ends at the cutoff.",
    Mechanism.OVERWRITTEN: "Rebuild it from history, as the value stood at the cutoff.",
    Mechanism.LATE_ROWS: "Rebuild it from rows that had arrived by the cutoff.",
    Mechanism.TIME_STAMP: "Drop it, or keep only stamps from before the cutoff.",
    Mechanism.MISSINGNESS: "Find out who empties or fills it, and rebuild it as it stood at the cutoff.",
    Mechanism.IDENTIFIER: "Drop it, and shuffle the rows before saving the table.",
    Mechanism.TARGET_ENCODING: "Compute it from the training part alone, or from earlier outcomes only.",
    Mechanism.STORED_SCORE: "Drop it, or use only scores made before the cutoff.",
    Mechanism.LEAVERS_SHIFT: "Log the value when scoring and train on the log, or rebuild it as of the cutoff.",
    Mechanism.TARGET_PART: "Rebuild it without the outcome of the same rows.",
    Mechanism.UNKNOWN: "Ask where it comes from and when it is written; leave it out until that is known.",
}
"""What to do about a mechanism."""

_WORTH_SAYING: Final = 0.005
"""A difference between two AUCs below this is not worth a word; the third decimal of an AUC is luck."""

_NAMED: Final = 5
"""Columns named in the first sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer at a glance. `costs` and `next` may be empty."""

    kind: Kind
    found: str
    costs: str
    next: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Those that say something, in order."""
        return tuple(one for one in (self.found, self.costs, self.next) if one)


def verdict(report: Report) -> Verdict:
    """What was found, what it costs in AUC, and what to do next."""
    audit = report.audit
    suspects = report.having(ColumnVerdict.SUSPECT)
    kind: Kind = "ok" if audit.clean and not suspects else "warning" if audit.clean else "critical"
    return Verdict(kind=kind, found=_found(report), costs=_costs(audit), next=_next(report))


def _found(report: Report) -> str:
    leaks = [one.name for one in report.having(ColumnVerdict.LEAK)]
    suspects = [one.name for one in report.having(ColumnVerdict.SUSPECT)]
    judged = counted(len(report.having(ColumnVerdict.OK)) + len(leaks) + len(suspects), "column")
    said = []
    if leaks:
        said.append(f"{_columns(leaks)} {_give(leaks)} the outcome away: {listed(leaks, most=_NAMED)}.")
    if suspects:
        said.append(
            f"{_columns(suspects)} {'is' if len(suspects) == 1 else 'are'} suspect: {listed(suspects, most=_NAMED)}."
        )
    if report.audit.invalid_split:
        said.append("The split does not measure what it claims.")
    return " ".join(said) or f"No leak was found in {judged}, as far as {DEPTHS[report.audit.depth]} can show."


def _columns(names: list[str]) -> str:
    return counted(len(names), "column")


def _give(names: list[str]) -> str:
    return "gives" if len(names) == 1 else "give"


def _costs(audit: Audit) -> str:
    scored = honest_score(audit)
    if scored is None:
        return ""
    seen = f"AUC {interval(scored)}"
    where = SPLITS.get(scored.split, scored.split).lower()
    without, points = scored.without_leaks, _points(scored)
    if not audit.leaks or not is_known(without.auc):
        return f"{seen}, {where}.{_promised(audit, scored)}"
    spoken = spoken_interval((without.auc, without.low, without.high), 3)
    them, leaks = ("it", "the leak is") if len(audit.leaks) == 1 else ("them", "the leaks are")
    worth = f"{leaks} worth {points:.3f} of AUC" if points >= _WORTH_SAYING else "no difference worth a word"
    return f"{seen} with {them} and {spoken} without, {where}: {worth}."


def _promised(audit: Audit, scored: ScoreBy) -> str:
    """What a random split would have promised, where that is clearly more."""
    random = next((one.all_columns for one in audit.scores if one.split == "random"), None)
    if random is None or not random.low > scored.all_columns.high:
        return ""
    return f" A random split would promise {auc(random)}."


def _points(scored: ScoreBy) -> float:
    return scored.all_columns.auc - scored.without_leaks.auc


def honest_score(audit: Audit) -> ScoreBy | None:
    """The score by the most honest split that could be had."""
    order = list(SPLITS)
    known = [one for one in audit.scores if is_known(one.all_columns.auc)]
    return max(known, key=lambda one: order.index(one.split) if one.split in order else -1, default=None)


def auc(score: Score) -> str:
    """The AUC alone."""
    return number(score.auc, 3)


def interval(scored: ScoreBy) -> str:
    """The score with every column, with its interval."""
    one = scored.all_columns
    return spoken_interval((one.auc, one.low, one.high), 3)


def _next(report: Report) -> str:
    if report.having(ColumnVerdict.LEAK):
        return "Rebuild or drop what leaks (see below for each), then audit again: one leak can hide another."
    if report.audit.invalid_split:
        return "Make a split that holds, then audit again."
    return prove_more(report.audit.depth)


def prove_more(depth: Depth) -> str:
    """Which option would prove more than this depth can; empty at the deepest."""
    events = "--builder module:function --events DIR (with --time and --id)"
    if depth is Depth.TABLE:
        return f"To learn more, add the scoring log (--serving TABLE), or for proof {events}."
    return f"For proof, add {events}." if depth is Depth.SERVING else ""


def evidence(found: ColumnFinding) -> str:
    """The strongest clue in its own words, as a sentence that ends."""
    return ended(found.evidence[0].says) if found.evidence else ""


def ended(text: str) -> str:
    """The text with a full stop, where it has no other end.

    >>> ended("it rises"), ended("When?")
    ('it rises.', 'When?')
    """
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def sure(confidence: float) -> str:
    """A confidence as people say it.

    >>> sure(1.0), sure(0.87)
    ('proved', '87%')
    """
    return "proved" if confidence >= 1.0 else percent(min(confidence, 0.99), 0)


def mechanism(found: ColumnFinding) -> str:
    """The mechanism's name; empty where there is none."""
    return found.mechanism.value


def held_against(clue: Clue) -> str:
    """The clue's value and limit; empty where it has none."""
    if clue.value is None:
        return ""
    limit = "" if clue.limit is None else f" (limit {clue.limit:.4g})"
    return f"{clue.value:.4g}{limit}"


def row_sentences(audit: Audit) -> tuple[str, ...]:
    """What is known about rows that stand more than once, and entities on both sides of a split."""
    return audit.rows.says or ("No row repeats another one.",)


def label_sentences(audit: Audit) -> tuple[str, ...]:
    """What is known about labels."""
    labels = audit.labels
    return (f"{percent(labels.rate)} of {counted(labels.rows, 'labelled row')} have the outcome.", *labels.says)


def serving_sentences(audit: Audit) -> tuple[str, ...]:
    """What is known about training-serving skew."""
    serving = audit.serving
    if audit.depth is Depth.TABLE:
        return ("No scoring log was given, so training and serving were not compared.",)
    rows = f"{counted(serving.compared, 'row')} stand in both tables with the same entity and time."
    return serving.says or (rows,)
