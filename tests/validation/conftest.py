"""A recorded company, and cases planted into it, made once for all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.recorded import World, record
from scenarios.base import Case, Draw, Level
from scenarios.kit.pack import write_public
from scenarios.validation.panel import Cadence, Extras, extras, panel
from scenarios.validation.planting import plant_into
from scenarios.validation.recorded import company_of
from scenarios.validation.truth import Truth

SEED = 5
"""The company's seed; also that of every case."""

Cases = Callable[[Level, bool], Case[Truth]]
Folders = Callable[[Level, bool], Path]


@pytest.fixture(scope="session")
def world() -> World:
    return record(company_of(Draw(seed=SEED, level=Level.MID)))


@pytest.fixture(scope="session")
def extra(world: World) -> Extras:
    return extras(world, np.random.default_rng(1))


@pytest.fixture(scope="session")
def tables(world: World, extra: Extras) -> Callable[..., dict[str, pd.DataFrame]]:
    """Tables of a cadence, with a share of rows copied."""

    @cache
    def made(cadence: Cadence, copied: float = 0.0) -> dict[str, pd.DataFrame]:
        rows = panel(world, cadence, extra, np.random.default_rng(2), copied=copied)
        return {"panel.parquet": rows, "attributes.parquet": extra.public_attributes(rows["customer_id"])}

    return made


@pytest.fixture(scope="session")
def case(world: World) -> Cases:
    """The case of a level, planted or control."""

    @cache
    def planted(level: Level, control: bool = False) -> Case[Truth]:
        return plant_into(world, Draw(seed=SEED, level=level), control=control)

    return planted


@pytest.fixture(scope="session")
def folder(case: Cases, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The public files of a case on disk."""

    @cache
    def written(level: Level, control: bool = False) -> Path:
        place = tmp_path_factory.mktemp(f"{level}-{control}")
        write_public(place, case(level, control).public)
        return place

    return written
