"""Small tables on disk, and an audit made by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring.leakage.vocabulary import (
    Audit,
    Clue,
    ColumnFinding,
    ColumnVerdict,
    Depth,
    LabelFindings,
    Mechanism,
    RatePoint,
    RowFindings,
    Score,
    ScoreBy,
    ServingFinding,
    ServingFindings,
)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes text or bytes to a file and returns its path."""

    def write(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def customers() -> Callable[..., pd.DataFrame]:
    """A function that makes an honest table with a target `churned`; with `leak`, a fee that only leavers pay."""
    return _customers


@pytest.fixture
def sample_audit() -> Callable[..., Audit]:
    """A function that gives an audit with a leak, a suspect, names that try to be markup, and every section filled."""
    return _sample_audit


@pytest.fixture
def clean_audit() -> Callable[..., Audit]:
    """A function that gives the sample without anything found against its columns."""
    return _clean_audit


def _customers(rows: int = 900, *, leak: bool = False, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=rows)
    churned = rng.random(rows) < 1.0 / (1.0 + np.exp(1.6 - risk))
    table = pd.DataFrame(
        {
            "customer_id": [f"C{one:05d}" for one in range(rows)],
            "usage": np.round(np.exp(-0.5 * risk + rng.normal(size=rows)), 3),
            "plan": rng.choice(["basic", "plus", "pro"], rows),
            "price": rng.choice([9.99, 14.99], rows),
        }
    )
    fee = {"closing_fee": np.where(churned, np.round(rng.gamma(2.0, 20.0, rows), 2), 0.0)} if leak else {}
    return table.assign(**fee, churned=np.where(churned, "yes", "no"))


def _sample_audit(**changes: object) -> Audit:
    return replace(_SAMPLE, **changes)


def _clean_audit(**changes: object) -> Audit:
    columns = tuple(one for one in _SAMPLE.columns if one.verdict in (ColumnVerdict.OK, ColumnVerdict.IGNORED))
    same = tuple(replace(one, without_leaks=one.all_columns) for one in _SAMPLE.scores)
    return replace(_SAMPLE, **({"columns": columns, "scores": same, "depth": Depth.TABLE} | changes))


NASTY = "<script>alert('x')</script>[bold]"

_NAN = float("nan")


def _clue(column: str, verdict: ColumnVerdict, mechanism: Mechanism, *, confidence: float, says: str) -> Clue:
    return Clue(
        column=column,
        check="values only positives have",
        mechanism=mechanism,
        verdict=verdict,
        confidence=confidence,
        says=says,
        value=412.5,
        limit=200.0,
    )


def _finding(name: str, verdict: ColumnVerdict, mechanism: Mechanism, confidence: float, *says: str) -> ColumnFinding:
    evidence = tuple(_clue(name, verdict, mechanism, confidence=confidence, says=one) for one in says)
    return ColumnFinding(name=name, verdict=verdict, mechanism=mechanism, confidence=confidence, evidence=evidence)


def _by(split: str, every: tuple[float, float, float], less: tuple[float, float, float], note: str = "") -> ScoreBy:
    first, second = (Score(auc=a, low=b, high=c) for a, b, c in (every, less))
    return ScoreBy(split=split, all_columns=first, without_leaks=second, note=note)


_SAMPLE = Audit(
    depth=Depth.SERVING,
    columns=(
        _finding("plan", ColumnVerdict.OK, Mechanism.NONE, 0.5),
        _finding(NASTY, ColumnVerdict.SUSPECT, Mechanism.UNKNOWN, 0.6, f"{NASTY} is odd"),
        _finding("fee", ColumnVerdict.LEAK, Mechanism.TARGET_COPY, 0.99, "fee tells <all>", "fee is paid by leavers"),
        _finding("churned", ColumnVerdict.IGNORED, Mechanism.NONE, 1.0, "the target"),
    ),
    scores=(
        _by("random", (0.97, 0.96, 0.98), (0.81, 0.79, 0.83)),
        _by("grouped", (0.95, 0.93, 0.97), (0.78, 0.75, 0.81), "Every entity wholly on one side."),
        _by("time", (_NAN, _NAN, _NAN), (_NAN, _NAN, _NAN), "No time column was named."),
    ),
    rows=RowFindings(
        duplicates=12,
        duplicate_share=0.012,
        duplicates_across=3,
        shared_entities=None,
        shared_entity_share=None,
        repeated_keys=None,
        says=("12 rows repeat an earlier one.",),
    ),
    labels=LabelFindings(
        rows=1000,
        unknown=0,
        rate=0.21,
        over_time=tuple(
            RatePoint(period=f"2025-{at:02d}", rows=250, rate=rate, low=rate - 0.04, high=rate + 0.04)
            for at, rate in ((1, 0.2), (2, 0.22), (3, 0.21), (4, 0.08))
        ),
        immature=("2025-04",),
        says=("The newest periods fall short: 2025-04.",),
    ),
    serving=ServingFindings(
        compared=400,
        skewed=(ServingFinding(name="usage", share=0.3, says="minutes here, seconds there", confidence=0.9),),
        says=("Of 400 pairs 120 differ.",),
    ),
    proves=("From the scoring log: that values differ.",),
    cannot_prove=("Why they differ.",),
    invalid_split=(),
    rows_given=1000,
    sampled=1000,
)
