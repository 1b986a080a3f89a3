"""Tell the story of a case: what was claimed, what each trap bought, what the next six months really gave."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scenarios.base import Answer, Case
from scenarios.kit.pack import write_public
from scenarios.kit.story import Interval, Line
from scenarios.validation.answers.review import Review, review
from scenarios.validation.answers.simple import middling_of, weak_of
from scenarios.validation.answers.strong import strong_of
from scenarios.validation.clustered import clustered_auc
from scenarios.validation.engine import Run, run_pipeline
from scenarios.validation.grading import grade
from scenarios.validation.handout import step_text
from scenarios.validation.pricing import cured
from scenarios.validation.sealed import SealedMonth
from scenarios.validation.specs import Spec, changed
from scenarios.validation.story import Claim, Corrected, Month, Practice, Sin, Step, Story
from scenarios.validation.story import Trap as TrapShown
from scenarios.validation.traps import Trap, trap
from scenarios.validation.truth import Truth

QUESTION: Final = (
    "An analyst reports a hold-out score and wants to go live. Can it be believed, which mistakes made it so good, "
    "and what will this very model give over the next six months?"
)

PRACTICES: Final[tuple[tuple[str, str, Callable[[Review], Answer]], ...]] = (
    ("weak", "Celebrates the score.", weak_of),
    ("middling", "Says overfitting, misses the subtlest of several, still believes most of the score.", middling_of),
    ("sound", "Cures each suspect alone and runs again; scores customers that no step has seen.", strong_of),
)


def demonstrate(case: Case[Truth]) -> Story:
    """The story of a case, told from its public files, and from the truth where it says what really was."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_public(folder, case.public)
        return _story(review(folder), case.truth)


def _story(seen: Review, truth: Truth) -> Story:
    done, panel = seen.done, seen.panel
    test = done.part("test")
    labels = [one.label for one in truth.months]
    return Story(
        title="Validation: can this score be believed?",
        question=QUESTION,
        level=str(truth.level),
        control=truth.control,
        customers=int(panel["customer_id"].nunique()),
        cutoffs=int(panel["cutoff"].nunique()),
        extract=labels[0],
        sealed=f"{labels[0]} to {labels[-1]}",
        trained=len(done.part("train")),
        judged=len(test),
        judged_churners=int(test["churned"].sum()),
        claims=_claims(truth),
        auc=_short(truth.auc),
        error=_short(truth.error),
        cured_claim=_short(truth.cured["auc"]),
        cured_auc=_short(truth.cured_auc),
        steps=_steps(seen.spec, truth),
        traps=_traps(seen, truth),
        sins=_sins(truth),
        corrected=_corrected(seen, truth),
        months=tuple(_month(one) for one in truth.months),
        practices=tuple(_practice(name, what, answer(seen), truth) for name, what, answer in PRACTICES),
    )


def _short(value: float) -> float:
    return round(value, 4)


def _claims(truth: Truth) -> tuple[Claim, ...]:
    profit = None if truth.profit_per_1000 is None else _short(truth.profit_per_1000)
    sealed = {"auc": _short(truth.auc), "profit_per_1000": profit}
    return tuple(
        Claim.model_validate({"metric": name, "claimed": _short(value), "sealed": sealed.get(name)})
        for name, value in truth.claimed.items()
    )


def _steps(spec: Spec, truth: Truth) -> tuple[Step, ...]:
    return tuple(
        Step(text=step_text(step), traps=_sitting(step["do"], truth.prices), sins=_sitting(step["do"], truth.harmless))
        for step in spec["steps"]
    )


def _sitting(do: str, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if trap(code).where == do)


