"""Definition, bite and silence of every lever, measured against the twin world with exact probabilities."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import LabError
from pipelines.laboratory import Laboratory, cutoffs
from pipelines.model import model_view
from pipelines.recorded import World
from pipelines.world.company import Company
from pipelines.world.customers import Customers
from pipelines.world.hazard import churn_probability
from pipelines.world.levers import catalogue, lever
from pipelines.world.levers.catalogue import LEVERS, pulled
from pipelines.world.levers.lever import Lever, PulledLever, Shape
from pipelines.world.mechanism import BASE
from pipelines.world.simulate import simulate_block
from pipelines.world.truth import Floats

NAMES = [each.name for each in LEVERS]

MOVED_X = 0.05
STILL_X = 0.03
"""Kolmogorov distance of one feature: at least this in the stock or among new customers; at most that in the stock."""

MOVED_Y = 0.01
STILL_Y = 0.05
"""Relative change of the expected churn of some month. Within 5 % is the noise of one month of 12,000 customers."""

MOVED_Y_GIVEN_X = 0.10
STILL_Y_GIVEN_X = 0.08
"""Mean relative change of churn at equal features, where the mechanism itself asks for no change."""

BITE = 0.10
SILENCE = 0.03


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A lever pulled in the laboratory: its world, and the features at the cutoffs at which it is judged."""

    lever: Lever
    pulled: PulledLever
    world: World
    base: World
    features: tuple[tuple[int, pd.DataFrame, pd.DataFrame], ...]


CaseOf = Callable[[str], Case]


@pytest.fixture(scope="session")
def case_of(laboratory: Laboratory) -> CaseOf:
    def make(name: str) -> Case:
        chosen = pulled(name, start=laboratory.start)
        world = laboratory.with_lever(chosen)
        features = tuple((month, world.features(month), laboratory.features(month)) for month in cutoffs(chosen))
        return Case(lever=chosen.lever, pulled=chosen, world=world, base=laboratory.base, features=features)

    return cache(make)


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_the_inputs_exactly_if_it_says_so(name: str, case_of: CaseOf) -> None:
    case = case_of(name)

    stock = [distance(now, before) for _, now, before in case.features]
    fresh = [distance(signed_up(case, now, month), signed_up(case, old, month)) for month, now, old in case.features]

    if case.lever.moves.p_x:
        assert max(stock + fresh) >= MOVED_X
    else:
        assert max(stock) <= STILL_X


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_the_base_rate_exactly_if_it_says_so(name: str, case_of: CaseOf) -> None:
    case = case_of(name)

    change = [
        abs(with_["bayes"].mean() / without["bayes"].mean() - 1.0)
        for with_, without in zip(case.world.truth, case.base.truth, strict=True)
    ]

    if case.lever.moves.p_y:
        assert max(change) >= MOVED_Y
    else:
        assert max(change) <= STILL_Y


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_churn_at_equal_features_exactly_if_it_says_so(
    name: str, case_of: CaseOf, laboratory: Laboratory, customers_at_start: Customers
) -> None:
    case = case_of(name)

    mechanism_moves = changes_the_hazard(case.lever, customers_at_start)
    seen = partial(residual_changes, case, laboratory)

    if case.lever.moves.p_y_given_x:
        assert mechanism_moves or max(seen() + seen(only_new=True)) >= MOVED_Y_GIVEN_X
    else:
        assert not mechanism_moves
        assert max(seen()) <= STILL_Y_GIVEN_X


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_bites_or_is_harmless_as_declared(name: str, case_of: CaseOf, laboratory: Laboratory) -> None:
    case = case_of(name)

    harm = laboratory.harm(case.world, cutoffs(case.pulled))

    assert harm.worst <= SILENCE if case.lever.harmless else harm.worst >= BITE


def distance(now: pd.DataFrame, before: pd.DataFrame) -> float:
    """The largest Kolmogorov distance of any feature, a missing value counting as the lowest."""
    a, b = (np.nan_to_num(model_view(features), nan=-1e9).T for features in (now, before))
    return max(kolmogorov(np.sort(x), np.sort(y)) for x, y in zip(a, b, strict=True))


