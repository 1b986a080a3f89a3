from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from scenarios.incident.system.company import REFUND
from scenarios.incident.system.dashboard import LEAST_AUC, dashboard
from scenarios.incident.system.harm import billed_twice, harm, profit
from scenarios.incident.system.registry import CANARY, LIVE, RECALIBRATED
from scenarios.incident.system.run import Lived, live
from scenarios.incident.system.timeline import RECALIBRATED as RECALIBRATED_AT
from tests.incident.conftest import START, event

Run = Callable[[str], Lived]


def test_a_run_beside_itself_has_hurt_nobody(twin: Lived) -> None:
    months = harm(twin, twin)

    assert [(len(one.affected), one.cost) for one in months] == [(0, 0.0)] * len(twin.runs)


def test_until_the_start_every_stored_table_is_the_twins(twin: Lived, struck: Run) -> None:
    for mine, theirs in zip(struck("eternal_cache").runs[:START], twin.runs[:START], strict=True):
        pd.testing.assert_frame_equal(mine.snapshot, theirs.snapshot)
        pd.testing.assert_frame_equal(mine.log, theirs.log)
        pd.testing.assert_frame_equal(mine.offers, theirs.offers)


def test_features_of_the_twin_are_reused_to_the_same_end(twin: Lived, struck: Run) -> None:
    alone = live(twin.past, twin.world, event("wrong_month"))

    for mine, theirs in zip(alone.runs, struck("wrong_month").runs, strict=True):
        pd.testing.assert_frame_equal(mine.log, theirs.log)


def test_an_injection_leaves_the_twin_alone(twin: Lived) -> None:
    before = [run.snapshot.copy() for run in twin.runs]

    for name in ("month_boundary", "unknown_contract", "own_labels"):
        live(twin.past, twin.world, event(name), twin=twin)

    for kept, run in zip(before, twin.runs, strict=True):
        pd.testing.assert_frame_equal(kept, run.snapshot)


def test_cost_is_the_profit_of_the_right_offers_less_that_of_the_sent_ones(twin: Lived, struck: Run) -> None:
    lived = struck("moved_threshold")
    run, right = lived.runs[-1], twin.runs[-1]
    chance = lived.world.truth[run.month]["bayes"]
    prices = lived.past.economics

    wrongly = chance.reindex(run.offered.difference(right.offered)).fillna(0.0)
    by_hand = float(((1.0 - wrongly) * prices.loss - wrongly * prices.gain).sum())

    assert profit(lived, right) - profit(lived, run) == pytest.approx(by_hand)
    assert harm(lived, twin)[-1].cost == pytest.approx(by_hand)


def test_a_doubled_invoice_costs_a_refund_and_moves_no_score(twin: Lived, struck: Run) -> None:
    lived = struck("doubled_invoices")
    month = harm(lived, twin)[-1]

    assert month.cost == pytest.approx(REFUND * len(month.affected))
    assert len(month.affected) == len(billed_twice(lived.runs[-1].delivery["invoices"])) > 0
    pd.testing.assert_frame_equal(lived.runs[-1].log, twin.runs[-1].log)


def test_nobody_is_billed_twice_in_a_sound_month(twin: Lived) -> None:
    assert [len(billed_twice(run.delivery["invoices"])) for run in twin.runs] == [0] * len(twin.runs)


def test_the_model_is_recalibrated_once_and_the_canary_never_serves(twin: Lived) -> None:
    versions = [run.model.version for run in twin.runs]

    assert versions == [LIVE] * RECALIBRATED_AT + [RECALIBRATED] * (len(versions) - RECALIBRATED_AT)
    assert twin.canary.version == CANARY


def test_the_canary_says_more_than_happens(twin: Lived) -> None:
    snapshot = twin.runs[0].snapshot

    assert twin.canary.score(snapshot).mean() > 1.5 * twin.runs[0].model.score(snapshot).mean()


def test_own_labels_teach_the_model_that_its_warnings_were_wrong(twin: Lived, struck: Run) -> None:
    mine, theirs = struck("own_labels").runs[-1], twin.runs[-1]

    assert len(mine.offers) < len(theirs.offers)


def test_the_dashboard_turns_red_when_rows_go_missing_or_scores_turn_to_noise(twin: Lived) -> None:
    from dataclasses import replace

    runs = list(twin.runs)
    short = replace(runs[3], log=runs[3].log.iloc[: len(runs[3].log) // 2])
    noise = runs[4].log.assign(score=np.random.default_rng(2).random(len(runs[4].log)))
    runs[3], runs[4] = short, replace(runs[4], log=noise)

    panels = dashboard(runs, np.random.default_rng(1))

    assert "rows" in panels[3].lights
    assert "AUC" in panels[6].lights
    assert panels[6].auc is not None
    assert panels[6].auc < LEAST_AUC


def test_the_dashboard_of_a_sound_year_is_green(twin: Lived) -> None:
    assert all(one.green for one in dashboard(twin.runs, np.random.default_rng(1)))
