import math

import numpy as np
import pandas as pd
import pytest

from monitoring.months import index_of, name_of
from monitoring.performance.cohort import read
from monitoring.performance.detectable import detectable, visible
from monitoring.performance.evidence import SIZES, capped, evidence, limit_for
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.landed import Landed
from monitoring.performance.process import factors, grid, innovations
from monitoring.performance.profit import Economics
from monitoring.performance.realised import RealisedState, judge
from monitoring.performance.review import trail

SHOP = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 0.164


def cohorts(count: int, *, rows: int = 2500, rise: float = 0.0, since: int = 999) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(8)
    tables = {}
    for place in range(count):
        score = rng.beta(0.9, 15.0, rows).clip(1e-4, 0.95)
        odds = score / (1.0 - score) * np.exp(rise * (place >= since))
        tables[name_of(index_of("2020-01") + place)] = pd.DataFrame(
            {"score": score, "churned": rng.random(rows) < odds / (1.0 + odds)}
        )
    return tables


def built(tables: dict[str, pd.DataFrame], good: int, *, tolerance: float = 0.0) -> RealisedReference:
    first = dict(list(tables.items())[:good])
    return build_realised(first, threshold=THRESHOLD, economics=SHOP, tolerance=tolerance)


def test_one_pass_and_month_by_month_say_the_same() -> None:
    tables = cohorts(30, rise=0.5, since=24)
    reference = built(tables, 18)
    later = dict(list(tables.items())[18:])

    landed = [Landed.of(read(month, table, THRESHOLD, SHOP)) for month, table in later.items()]
    at_once = capped(trail(reference, landed).evidence, reference.limit)
    state, monthly = RealisedState(), []
    for month, table in later.items():
        state, said = judge(reference, state, month, table, month=month)
        monthly.append(said[-1].value)

    assert monthly == pytest.approx(list(at_once))
    assert max(monthly[:6]) < reference.limit < monthly[-1]


def test_the_likelihood_of_the_null_is_the_normal_one() -> None:
    """Against scipy's multivariate normal, for one combination of the grid."""
    from scipy.stats import multivariate_normal

    months, sizes = np.array([3, 4, 6, 15]), np.array([1.0, 0.2, 1.0, 1.5])
    series = np.array([0.3, -1.2, 2.0, 0.4])
    factor, known = factors(months, sizes), grid()
    place = int(np.argmax(known.wander * (known.memory > 0.5) * (known.season > 0.0)))
    cover = np.eye(4)
    for row in range(4):
        for column in range(4):
            apart = abs(int(months[row] - months[column]))
            shared = known.wander[place] ** 2 * known.memory[place] ** apart + known.bias[place] ** 2
            shared += known.season[place] ** 2 * (apart % 12 == 0)
            cover[row, column] += np.sqrt(sizes[row] * sizes[column]) * shared

    found = innovations(factor, series[:, None])
    log_likelihood = -0.5 * np.sum(found.surprise[place] ** 2) - np.log(np.diag(factor[place])).sum()

    expected = multivariate_normal(cov=cover).logpdf(series) + 2.0 * math.log(2.0 * math.pi)
    assert log_likelihood == pytest.approx(expected)
    assert found.weight.sum(axis=0) == pytest.approx(np.ones((4, 1)))


def test_what_cohorts_do_not_foretell_is_standard_normal_whatever_they_do() -> None:
    rng = np.random.default_rng(2)
    months, worlds = 60, 300
    steady = rng.normal(size=(months, worlds)) * rng.uniform(1.0, 4.0, worlds) + rng.normal(size=worlds)
    swing = 2.0 * np.sin(2.0 * np.pi * (np.arange(months)[:, None] + rng.uniform(0, 12, worlds)) / 12.0)
    factor = factors(np.arange(months), np.ones(months))

    for series in (steady, rng.normal(size=(months, worlds)) + swing):
        standard = innovations(factor, series).standardised[24:]
        assert standard.mean() == pytest.approx(0.0, abs=0.06)
        assert standard.std() == pytest.approx(1.0, abs=0.1)
        assert np.mean(standard > 1.645) == pytest.approx(0.05, abs=0.02)