def _traps(seen: Review, truth: Truth) -> tuple[TrapShown, ...]:
    """The planted traps, those in AUC and the dearest first, each with what it takes along when cured in this order."""
    codes = sorted(truth.prices, key=lambda code: (truth.prices[code].metric != "auc", -truth.prices[code].bites))
    spec, claimed, shown = seen.spec, truth.claimed["auc"], []
    for code in codes:
        spec = trap(code).cure(spec)
        now = _again(spec, seen).claims["auc"]
        shown.append(_trap(trap(code), truth, in_turn=claimed - now))
        claimed = now
    return tuple(shown)


def _trap(one: Trap, truth: Truth, *, in_turn: float) -> TrapShown:
    price = truth.prices[one.code]
    return TrapShown(
        code=one.code,
        title=one.title,
        where=one.where,
        says=one.says,
        remedy=one.remedy,
        metric=price.metric,
        alone=_short(price.points),
        bites=round(price.bites, 1),
        in_turn=_short(in_turn),
    )


def _sins(truth: Truth) -> tuple[Sin, ...]:
    both = [(code, price, True) for code, price in truth.harmless.items()]
    both += [(code, price, False) for code, price in truth.neutral.items()]
    return tuple(
        Sin(
            code=code,
            title=trap(code).title,
            where=trap(code).where,
            metric=price.metric,
            alone=_short(price.points),
            harmless=harmless,
        )
        for code, price, harmless in both
    )


def _again(spec: Spec, seen: Review) -> Run:
    return run_pipeline(spec, seen.done.tables, seen.done.trained)


def _corrected(seen: Review, truth: Truth) -> tuple[Corrected, ...]:
    """The claim, the cured pipeline split in three ways, and the shipped model on customers no step has seen."""
    sound = cured(seen.spec, tuple(trap(code) for code in truth.prices))
    ways = (
        ("random", "every trap cured but for the split: rows at random", {"method": "random", "gap_days": None}),
        ("grouped", "every trap cured, split by customer", {"method": "grouped", "gap_days": None}),
        ("time-ordered", "every trap cured, tested on the newest cutoffs, a month left free before them",
         {"method": "time", "gap_days": 30}),
    )  # fmt: skip
    return (
        Corrected(name="as claimed", what="the analyst's pipeline and test rows", score=_on_test(seen.done)),
        *(
            Corrected(name=name, what=what, score=_on_test(_again(changed(sound, "split", **way), seen)))
            for name, what, way in ways
        ),
        Corrected(name="fresh customers", what="the shipped model on customers no step has seen", score=_fresh(seen)),
    )


def _on_test(done: Run) -> Interval | None:
    rows = done.part("test")
    return _interval(rows, done.predict(rows)) if set(rows["churned"]) == {0, 1} else None


def _fresh(seen: Review) -> Interval:
    rows = pd.concat(seen.untouched())
    return _interval(rows, seen.done.score(rows))


def _interval(rows: pd.DataFrame, score: np.ndarray) -> Interval:
    found = clustered_auc(rows["churned"], score, rows["customer_id"])
    return Interval(auc=_short(found.value), low=_short(found.low), high=_short(found.high))


def _month(one: SealedMonth) -> Month:
    return Month(
        label=one.label,
        customers=one.customers,
        churners=one.churners,
        expected=_short(one.expected_auc),
        realised=Interval(auc=_short(one.realised_auc), low=_short(one.realised_low), high=_short(one.realised_high)),
        best=_short(one.best_auc),
        profit_per_1000=round(one.expected_profit_per_1000, 2),
    )


def _practice(name: str, what: str, answer: Answer, truth: Truth) -> Practice:
    card, sheet = grade(answer, truth), answer.sheet
    claimed = sheet.estimates.get("auc")
    return Practice(
        name=name,
        what=what,
        trust=sheet.trust,
        named=tuple(finding.mechanism for finding in sheet.findings),
        claimed=None if claimed is None else _short(claimed.value),
        low=None if claimed is None else _short(claimed.low),
        high=None if claimed is None else _short(claimed.high),
        score=card.score or 0.0,
        lines=tuple(Line(name=one.name, points=one.points, of=one.of, reason=one.reason) for one in card.checks),
    )
