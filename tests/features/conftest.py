from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scenarios.base import Case, Draw, Level
from scenarios.features.exam.plant import control, plant
from scenarios.features.exam.truth import FeaturesTruth, Planted, Sealed
from scenarios.features.story import Fault, Month, Practice, Step, Story
from scenarios.kit.story import Line

SEED = 21


@pytest.fixture(scope="session")
def senior() -> Case[FeaturesTruth]:
    """A case whose faults are quiet."""
    return plant(Draw(seed=SEED, level=Level.SENIOR))


@pytest.fixture(scope="session")
def sound() -> Case[FeaturesTruth]:
    """The same company with nothing wrong."""
    return control(Draw(seed=SEED, level=Level.SENIOR))


@pytest.fixture(scope="session")
def small(senior: Case[FeaturesTruth]) -> FeaturesTruth:
    """The truth of the senior case for one customer in twenty, for code that is run in the sandbox."""
    truth = senior.truth
    few = {name: rows[rows["customer_id"] % 20 == 0].reset_index(drop=True) for name, rows in truth.tables.items()}
    sealed = tuple(_fewer(one) for one in truth.sealed)
    labels = truth.labels[truth.labels["customer_id"] % 20 == 0].reset_index(drop=True)
    return replace(truth, tables=few, sealed=sealed, labels=labels)


def _fewer(one: Sealed) -> Sealed:
    kept = one.customers.to_numpy() % 20 == 0
    return replace(one, customers=one.customers[kept], p=one.p[kept])


def planted(name: str, place: str, mechanism: str) -> Planted:
    return Planted(
        name=name,
        title=name,
        kind="data",
        places=(place, place.split(".", maxsplit=1)[0]),
        mechanism=mechanism,
        dose=1.0,
        since="",
    )


@pytest.fixture(scope="session")
def toy() -> FeaturesTruth:
    """A truth of four label rows and two faults, to be worked out by hand."""
    cutoffs = (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01"))
    labels = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "cutoff": [cutoffs[0], cutoffs[0], cutoffs[1], cutoffs[1]],
            "churned": [1.0, 0.0, 0.0, 0.0],
            "right": [0.0, 0.0, 1.0, np.nan],
        }
    ).astype({"cutoff": "datetime64[us]"})
    return FeaturesTruth(
        level=Level.MID,
        planted=(
            planted("full", "usage.sessions", "sentinel value"),
            planted("twice", "tickets.ticket_id", "duplicate rows"),
        ),
        decoys=frozenset({"tickets.satisfaction"}),
        known=frozenset(
            {"usage", "usage.sessions", "tickets", "tickets.ticket_id", "tickets.satisfaction", "invoices"}
        ),
        tables={},
        extract=pd.Timestamp("2024-04-01"),
        trained=cutoffs,
        checked=(cutoffs[1],),
        labels=labels,
        sealed=(),
        baseline=0.6,
        bayes=0.8,
    )


Make = Callable[..., Story]


@pytest.fixture
def make_story() -> Make:
    """A story, with changes."""

    def make(**changes: object) -> Story:
        steps = (
            ("the stuck model", "stuck", 0.6, 0.0),
            ("a bigger model", "learner", 0.57, -0.12),
            ("a hyper-parameter search", "learner", 0.605, 0.02),
            ("labels reviewed", "labels", 0.66, 0.24),
            ("three features", "features", 0.71, 0.44),
            ("three features, labels reviewed", "both", 0.79, 0.76),
            ("tables repaired", "both", 0.82, 0.88),
            ("the best possible", "best", 0.85, 1.0),
        )
        story = Story(
            title="Features: a model that is stuck",
            question="What is wrong?",
            level="mid",
            control=False,
            customers=5000,
            trained=("2025-01", "2025-02"),
            sealed=("2025-05", "2025-06"),
            label_rows=20_000,
            wrong_labels=500,
            reviews=1500,
            baseline=0.6,
            bayes=0.85,
            ladder=tuple(Step(name=n, what="how <b>", kind=k, auc=a, share=s) for n, k, a, s in steps),  # type: ignore[arg-type]
            months=(
                Month(label="2025-01", customers=10_000, booked=0.05, right=0.03, wrong=300),
                Month(label="2025-02", customers=10_000, booked=0.04, right=0.03, wrong=200),
            ),
            faults=(_fault("The app sends seconds", "data", found=True), _fault("A line", "dictionary", found=False)),
            practices=(_practice("weak practice", None, 3.0), _practice("sound practice", 0.82, 99.0)),
        )
        return story.model_copy(update=changes)

    return make


def _fault(title: str, kind: str, *, found: bool) -> Fault:
    return Fault(
        title=title,
        kind=kind,
        places=("usage.active_minutes",),
        mechanism="unit or currency",
        dose=0.5,
        since="2025-01" if kind == "data" else "",
        found=found,
        evidence="rows above 100 minutes: 0.1" if found else "",
    )


def _practice(name: str, auc: float | None, score: float) -> Practice:
    return Practice(
        name=name,
        what="Does this & that.",
        auc=auc,
        share=None if auc is None else 0.88,
        peeks=("channel",) if auc is None else (),
        listed=0 if auc is None else 500,
        listed_wrong=0 if auc is None else 480,
        found=1,
        accused=0,
        score=score,
        lines=(Line(name="headroom closed", points=36.0, of=36.0, reason="AUC 0.82"),),
    )
