"""The harm benchmark: fixed archetypes, exact harm, honest counting."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import matthews_corrcoef

from benchmarks.harm.archetypes import ARCHETYPES, NO_CAUSE, TUNED, UNTOUCHED, Archetype, Kind
from benchmarks.harm.figures import figures
from benchmarks.harm.ground import AUDITED, COHORTS, START, THRESHOLD, Ground, _chances, ground
from benchmarks.harm.leak import LEAK, with_leak
from benchmarks.harm.page import page
from benchmarks.harm.peers import _distances, _psi
from benchmarks.harm.plot import svg
from benchmarks.harm.tables import tables
from benchmarks.harm.verdicts import before_labels, cause_said, is_harmful, mcc, pages, tuned
from monitoring.vocabulary import Cause

Line = dict[str, Any]

ROOT = Path(__file__).parents[2]


def line(archetype: str, seed: int, *, harm: float, lost: float | None = None, **given: object) -> Line:
    """A world's line; nothing was said unless told otherwise."""
    quiet = {"blocked": False, "pages": [], "incidents": [], "said": []}
    peers = {"evidently_share": 0.1, "evidently_any": True, "psi": 0.3, "ks": 0.1}
    regain = {"lost": harm if lost is None else lost}
    known = {"archetype": archetype, "seed": seed, "harm": harm, "auc_loss": 0.0, "regain": regain, "peers": peers}
    return known | {"runs": [quiet] * 6, "cpu_seconds": 1.0} | given


def run(*said: Line, called: tuple[str, ...] = (), cause: str = "") -> Line:
    incidents = [["2025-01/x", cause, "critical", "firing", "s", "o"]] if cause else []
    return {"blocked": False, "pages": list(called), "incidents": incidents, "said": list(said)}


def alarm(signal: str, layer: str, *, weight: float = 1.0, hard: bool = False) -> Line:
    return {"signal": signal, "layer": layer, "alarm": True, "weight": weight, "hard": hard}


def of(name: str) -> Archetype:
    return next(one for one in ARCHETYPES if one.name == name)


def test_there_are_enough_archetypes_and_none_is_on_both_sides() -> None:
    names = [one.name for one in ARCHETYPES]

    assert len(names) == len(set(names)) >= 24
    assert all(one.tuned for one in TUNED)
    assert not any(one.tuned for one in UNTOUCHED)
    assert {one.cause for one in TUNED} == {one.cause for one in UNTOUCHED} | {NO_CAUSE}


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("null", NO_CAUSE),
        ("usage_surge", Cause.COVARIATE),
        ("macro_shock", Cause.LABEL_SHIFT),
        ("demand_cycle", Cause.LABEL_SHIFT),
        ("discount_cliff", Cause.CONCEPT),
        ("fan_out", Cause.DATA_FAULT),
        ("leak_missing", Cause.LEAK_DIED),
    ],
)
def test_the_true_cause_follows_from_what_the_mechanism_moves(name: str, cause: str) -> None:
    assert of(name).cause == str(cause)


@pytest.mark.parametrize("seed", range(5))
def test_mcc_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, said = rng.random(60) < 0.4, rng.random(60) < 0.5

    assert mcc(truth.tolist(), said.tolist()) == pytest.approx(matthews_corrcoef(truth, said))


def test_mcc_is_zero_where_a_rule_always_says_the_same() -> None:
    assert mcc([True, False], [True, True]) == 0.0


def test_harm_before_labels_is_said_for_breaks_that_matter_and_not_for_those_that_do_not() -> None:
    used, unused = (alarm("null_share", "gate", weight=weight, hard=True) for weight in (0.2, 0.001))
    soft = alarm("level", "gate", weight=0.5)

    assert before_labels(line("null", 1, harm=0.0, runs=[run(used)] * 6), 0.05)
    assert not before_labels(line("null", 1, harm=0.0, runs=[run(unused, soft)] * 6), 0.05)


