"""A sample story: a mid-level case and its control, made by hand, so that what is shown can be tested without a run."""

from collections.abc import Callable

import pytest

from scenarios.kit.story import Interval, Line
from scenarios.leakage.story import Choice, Column, Month, Planted, Practice, SplitScore, Story

LOOKUPS = ("sessions_28d", "sessions_before", "days_since_use", "features_used")
TITLES = (
    "Auto-renewal is switched off by the closing workflow, and the current table is joined.",
    "Some profiles are emptied after the account is closed, and the current table is joined.",
    "Look-ups that time out are answered with 0.",
)
LABELS = ("2022-05", "2022-06", "2022-08", "2022-09", "2022-10", "2022-12", "2023-01", "2023-02")
PARTS = ("test", "test", "served", "served", "served", "sealed", "sealed", "sealed")


@pytest.fixture
def make_story() -> Callable[..., Story]:
    """A function that returns the sample story, with fields replaced by its keyword arguments."""
    return sample_story


@pytest.fixture
def make_control() -> Callable[..., Story]:
    """The same for a control."""
    return sample_control


def sample_story(**changes: object) -> Story:
    fields = {
        "title": "Data leakage: a score that was too good",
        "question": "Which columns knew more than they could have known, and what can the model really do?",
        "level": "mid",
        "control": False,
        "customers": 8277,
        "trained": "2021-10 to 2022-03",
        "tested": "2022-05 to 2022-06",
        "served": "2022-08 to 2022-10",
        "sealed": "2022-12 to 2023-02",
        "claimed": around(0.937, 0.008),
        "deployed": 0.6862,
        "honest": 0.8161,
        "months": months(offline=0.937, production=0.683, honest=0.816),
        "planted": planted(),
        "columns": columns(),
        "practices": practices(),
        "choices": (Choice(name="touch nothing", real=0.6862), Choice(name="rebuild the leaks", real=0.7512)),
        "splits": splits(0.93),
        "proves": ("From the table alone: values that cannot have been known.", "From the events: proof, both ways."),
        "accused_honest": 0,
    }
    return Story(**(fields | changes))


def sample_control(**changes: object) -> Story:
    quiet = tuple(one.model_copy(update={"truth": "honest", "verdict": "ok", "mechanism": ""}) for one in columns())
    fields = {
        "control": True,
        "claimed": around(0.834, 0.02),
        "deployed": 0.815,
        "honest": 0.815,
        "months": months(offline=0.83, production=0.83, honest=0.83),
        "planted": (),
        "columns": quiet,
        "choices": (),
        "splits": splits(0.8166),
    }
    return sample_story(**(fields | changes))


def around(auc: float, half: float) -> Interval:
    return Interval(auc=auc, low=round(auc - half, 4), high=round(auc + half, 4))


def months(*, offline: float, production: float, honest: float) -> tuple[Month, ...]:
    found = []
    for at, (label, part) in enumerate(zip(LABELS, PARTS, strict=True)):
        half, moved = 0.0 if part == "sealed" else 0.03, 0.003 * at
        remade = around(offline, 0.01) if part != "sealed" else None
        sent = remade if part == "test" else around(production + moved, half)
        found.append(Month(label=label, part=part, offline=remade, production=sent, honest=around(honest, half)))
    return tuple(found)


def planted() -> tuple[Planted, ...]:
    return (
        thing(TITLES[0], ("renews",), "overwritten later", damage=0.1945, rank=1, gain=0.3895),
        thing(TITLES[1], ("home_size",), "missing where the outcome is known", damage=0.035, rank=3, found_by="events"),
        thing(TITLES[2], LOOKUPS, "training-serving skew", kind="skew", rank=5, found_by="serving"),
    )


def thing(title: str, columns: tuple[str, ...], mechanism: str, **more: object) -> Planted:
    usual = {"kind": "future", "damage": 0.0387, "rank": 2, "gain": 0.0512, "found_by": "table"}
    says = f"71.52% of the cells of {columns[0]} change when rows not available at the cutoff are taken away"
    return Planted(**(usual | {"title": title, "columns": columns, "mechanism": mechanism, "evidence": says} | more))


def columns() -> tuple[Column, ...]:
    return (
        column("renews", truth="leak", verdict="leak", mechanism="overwritten later", confidence=1.0, gain=0.3895),
        column("home_size", truth="leak", verdict="leak", confidence=1.0, gain=0.0956),
        *(column(name, truth="skew", verdict="skew", confidence=0.95) for name in LOOKUPS),
        column("days_to_termination", truth="decoy", gain=0.0354),
        column("failed_payments_35d", gain=0.165),
        column("plan", gain=0.0003),
    )


def column(name: str, **more: object) -> Column:
    usual = {"truth": "honest", "verdict": "ok", "mechanism": "", "confidence": 0.996, "gain": 0.02}
    return Column(**(usual | {"name": name, "evidence": f"what was found about {name}"} | more))


def practices() -> tuple[Practice, ...]:
    return (
        practice("believes the card", True, (), 0.937, 0.6862, 0.0),
        practice("drops the top column", False, ("renews",), 0.8691, 0.7749, 49.22),
        practice("rebuilds from what was known", False, ("renews", "home_size", *LOOKUPS), 0.8215, 0.8161, 100.0),
    )


def practice(  # noqa: PLR0917 - the fields of a record, in its order
    name: str,
    trust: bool | None,
    named: tuple[str, ...],
    claimed: float | None,
    real: float,
    score: float,
) -> Practice:
    return Practice(
        name=name,
        what=f"What is done by someone who {name}.",
        trust=trust,
        named=named,
        claimed=claimed,
        low=None if claimed is None else round(claimed - 0.01, 4),
        high=None if claimed is None else round(claimed + 0.01, 4),
        real=real,
        score=score,
        lines=(Line(name="decision", points=0.2 * score, of=20.0, reason=f"why of {name}"),),
    )


def splits(every: float) -> tuple[SplitScore, ...]:
    return tuple(
        SplitScore(
            split=name, all_columns=around(every, 0.01), without_leaks=around(0.8166, 0.01), note=f"how {name} is made"
        )
        for name in ("random", "grouped", "time")
    )
