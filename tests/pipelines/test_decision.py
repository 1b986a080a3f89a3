from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.dataset import Cohort
from pipelines.model import ChurnModel
from pipelines.parameters import Parameters
from pipelines.replay.policy import Action
from pipelines.retrain import Bout, challenge, leaks, recalibrate
from pipelines.train import train_champion


@pytest.fixture(scope="module")
def champion(cohorts: list[Cohort], parameters: Parameters) -> ChurnModel:
    model, _ = train_champion(cohorts[:-3], parameters.champion, parameters.economics.economics, version="first")
    return model


@pytest.fixture(scope="module")
def bout(champion: ChurnModel, parameters: Parameters) -> Bout:
    return Bout(
        champion=champion,
        onto=champion,
        month="2024-05",
        parameters=parameters.champion,
        economics=parameters.economics.economics,
    )


def more_churn(one: Cohort, among: pd.Series, share: float) -> Cohort:
    """The cohort with additional churners in a part of the customers."""
    luck = np.random.default_rng(one.month).uniform(size=len(among))
    churned = one.churned.mask(among.to_numpy() & (luck < share) & one.labelled(), 1.0)
    return replace(one, churned=churned)


def everybody(one: Cohort) -> pd.Series:
    return pd.Series(data=True, index=one.features.index)


def test_a_challenger_that_learnt_the_new_world_takes_over(cohorts: list[Cohort], bout: Bout) -> None:
    moved = [more_churn(one, one.features["region"] == "APAC", 0.4) for one in cohorts[-3:]]

    trial, model, rows = challenge(bout, [*cohorts[:-3], *moved])

    assert trial.promoted
    assert (trial.judged_on, trial.action, trial.leaks) == (cohorts[-1].label, Action.RETRAIN, ())
    assert trial.challenger_profit > trial.champion_profit
    apac = moved[-1].features[moved[-1].features["region"] == "APAC"]
    assert model.score(apac).mean() > 2 * bout.champion.score(apac).mean()
    assert set(rows) == {"month", "customer_id", "churned", "score"}


def test_a_challenger_with_a_leak_does_not_take_over(cohorts: list[Cohort], bout: Bout) -> None:
    told = [
        replace(one, features=one.features.assign(tickets_90d=one.churned.fillna(0.0) * 7.0)) for one in cohorts[-3:]
    ]

    trial, _, _ = challenge(bout, [*cohorts[:-3], *told])

    assert trial.leaks == ("tickets_90d",)
    assert trial.challenger_log_loss < trial.champion_log_loss
    assert not trial.promoted


def test_honest_training_tables_pass_the_audit(cohorts: list[Cohort]) -> None:
    assert leaks(cohorts[-3:]) == ()


def test_a_recalibration_keeps_the_trees_and_meets_the_new_level(cohorts: list[Cohort], bout: Bout) -> None:
    moved = [more_churn(one, everybody(one), 0.05) for one in cohorts[-3:]]

    trial, model, rows = recalibrate(bout, [*cohorts[:-3], *moved])

    newest = moved[-1]
    scores = model.score(newest.features[newest.labelled()])
    assert trial.promoted
    assert trial.action is Action.RECALIBRATE
    assert model.trees == bout.champion.trees
    assert scores.mean() == pytest.approx(newest.churned.mean(), rel=0.1)
    assert (bout.champion.score(newest.features).rank() == model.score(newest.features).rank()).all()
    assert rows["score"].mean() == pytest.approx(rows["churned"].mean(), rel=0.1)


def test_a_recalibration_that_nothing_asks_for_changes_little(cohorts: list[Cohort], bout: Bout) -> None:
    trial, _, _ = recalibrate(bout, cohorts)

    assert abs(trial.challenger_log_loss - trial.champion_log_loss) < 0.003
