"""The benchmark's short way to the evidence, against the whole way of the monitor."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from monitoring.performance.cohort import read
from monitoring.performance.good_cohorts import build_realised
from monitoring.performance.landed import Landed
from monitoring.performance.review import trail

BENCHMARKS = Path(__file__).parents[3] / "benchmarks" / "monitoring"


def test_cohorts_remembered_straight_from_outcomes_give_the_monitors_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    worlds = importlib.import_module("null_worlds")
    pages = importlib.import_module("false_pages")
    drift = worlds.null("seasonal", 18, np.random.default_rng(1)).drift
    tables = dict(worlds.cohorts(drift, np.random.default_rng(2)))
    short = [worlds.landed(*one) for one in worlds.outcomes(drift, np.random.default_rng(2))]
    for name in ("null_worlds", "false_pages"):
        sys.modules.pop(name)

    known = {"threshold": worlds.THRESHOLD, "economics": worlds.ECONOMICS}
    whole = [Landed.of(read(month, table, *known.values())) for month, table in tables.items()]
    reference = build_realised(dict(list(tables.items())[:12]), **known)

    assert short == whole
    assert pages.trace(short, 12) == pytest.approx(trail(reference, whole[12:]).evidence)
