"""Definition, bite and silence of every lever, measured against the twin world with exact probabilities."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import LabError
from pipelines.model import model_view
from pipelines.world.hazard import churn_probability
from pipelines.world.levers import catalogue, lever
from pipelines.world.levers.catalogue import LEVERS, pulled
from pipelines.world.levers.lever import Lever, Shape
from pipelines.world.mechanism import BASE
from pipelines.world.simulate import simulate_block
from pipelines.world.truth import Floats

NAMES = [each.name for each in LEVERS]
START = 14

MOVED_X = 0.05
STILL_X = 0.03
"""Kolmogorov distance of one feature: at least this in the stock or among new customers, or at most that in the stock."""

MOVED_Y = 0.01
STILL_Y = 0.05
"""Relative change of the expected churn of some month. Within 5 % is the noise of one month of 12,000 customers."""

MOVED_Y_GIVEN_X = 0.10
STILL_Y_GIVEN_X = 0.08
"""Mean relative change of churn at equal features, where the mechanism itself asks for no change."""

BITE = 0.10
SILENCE = 0.03
"""Relative change of profit, recall or flagged volume, each as a share of what the best possible score reaches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    lever: Lever
    world: Any
    cutoffs: tuple[int, ...]
    features: tuple[pd.DataFrame, ...]


@pytest.fixture(scope="session")
def case_of(laboratory: Any) -> Callable[[str], Case]:
    def make(name: str) -> Case:
        chosen = catalogue.lever(name)
        world = laboratory.pulled(pulled(name, start=START))
        cutoffs = (START + 1, START + 2) if chosen.shape == Shape.BLIP else (START + 2, START + 4)
        return Case(
            lever=chosen, world=world, cutoffs=cutoffs, features=tuple(world.features(month) for month in cutoffs)
        )

    return cache(make)


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_the_inputs_exactly_if_it_says_so(
    name: str, case_of: Callable[[str], Case], base_features: Callable[[int], pd.DataFrame]
) -> None:
    case = case_of(name)

    stock = [distance(now, base_features(month)) for month, now in zip(case.cutoffs, case.features, strict=True)]
    fresh = [
        distance(signed_up_since_start(now, month), signed_up_since_start(base_features(month), month))
        for month, now in zip(case.cutoffs, case.features, strict=True)
    ]

    if case.lever.moves.p_x:
        assert max(stock + fresh) >= MOVED_X
    else:
        assert max(stock) <= STILL_X


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_the_base_rate_exactly_if_it_says_so(
    name: str, case_of: Callable[[str], Case], laboratory: Any
) -> None:
    case = case_of(name)

    change = [
        abs(case.world.truth[month]["bayes"].mean() / laboratory.base.truth[month]["bayes"].mean() - 1.0)
        for month in range(START, START + 5)
    ]

    if case.lever.moves.p_y:
        assert max(change) >= MOVED_Y
    else:
        assert max(change) <= STILL_Y


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_churn_at_equal_features_exactly_if_it_says_so(
    name: str,
    case_of: Callable[[str], Case],
    laboratory: Any,
    base_features: Callable[[int], pd.DataFrame],
    customers_at_start: Any,
) -> None:
    case = case_of(name)

    mechanism_moved = changes_the_hazard(case.lever, customers_at_start)
    seen = [
        residual_change(
            laboratory.prognosis,
            (now, case.world.truth[month]),
            (base_features(month), laboratory.base.truth[month]),
        )
        for month, now in zip(case.cutoffs, case.features, strict=True)
    ]

    if case.lever.moves.p_y_given_x:
        slices = [
            residual_change(
                laboratory.prognosis,
                (signed_up_since_start(now, month), case.world.truth[month]),
                (signed_up_since_start(base_features(month), month), laboratory.base.truth[month]),
                tenths=False,
            )
            for month, now in zip(case.cutoffs, case.features, strict=True)
        ]
        assert mechanism_moved or max(seen + slices) >= MOVED_Y_GIVEN_X
    else:
        assert not mechanism_moved
        assert max(seen) <= STILL_Y_GIVEN_X


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_bites_or_is_harmless_as_declared(
    name: str, case_of: Callable[[str], Case], laboratory: Any, base_features: Callable[[int], pd.DataFrame]
) -> None:
    case = case_of(name)

    with_lever = reached(laboratory, case.world.truth, case.cutoffs, case.features)
    without = reached(
        laboratory, laboratory.base.truth, case.cutoffs, tuple(base_features(month) for month in case.cutoffs)
    )
    harm = float(np.abs(with_lever / without - 1.0).max())

    assert harm <= SILENCE if case.lever.harmless else harm >= BITE


def distance(now: pd.DataFrame, before: pd.DataFrame) -> float:
    """The largest Kolmogorov distance of any feature, a missing value counting as the lowest."""
    lowest = -1e9
    pairs = zip(
        np.nan_to_num(model_view(now), nan=lowest).T, np.nan_to_num(model_view(before), nan=lowest).T, strict=True
    )
    return max(kolmogorov(np.sort(a), np.sort(b)) for a, b in pairs)