def kolmogorov(a: Floats, b: Floats) -> float:
    every = np.concatenate([a, b])
    below = np.searchsorted(a, every, side="right") / len(a) - np.searchsorted(b, every, side="right") / len(b)
    return float(np.abs(below).max())


def signed_up(case: Case, features: pd.DataFrame, month: int) -> pd.DataFrame:
    """Customers who signed up after the lever's start."""
    return features[features["tenure_months"] < month - case.pulled.start]


def changes_the_hazard(chosen: Lever, customers: Customers) -> bool:
    before = churn_probability(customers, BASE, month=0, month_of_year=6)
    after = churn_probability(customers, chosen.apply(BASE, chosen.dose), month=0, month_of_year=6)
    return not np.array_equal(before.bayes, after.bayes)


def residual_changes(case: Case, laboratory: Laboratory, *, only_new: bool = False) -> list[float]:
    """Mean change of churn over prognosis by cutoff, within tenths of the prognosis; among new customers over all."""
    changes = []
    for month, now, before in case.features:
        if only_new:
            now, before = (signed_up(case, features, month) for features in (now, before))  # noqa: PLW2901
        expected, p = known(laboratory, before, case.base.truth[month])
        edges = np.array([]) if only_new else np.quantile(expected, np.linspace(0.1, 0.9, 9))
        ratio_before, weight = by_part(expected, p, edges)
        ratio_now, _ = by_part(*known(laboratory, now, case.world.truth[month]), edges)
        changes.append(float((np.abs(ratio_now / ratio_before - 1.0) * weight).sum() / weight.sum()))
    return changes


def known(laboratory: Laboratory, features: pd.DataFrame, truth: pd.DataFrame) -> tuple[Floats, Floats]:
    p = truth["bayes"].reindex(features.index)
    rows = p.notna().to_numpy()
    prognosis = laboratory.prognosis.predict(model_view(features)[rows], num_threads=1)
    return np.asarray(prognosis), p.to_numpy(np.float64)[rows]


def by_part(expected: Floats, p: Floats, edges: Floats) -> tuple[Floats, Floats]:
    part = np.searchsorted(edges, expected)
    churn = np.bincount(part, p, len(edges) + 1)
    return churn / np.bincount(part, expected, len(edges) + 1), churn


@pytest.fixture(scope="session")
def customers_at_start(make_company: Callable[..., Company]) -> Customers:
    """Customers in every kind of state, at the start of the last month of a small world."""
    company = make_company(customers=4000, months=16)
    *_, last = simulate_block(company, (0, 8000))
    return last.customers


def test_every_file_of_a_lever_is_in_the_catalogue_and_named_for_it() -> None:
    folder = Path(str(lever.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "catalogue", "lever"}

    assert files == set(NAMES)
    assert len(NAMES) == len(set(NAMES)) >= 16


def test_some_levers_are_harmless_and_most_are_not() -> None:
    assert 0.2 <= sum(each.harmless for each in LEVERS) / len(LEVERS) <= 0.5


def test_there_is_a_lever_of_every_shape() -> None:
    assert {each.shape for each in LEVERS} == set(Shape)


@pytest.mark.parametrize("name", NAMES)
def test_no_dose_leaves_the_mechanism_as_it_is(name: str) -> None:
    untouched = pulled(name, start=0, dose=0.0)

    assert untouched.applied_to(BASE, 3) == BASE
    assert untouched.newcomers() == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_a_dose_outside_of_its_range_is_refused_with_the_range(name: str) -> None:
    most = catalogue.lever(name).most

    with pytest.raises(LabError, match=rf"dose of lever '{name}' is -0\.1; allowed is 0 to {most:g}"):
        pulled(name, start=0, dose=-0.1)
    with pytest.raises(LabError, match=rf"allowed is 0 to {most:g}"):
        pulled(name, start=0, dose=most * 1.01)


def test_an_unknown_lever_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(LabError, match=r"no lever 'channel_mixx'. Did you mean 'channel_mix'\? Levers: .*price_rise"):
        catalogue.lever("channel_mixx")


def test_an_unknown_shape_is_refused_with_the_list() -> None:
    with pytest.raises(LabError, match=r"no shape 'sudenly'. Shapes: sudden, gradual"):
        pulled("price_rise", start=0, shape="sudenly")