def test_harm_before_labels_is_said_for_a_low_estimate_and_for_a_lasting_change_of_reach() -> None:
    estimate, reach = alarm("estimated_profit", "estimate"), alarm("flagged_share", "prediction")

    assert before_labels(line("null", 1, harm=0.0, runs=[run(estimate), *[run()] * 5]), 0.05)
    assert before_labels(line("null", 1, harm=0.0, runs=[run(reach), run(), run(reach), *[run()] * 3]), 0.05)
    assert not before_labels(line("null", 1, harm=0.0, runs=[run(reach), *[run()] * 5]), 0.05)


def test_what_labels_say_after_the_judged_runs_does_not_count_before_labels() -> None:
    late = alarm("estimated_profit", "estimate")

    assert not before_labels(line("null", 1, harm=0.0, runs=[*[run()] * 4, run(late), run(late)]), 0.05)


def test_limits_are_chosen_without_the_untouched_archetypes() -> None:
    mine = [line("null", seed, harm=0.0, lost=0.02) for seed in range(4)]
    mine += [line("macro_shock", seed, harm=0.3, lost=0.12) for seed in range(4)]
    misleading = [line("discount_cliff", seed, harm=0.3, lost=0.021) for seed in range(40)]

    assert tuned([*mine, *misleading]) == tuned(mine)
    assert 0.02 < tuned(mine).lost <= 0.12


def test_the_cause_is_that_of_the_latest_run_that_knows_one() -> None:
    found = line("null", 1, harm=0.0, runs=[run(cause="covariate"), run(cause="concept"), run(cause="unknown")])

    assert cause_said(found) == "concept"
    assert cause_said(line("null", 1, harm=0.0)) == NO_CAUSE


@pytest.fixture(scope="module")
def small_study() -> list[Line]:
    """Three kinds of worlds: a quiet null, a concept found with labels and paged once, a fault nobody is hurt by."""
    called = [run(called=("2025-03/outcome",), cause="concept"), *[run(cause="concept")] * 5]
    fault = [run(called=("2025-03/payments",), cause="data_fault"), *[run(cause="data_fault")] * 5]
    return [
        *(line("null", seed, harm=0.0) for seed in range(3)),
        *(line("macro_shock", seed, harm=0.3) for seed in range(3)),
        *(line("discount_cliff", seed, harm=0.4, runs=called) for seed in range(3)),
        *(line("gateway_echo", seed, harm=0.0, runs=fault) for seed in range(3)),
    ]


def test_figures_count_calls_causes_and_harm(small_study: list[Line]) -> None:
    found = figures(small_study)

    assert found["base_rate"] == 0.5
    assert found["untouched"]["monitor, with 20 % of labels"]["mcc"] == 1.0
    assert found["untouched"]["monitor, before labels"]["recall"] == 0.0
    assert found["alerts"]["precision_harm"] == 0.5
    assert found["alerts"]["precision_harm_or_fault"] == 1.0
    assert found["alerts"]["median_pages_per_incident"] == 0.5
    assert found["causes"]["top1_harmful"] == 0.5
    assert found["causes"]["confusion"]["concept, harmful"] == {"concept": 3}
    assert found["causes"]["confusion"]["label_shift, harmful"] == {NO_CAUSE: 3}


def test_the_page_and_the_picture_show_every_archetype_and_the_tables(small_study: list[Line]) -> None:
    found = figures(small_study)
    text, picture = page(found, tables(found)), svg(found["by_archetype"])

    for name in ("null", "macro_shock", "discount_cliff", "gateway_echo"):
        assert name in text
        assert name in picture
    assert picture.count("<circle") == 12 + 3
    assert "| monitor, with 20 % of labels | 1.00" in text
    assert "Before labels the monitor sees" not in text, "nothing that broke does harm here"


def test_the_committed_page_says_what_is_seen_before_labels() -> None:
    found = json.loads((ROOT / "benchmarks" / "results" / "harm.json").read_text(encoding="utf-8"))

    text = page(found, tables(found))

    said = next(one for one in text.split("\n\n") if one.startswith("Before labels the monitor sees"))
    assert said in (ROOT / "docs" / "harm.md").read_text(encoding="utf-8").split("\n\n")
    assert "app_redesign aside" in said


