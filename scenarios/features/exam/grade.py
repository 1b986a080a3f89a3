"""The verdict on an answer: decision, faults, labels to review, lift on the sealed months, no peeking, time."""

from typing import Final

from scenarios.base import Answer, Check, Scorecard, check
from scenarios.features.exam.building import BUILT, FILE, RUN
from scenarios.features.exam.found import Found, found
from scenarios.features.exam.lift import Lift, lift, peeking, reviewed
from scenarios.features.exam.listed import Listed, listed
from scenarios.features.exam.truth import FeaturesTruth

NAME = "features"
VERSION = 4

DECISION, FAULTS, PRECISION, RECALL, LIFT, IN_TIME, SECONDS = 8.0, 28.0, 7.0, 9.0, 36.0, 8.0, 4.0
"""Points of the checks, a hundred together."""

ENOUGH: Final = 0.75
"""Share of the headroom that earns every point: the rest is luck with labels and states that no table shows."""

WORTH_RUNNING: Final = 0.25
"""Share of the headroom from which code earns its points for keeping to the past and to its time.

Constant columns do both.
"""

ALARMS_ALLOWED: Final = 3
"""Places accused in sound tables at which the points for faults are gone."""

ROWS_ALLOWED: Final = 60
"""Right labels listed in a sound case at which the points for the review are gone."""

FAST, SLOW = 20.0, 60.0
"""Seconds for a cutoff up to which all points are earned, and from which none are."""

ENOUGH_PRECISION, ENOUGH_RECALL, LEAST_PRECISION = 0.8, 0.7, 0.55
"""Precision and recall of the review that earn every point; up to the least precision, nothing is earned or mended.

Of the rows that say churned up to half are wrong: whoever lists them all has reviewed nothing.
"""

HALF: Final = 0.5
"""A right decision earns nothing when no more than half of what is named for it is so: a coin would do as well."""


def grade(answer: Answer, truth: FeaturesTruth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said, rows = found(answer.sheet, truth), listed(answer.tables, truth)
    answered = answer.sheet.trust is not None
    checks = (
        _decision(answer, said, truth),
        _faults(said, truth, answered=answered),
        *_review(rows, truth, answered=answered),
        *_code_checks(answer, rows, truth),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks)


def _decision(answer: Answer, said: Found, truth: FeaturesTruth) -> Check:
    """Whether tables and labels may be used as they stand, and whether the findings bear that out."""
    name, trust = "decision", answer.sheet.trust
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the tables may be used as they stand")
    if trust is not truth.healthy:
        right = "nothing is wrong with them" if truth.healthy else "a good deal is wrong with them"
        return check(name, 0.0, DECISION, f"trust: {trust} is wrong: {right}")
    if truth.healthy:
        return check(name, float(not said.wrong), DECISION, f"right, and {len(said.wrong)} places accused all the same")
    borne_out = max((said.precision - HALF) / (1.0 - HALF), 0.0)
    return check(name, borne_out, DECISION, f"right; {said.precision:.0%} of what was accused is faulty in that way")


def _faults(said: Found, truth: FeaturesTruth, *, answered: bool) -> Check:
    """Faults named, place and mechanism, against those planted; sound places cost, odd but sound ones twice."""
    name = "faults found"
    if truth.healthy:
        share = float(answered) * (1.0 - len(said.wrong) / ALARMS_ALLOWED)
        return check(name, share, FAULTS, f"{len(said.wrong)} places accused; nothing is wrong")
    missed = [one.title for one in truth.planted if one.name not in said.credit]
    located = [one.title for one in truth.planted if said.credit.get(one.name, 1.0) < 1.0]
    says = f"missed: {_list(missed)}; column without the mechanism: {_list(located)}; accused without reason: "
    return check(name, said.f_score, FAULTS, says + _list(sorted({one.where for one in said.wrong})))


def _review(rows: Listed, truth: FeaturesTruth, *, answered: bool) -> tuple[Check, Check]:
    """Precision and recall of the label rows listed; in a sound case, rows listed for nothing cost."""
    names = ("label review: precision", "label review: recall")
    if truth.healthy:
        share = float(answered) * (1.0 - rows.count / ROWS_ALLOWED)
        says = f"{rows.count} rows listed; every label is right"
        return check(names[0], share, PRECISION, says), check(names[1], share, RECALL, says)
    says = f"{rows.count} rows looked up, {rows.right} of them wrong, of {rows.wrong} wrong ones{rows.note}"
    precise = max((rows.precision - LEAST_PRECISION) / (ENOUGH_PRECISION - LEAST_PRECISION), 0.0)
    recall = rows.recall / ENOUGH_RECALL if precise else 0.0
    return check(names[0], precise * min(rows.recall / _SOME, 1.0), PRECISION, says), check(
        names[1], recall, RECALL, says
    )


_SOME: Final = 0.2
"""Recall from which precision counts in full: one row listed rightly is no review."""


def _code_checks(answer: Answer, rows: Listed, truth: FeaturesTruth) -> tuple[Check, Check, Check]:
    """Lift, point in time and run time of the code; nothing where none was run to its end."""
    trouble = _trouble(answer)
    if trouble:
        return _three((0.0, trouble), (0.0, trouble), (0.0, trouble))
    features, run = answer.tables[BUILT], answer.tables[RUN]
    changed = peeking(features, truth)
    if changed:
        says = f"columns that change when the tables are cut at the cutoff: {_shares(changed)}"
        return _three((0.0, "a feature that knows the future is worth nothing"), (0.0, says), (0.0, "not counted"))
    mended = rows.rows if rows.precision > LEAST_PRECISION else rows.rows.head(0)
    gained = lift(features, reviewed(truth, mended), truth)
    worth = min(max(gained.share / WORTH_RUNNING, 0.0), 1.0)
    slowest = float(run["seconds"].max())
    in_time = min(max((SLOW - slowest) / (SLOW - FAST), 0.0), 1.0)
    kept = f"no cell changes when the tables are cut at {len(truth.checked)} cutoffs"
    return _three(
        (gained.share / ENOUGH, _lift_says(gained, truth)),
        (worth, kept),
        (in_time * worth, f"the slowest cutoff took {'under' if slowest < FAST else 'more than'} {FAST:g} seconds"),
    )


def _three(lifted: tuple[float, str], kept: tuple[float, str], fast: tuple[float, str]) -> tuple[Check, Check, Check]:
    return (
        check("headroom closed", lifted[0], LIFT, lifted[1]),
        check("point in time", kept[0], IN_TIME, kept[1]),
        check("run time", fast[0], SECONDS, fast[1]),
    )


def _trouble(answer: Answer) -> str:
    """Why there is nothing to grade; empty where there is. Tables of a sheet without code are not looked at."""
    if FILE not in answer.code or RUN not in answer.tables:
        return "no features.py was run"
    said = answer.tables[RUN]["trouble"].astype(str)
    troubles = [one for one in said if one]
    return f"features.py: {troubles[0]}" if troubles else ""


def _lift_says(gained: Lift, truth: FeaturesTruth) -> str:
    return (
        f"AUC {gained.auc:.4f} on the sealed months: {gained.share:.0%} of the way from {truth.baseline:.4f} "
        f"to the best possible {truth.bayes:.4f}"
    )


def _shares(changed: dict[str, float]) -> str:
    return ", ".join(f"{name} ({share:.1%})" for name, share in sorted(changed.items())[:10])


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"