def kolmogorov(a: Floats, b: Floats) -> float:
    every = np.concatenate([a, b])
    below = np.searchsorted(a, every, side="right") / len(a) - np.searchsorted(b, every, side="right") / len(b)
    return float(np.abs(below).max())


def signed_up_since_start(features: pd.DataFrame, month: int) -> pd.DataFrame:
    return features[features["tenure_months"] < month - START]


def changes_the_hazard(chosen: Lever, customers: Any) -> bool:
    before = churn_probability(customers, BASE, month=START, month_of_year=6)
    after = churn_probability(customers, chosen.apply(BASE, chosen.dose), month=START, month_of_year=6)
    return not np.array_equal(before.bayes, after.bayes)


def residual_change(
    prognosis: Any,
    now: tuple[pd.DataFrame, pd.DataFrame],
    before: tuple[pd.DataFrame, pd.DataFrame],
    *,
    tenths: bool = True,
) -> float:
    """Mean change of churn over prognosis within tenths of the prognosis (or overall), weighted by churn."""
    expected, p = known(prognosis, *before)
    edges = np.quantile(expected, np.linspace(0.1, 0.9, 9)) if tenths else np.array([])
    ratio_before, weight = by_tenth(expected, p, edges)
    ratio_now, _ = by_tenth(*known(prognosis, *now), edges)
    return float((np.abs(ratio_now / ratio_before - 1.0) * weight).sum() / weight.sum())


def known(prognosis: Any, features: pd.DataFrame, truth: pd.DataFrame) -> tuple[Floats, Floats]:
    p = truth["bayes"].reindex(features.index)
    rows = p.notna().to_numpy()
    return np.asarray(prognosis.predict(model_view(features)[rows], num_threads=1)), p.to_numpy()[rows]


def by_tenth(expected: Floats, p: Floats, edges: Floats) -> tuple[Floats, Floats]:
    tenth = np.searchsorted(edges, expected)
    churn = np.bincount(tenth, p, len(edges) + 1)
    return churn / np.bincount(tenth, expected, len(edges) + 1), churn


def reached(laboratory: Any, truth: Any, cutoffs: tuple[int, ...], features: tuple[pd.DataFrame, ...]) -> Floats:
    """Profit, recall and flagged customers of the deployed model as shares of those of the best score, shape (3,)."""
    model = [laboratory.campaign(table, truth[month]) for month, table in zip(cutoffs, features, strict=True)]
    best = [laboratory.best(truth[month]) for month in cutoffs]
    return totals(model) / totals(best)


def totals(campaigns: list[Any]) -> Floats:
    return np.array([[c.profit, c.expected_recall, c.flagged] for c in campaigns]).sum(axis=0)


@pytest.fixture(scope="session")
def customers_at_start(make_company: Callable[..., Any]) -> Any:
    """Customers in every kind of state, as they stand after 14 months of a small world."""
    company = make_company(customers=4000, months=START + 2)
    for events in simulate_block(company, (0, 8000)):
        if events.month == START:
            return events.customers
    raise AssertionError


def test_every_file_of_a_lever_is_in_the_catalogue_and_named_for_it() -> None:
    folder = Path(str(lever.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "catalogue", "lever"}

    assert files == set(NAMES)
    assert len(NAMES) == len(set(NAMES)) >= 16


def test_some_levers_are_harmless_and_most_are_not() -> None:
    harmless = sum(each.harmless for each in LEVERS)

    assert 0.2 * len(LEVERS) <= harmless <= 0.6 * len(LEVERS)


@pytest.mark.parametrize("name", NAMES)
def test_no_dose_leaves_the_mechanism_as_it_is(name: str) -> None:
    untouched = pulled(name, start=0, dose=0.0)

    assert untouched.applied_to(BASE, 3) == BASE
    assert untouched.newcomers() == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_a_dose_outside_of_its_range_is_refused_with_the_range(name: str) -> None:
    chosen = catalogue.lever(name)

    with pytest.raises(LabError, match=rf"dose of lever '{name}' is -0.1; allowed is 0 to {chosen.most:g}"):
        pulled(name, start=0, dose=-0.1)
    with pytest.raises(LabError, match="allowed is 0 to"):
        pulled(name, start=0, dose=chosen.most * 1.01)


def test_an_unknown_lever_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(LabError, match=r"no lever 'channel_mixx'. Did you mean 'channel_mix'\? Levers: .*price_rise"):
        catalogue.lever("channel_mixx")


def test_an_unknown_shape_is_refused_with_the_list() -> None:
    with pytest.raises(LabError, match="no shape 'sudenly'.*sudden"):
        pulled("price_rise", start=0, shape="sudenly")


def test_there_is_a_lever_of_every_shape() -> None:
    assert {each.shape for each in LEVERS} == set(Shape)
