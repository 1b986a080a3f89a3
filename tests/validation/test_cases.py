"""Planted cases and controls: the same bytes every time, nothing given away, and what the truth says of them."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
import yaml

from pipelines.recorded import World
from pipelines.world.truth import expected_auc
from scenarios.base import Case, Draw, Level, Public
from scenarios.validation.engine import run_pipeline
from scenarios.validation.panel import Extras, with_extras
from scenarios.validation.planting import plant_into
from scenarios.validation.traps import ABSENT, TRAPS
from scenarios.validation.truth import Truth

Cases: TypeAlias = Callable[[Level, bool], Case[Truth]]
Folders: TypeAlias = Callable[[Level, bool], Path]


SEED = 5
LEVELS = tuple(Level)
BOTH = pytest.mark.parametrize("control", [False, True], ids=["planted", "control"])


def digest(public: Public) -> dict[str, str]:
    def of(content: "pd.DataFrame | str") -> str:
        data = content.to_csv(index=False) if isinstance(content, pd.DataFrame) else content
        return hashlib.sha256(data.encode()).hexdigest()

    return {name: of(content) for name, content in public.items()}


def test_the_same_draw_gives_the_same_files_and_truth(world: World, case: Cases) -> None:
    again = plant_into(world, Draw(seed=SEED, level=Level.JUNIOR))
    assert digest(again.public) == digest(case(Level.JUNIOR, False).public)
    assert again.truth == case(Level.JUNIOR, False).truth


@BOTH
@pytest.mark.parametrize("level", LEVELS)
def test_the_files_have_the_same_names_and_columns_whatever_is_in_them(
    level: Level, control: bool, case: Cases
) -> None:
    one, other = case(level, control).public, case(Level.JUNIOR, True).public
    assert sorted(one) == sorted(other)
    for name in ("panel.parquet", "attributes.parquet"):
        assert one[name].dtypes.equals(other[name].dtypes)


@BOTH
def test_no_file_holds_the_seed_of_the_draw_or_of_the_company(control: bool, case: Cases, world: World) -> None:
    texts = [one for one in case(Level.MID, control).public.values() if isinstance(one, str)]
    assert not any(str(world.company.seed) in one for one in texts)


@BOTH
def test_report_and_pipeline_name_no_trap(control: bool, case: Cases) -> None:
    public = case(Level.SENIOR, control).public
    codes = [*(one.code for one in TRAPS), *(code for code, _, _ in ABSENT)]
    assert not any(code in public[name] for code in codes for name in ("report.md", "pipeline.yaml"))


@BOTH
def test_the_order_of_rows_and_their_numbers_say_nothing(control: bool, case: Cases) -> None:
    rows = case(Level.MID, control).public["panel.parquet"]
    assert rows["row_id"].tolist() == list(range(1, len(rows) + 1))
    place = np.arange(len(rows))
    for column in ("churned", "customer_id", "tenure_months"):
        assert abs(np.corrcoef(place, rows[column])[0, 1]) < 4.0 / np.sqrt(len(rows))


def test_the_brief_lists_every_code_with_its_step(case: Cases) -> None:
    brief = case(Level.MID, False).public["BRIEF.md"]
    for one in TRAPS:
        assert f"| `{one.code}` | `{one.where}` |" in brief
    for code, _, where in ABSENT:
        assert f"| `{code}` | `{where}` |" in brief


def test_the_program_handed_out_prints_the_claim_of_the_report(folder: Folders, case: Cases) -> None:
    place = folder(Level.JUNIOR, False)
    ran = subprocess.run(
        [sys.executable, "run_pipeline.py"], cwd=place, capture_output=True, text=True, check=True, timeout=120
    )
    claimed = case(Level.JUNIOR, False).truth.claimed
    assert ran.stdout.splitlines() == [f"{name}: {value:.4f}" for name, value in claimed.items()]


@pytest.mark.parametrize("level", LEVELS)
def test_every_planted_trap_bites_and_the_claim_is_too_good(level: Level, case: Cases) -> None:
    truth = case(level, False).truth
    assert all(one.bites >= 1.0 for one in truth.prices.values())
    assert truth.claimed["auc"] - truth.auc >= 0.04


@pytest.mark.parametrize("level", LEVELS)
def test_a_control_claims_what_it_gives(level: Level, case: Cases) -> None:
    truth = case(level, True).truth
    assert truth.prices == {}
    assert abs(truth.claimed["auc"] - truth.auc) < 0.05


def test_the_truth_is_the_exact_auc_of_the_shipped_model(case: Cases, world: World) -> None:
    planted = case(Level.JUNIOR, False)
    tables = {name: one for name, one in planted.public.items() if isinstance(one, pd.DataFrame)}
    done = run_pipeline(yaml.safe_load(planted.public["pipeline.yaml"]), tables)
    month = world.company.calendar.history
    rows = world.features(month).reset_index().assign(cutoff=world.cutoff(month), agent=0)
    p = world.truth[month]["bayes"].reindex(rows["customer_id"])
    known = p.notna().to_numpy()
    assert "agent" not in done.columns
    exact = expected_auc(done.score(rows)[known], p.to_numpy()[known])
    assert planted.truth.months[0].expected_auc == pytest.approx(exact, abs=2e-3)


def test_what_happened_lies_about_what_was_expected(case: Cases) -> None:
    months = case(Level.MID, True).truth.months
    off = np.mean([one.realised_auc - one.expected_auc for one in months])
    assert abs(off) < 0.02


def test_extras_are_given_to_customers_that_join_later(world: World, extra: Extras) -> None:
    rows = world.features(world.company.calendar.months - 1).reset_index()
    assert with_extras(rows, extra)["agent"].notna().all()