def test_the_leak_knows_the_answer_while_the_past_is_extracted_and_nothing_in_service() -> None:
    features = pd.DataFrame({"use": np.zeros(2000)}, index=np.arange(2000))
    truth = pd.DataFrame({"reason": np.where(np.arange(2000) < 200, 0, -1)}, index=np.arange(2000))

    alive, dead, gone = (
        with_leak(features, truth, month=5, how=how, seed=1) for how in ("alive", "constant", "missing")
    )

    assert (alive[LEAK].to_numpy()[:200] > 0).mean() == pytest.approx(0.9, abs=0.06)
    assert (alive[LEAK].to_numpy()[200:] > 0).mean() == pytest.approx(0.01, abs=0.01)
    assert (dead[LEAK] == 0.0).all()
    assert gone[LEAK].isna().all()


def test_a_fifth_is_asked_everybody_within_reach_first() -> None:
    score = np.random.default_rng(2).beta(0.6, 12.0, 5000)
    chance = _chances(score)

    assert chance.mean() == pytest.approx(AUDITED, abs=0.002)
    assert (chance[score >= THRESHOLD] == 1.0).all()
    assert (chance > 0.0).all()


def test_where_the_campaign_reaches_nearly_everybody_the_others_are_still_asked() -> None:
    chance = _chances(np.r_[np.full(4900, 0.5), np.full(100, 0.01)])

    assert chance.mean() == pytest.approx(AUDITED, abs=0.01)
    assert chance.min() > 0.0


def test_the_largest_distance_of_the_peers_is_scipys() -> None:
    rng = np.random.default_rng(3)
    before, now = pd.Series(rng.normal(0.0, 1.0, 700).round(1)), pd.Series(rng.normal(0.2, 1.0, 300).round(1))

    assert _distances(before, now)[1] == ks_2samp(before, now, method="asymp").statistic


def test_psi_matches_a_hand_worked_value() -> None:
    assert _psi(np.array([0.5, 0.5]), np.array([0.6, 0.4])) == pytest.approx(0.04055, abs=1e-5)


@pytest.fixture(scope="module")
def small_ground() -> Ground:
    return ground(7, 500)


def test_worlds_share_their_past_and_part_ways_at_the_start(small_ground: Ground) -> None:
    lever = small_ground.world(of("discount_cliff"))

    for month in (0, START - 1):
        pd.testing.assert_frame_equal(lever.truth[month], small_ground.base.truth[month])
    assert not lever.truth[START + 1].equals(small_ground.base.truth[START + 1])
    assert small_ground.world(of("null")) is small_ground.base


def test_a_fault_damages_deliveries_from_the_start_on_and_no_truth(small_ground: Ground) -> None:
    fault = small_ground.world(of("fan_out"))

    assert fault.truth is small_ground.base.truth
    assert len(fault.deliveries[START]["tickets"]) > len(small_ground.base.deliveries[START]["tickets"])
    assert fault.deliveries[START - 1] is small_ground.base.deliveries[START - 1]


def test_those_who_had_left_before_are_not_judged(small_ground: Ground) -> None:
    class Everyone:
        def score(self, features: pd.DataFrame) -> np.ndarray:
            return np.full(len(features), 0.5)

    month = COHORTS[0]
    cohort = small_ground.scored(small_ground.base, month, Everyone(), small_ground.features[month])
    truth = small_ground.base.truth[month]

    assert set(cohort.known.features.index) <= set(truth.index)
    assert np.isnan(cohort.p).sum() == (~cohort.features.index.isin(truth.index)).sum()
    assert cohort.known.churned.mean() == pytest.approx(cohort.known.p.mean(), abs=0.03)


def test_is_harmful_from_the_named_share_on() -> None:
    assert is_harmful(line("null", 1, harm=0.1))
    assert not is_harmful(line("null", 1, harm=0.099))
    assert of("leak_constant").kind is Kind.LEAK
    assert pages(line("null", 1, harm=0.0)) == 0
