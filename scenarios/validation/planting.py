"""From a draw to a case: the company, the analyst's panel and pipeline, what it claims, and what is true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from pipelines.recorded import World, record
from scenarios.base import Case, Draw, Level
from scenarios.validation.engine import Run, Tables, run_pipeline
from scenarios.validation.handout import handout
from scenarios.validation.panel import extras, panel
from scenarios.validation.plan import Plan, plan
from scenarios.validation.pricing import Price, cured, price
from scenarios.validation.recorded import company_of, cutoff_of, draws, extract_of, extracted_at
from scenarios.validation.sealed import SealedMonth, sealed_months, sealed_rows
from scenarios.validation.specs import Spec
from scenarios.validation.traps import shown, trap
from scenarios.validation.truth import Truth

_EXTRAS, _PANEL, _PLAN, _SEEDS, _AUTHOR = 21, 22, 23, 24, 25
"""Which random stream of the draw makes what."""

LEAST_GAP: Final = 0.04
"""How far a claimed AUC lies above what the sealed months give: four standard errors of a good answer."""

ATTEMPTS: Final = 6
"""Analysts' seeds tried until every planted trap bites."""

Sealed: TypeAlias = Callable[[Run], tuple[SealedMonth, ...]]
"""Judges a finished pipeline's model on the sealed months."""


def plant(draw: Draw) -> Case[Truth]:
    """A case with traps."""
    return plant_into(record(company_of(draw)), draw)


def control(draw: Draw) -> Case[Truth]:
    """A case with the same surface and harmless sins only."""
    return plant_into(record(company_of(draw)), draw, control=True)


def plant_into(world: World, draw: Draw, *, extract: int | None = None, control: bool = False) -> Case[Truth]:
    """A case in a company that has been recorded already.

    `extract` is the month at whose start the panel was taken, by default the first one in production; it needs 12
    months of record before it, and the six after it are the sealed ones.
    """
    world = world if extract is None else extracted_at(world, extract)
    extra = extras(world, draws(draw, _EXTRAS))
    planned = plan(draw.level, draws(draw, _PLAN), str(cutoff_of(world, extract_of(world)).date()), control=control)
    table = panel(world, planned.cadence, extra, draws(draw, _PANEL), copied=planned.copied)
    tables = {"panel.parquet": table, "attributes.parquet": extra.public_attributes(table["customer_id"])}
    sealed = partial(_sealed, world, sealed_rows(world, extra))
    ran = _run(planned, tables, draws(draw, _SEEDS), sealed)
    public = handout(ran.spec, tables, ran.done, world, luck=draws(draw, _AUTHOR))
    return Case(public=public, truth=_truth(draw.level, planned, ran, sealed))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ran:
    """A pipeline that was run: what it claims, what the sealed months give, and the price of each planted trap."""

    spec: Spec
    done: Run
    months: tuple[SealedMonth, ...]
    prices: dict[str, Price]

    @property
    def auc(self) -> float:
        return _mean_auc(self.months)

    @property
    def gap(self) -> float:
        """How far the claim lies above the truth."""
        return self.done.claims["auc"] - self.auc


def _mean_auc(months: Sequence[SealedMonth]) -> float:
    return float(np.mean([one.expected_auc for one in months]))


def _sealed(world: World, rows: Sequence[pd.DataFrame], done: Run) -> tuple[SealedMonth, ...]:
    return sealed_months(done, world, rows)


def _run(planned: Plan, tables: Tables, random: np.random.Generator, sealed: Sealed) -> _Ran:
    """The pipeline under the first seed that shows what was planted; where none does, under the one that shows most.

    A claim that lies no further from the truth than luck would, or a trap that bought nothing, shows nothing.
    """
    tried = []
    for seed in random.integers(1, 10_000, size=ATTEMPTS):
        ran = _ran({"seed": int(seed), **planned.spec}, planned.planted, tables, sealed)
        if len(ran.prices) == len(planned.planted):
            return ran
        tried.append(ran)
    most = max(tried, key=lambda one: (len(one.prices), one.gap))
    return replace(most, prices={code: price(trap(code), most.spec, most.done) for code in planned.planted})


def _ran(spec: Spec, codes: tuple[str, ...], tables: Tables, sealed: Sealed) -> _Ran:
    """A pipeline with the price of each trap up to the first that shows nothing; none where the claim is near."""
    done = run_pipeline(spec, tables)
    ran = _Ran(spec=spec, done=done, months=sealed(done), prices={})
    return replace(ran, prices=_prices(codes, spec, done)) if ran.gap >= LEAST_GAP else ran


def _prices(codes: tuple[str, ...], spec: Spec, done: Run) -> dict[str, Price]:
    """The price of each trap in turn, up to the first that does not bite."""
    found: dict[str, Price] = {}
    for code in codes:
        one = price(trap(code), spec, done)
        if one.bites < 1.0:
            break
        found[code] = one
    return found


def _truth(level: Level, planned: Plan, ran: _Ran, sealed: Sealed) -> Truth:
    spec, done = ran.spec, ran.done
    sins = {one.code: price(one, spec, done) for one in shown(spec) if one.code not in planned.planted}
    profits = np.array([one.expected_profit_per_1000 for one in ran.months])
    sound = run_pipeline(cured(spec, tuple(trap(code) for code in planned.planted)), done.tables, done.trained)
    return Truth(
        level=level,
        control=not planned.planted,
        claimed=dict(done.claims),
        cured=sound.claims,
        prices=ran.prices,
        harmless={code: one for code, one in sins.items() if one.bites < 1.0},
        neutral={code: one for code, one in sins.items() if one.bites >= 1.0},
        where={code: trap(code).where for code in (*ran.prices, *sins)},
        months=ran.months,
        auc=ran.auc,
        cured_auc=_mean_auc(sealed(sound)) if planned.planted else ran.auc,
        error=_error(np.array([one.expected_auc for one in ran.months]), sum(one.churners for one in ran.months)),
        profit_per_1000=float(profits.mean()) if "profit_per_1000" in done.claims else None,
        profit_error=float(max(profits.std(), MONEY_ERROR * abs(profits.mean()), LEAST_MONEY_ERROR)),
    )


def _error(by_month: np.ndarray, churners: int) -> float:
    """Standard error of a good answer: what as many outcomes leave open, and how far two half-years lie apart."""
    value = float(by_month.mean())
    noise, spread = value * (1.0 - value) / churners, 2.0 * by_month.var(ddof=1) / len(by_month)
    return float(np.clip(np.sqrt(noise + spread), *ERROR_BOUNDS))


MONEY_ERROR, LEAST_MONEY_ERROR = 0.15, 30.0
"""Standard error of a good answer's profit: a share of it, and dollars per 1,000 customers where it is near 0."""

ERROR_BOUNDS: Final = (0.010, 0.0125)
"""Standard errors of an AUC that a good answer can have: about 1,000 leavers, in a company that does not change."""