def test_while_nothing_changes_the_sum_grows_by_the_same_a_cohort_at_most() -> None:
    """The promise behind the limit (Shiryaev-Roberts is a submartingale with that compensator), on a known process."""
    rng = np.random.default_rng(3)
    months, good, worlds = 20, 12, 20_000
    factor = factors(np.arange(months), np.ones(months))
    known = grid()
    drawn = rng.choice(len(known.prior), size=worlds, p=np.exp(known.prior))
    noise = rng.normal(size=(worlds, months))
    series = np.einsum("wij,wj->iw", factor[drawn], noise)

    found = evidence(innovations(factor, series), factor, np.ones(months), first=good, least=np.zeros(worlds))
    means = np.minimum(np.exp(found.log_sum), 1e4).mean(axis=1)
    paid = {size: np.exp(0.583 * size * known.spread / known.lasting) for size in SIZES}
    growth = sum(share * float(np.exp(known.prior) @ paid[size]) for size, share in SIZES.items())

    assert means[0] == pytest.approx(growth, rel=0.15)
    assert (means < 1.2 * growth * np.arange(1, months - good + 1)).all()


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_months_that_remember_call_no_more_often_than_the_contract_says(memory: float) -> None:
    """A run of bad months is what such companies have; counted like any other, it pages half as often again."""
    rng = np.random.default_rng(8)
    contract, good, months, worlds = 24.0, 18, 54, 400
    drift = rng.normal(size=(months, worlds))
    for place in range(1, months):
        drift[place] = memory * drift[place - 1] + np.sqrt(1.0 - memory**2) * drift[place]
    series = rng.normal(size=(months, worlds)) + 2.0 * drift + rng.normal(size=worlds)
    factor, sizes = factors(np.arange(months), np.ones(months)), np.ones(months)

    found = evidence(innovations(factor, series), factor, sizes, first=good, least=np.zeros(worlds)).log_sum
    above = found > limit_for(contract)
    watched = np.where(above.any(axis=0), above.argmax(axis=0) + 1, months - good).sum()

    assert 0.75 < above.any(axis=0).sum() * contract / watched < 1.25


def test_a_fault_within_the_tolerance_counts_as_evidence_against_harm() -> None:
    months, good = 40, 20
    factor, sizes = factors(np.arange(months), np.ones(months)), np.ones(months)
    series = np.zeros((months, 1))
    series[good:] = 0.9
    found = innovations(factor, series)

    intolerant = evidence(found, factor, sizes, first=good, least=np.array([0.0])).log_sum[-1, 0]
    tolerant = evidence(found, factor, sizes, first=good, least=np.array([4.0])).log_sum[-1, 0]

    assert intolerant > limit_for(60.0) > 0.0 > tolerant


def test_the_start_is_the_month_the_change_began() -> None:
    tables = cohorts(34, rise=0.6, since=26)
    reference = built(tables, 20)
    landed = [Landed.of(read(month, table, THRESHOLD, SHOP)) for month, table in list(tables.items())[20:]]

    assert trail(reference, landed).since[-1] == list(tables)[26]


def test_more_harm_is_seen_sooner_and_a_larger_company_sees_less_harm() -> None:
    small, large = (built(cohorts(18, rows=rows), 18, tolerance=50.0) for rows in (1500, 6000))
    rows = detectable(small)
    delays = [one.more_churn for one in rows]

    assert delays == sorted(delays, reverse=True)
    assert [one.money for one in rows] == sorted(one.money for one in rows)
    assert any(one.money == 100.0 for one in rows)
    assert dict(visible(large))["smallest_visible"] < 0.8 * dict(visible(small))["smallest_visible"]


def test_without_a_reference_nothing_is_said_to_be_visible() -> None:
    empty = build_realised({}, threshold=THRESHOLD, economics=SHOP, tolerance=50.0)
    _, said = judge(empty, RealisedState(), "2025-01", cohorts(1)["2020-01"], month="2025-03")

    assert math.isnan(dict(visible(empty))["smallest_visible"])
    assert said[-1].signal == "harm"
    assert [one.more_churn for one in detectable(empty)] == [math.inf]
