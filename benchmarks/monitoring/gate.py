"""What the gate says to every fault and every lever of the company world, and to years in which nothing happens.

Run it as `python benchmarks/monitoring/gate.py`, or with `--profile small`. A fault should be blocked or at least
warned of, given what the deployed model leans on. A lever is business, so it must never block scoring, and a quiet
year must neither block nor page, even for a model that leans on every column.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from monitoring.gate.check import blocking
from monitoring.gate.gate import Delivered, Gate, GoodDeliveries, check_month, learn_gate
from monitoring.vocabulary import Measurement, Verdict
from pipelines import store
from pipelines.features import FEATURES
from pipelines.laboratory import WARM_UP, Laboratory, laboratory
from pipelines.recorded import World, record
from pipelines.watch import KEYS, TABLES_WATCHED, used_by, watched_month
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import FAULTS
from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.levers.catalogue import LEVERS
from pipelines.world.levers.catalogue import pulled as pulled_lever

RESULT: Final = Path(__file__).parents[1] / "results" / "monitoring_gate.json"

HISTORY: Final = 24
"""Months before anything happens; the first `WARM_UP` of them only feed the features."""

SEED: Final = 7
"""The company that faults and levers happen to."""

BLOCKED, WARNED, NOTED, SILENT = "blocked", "warned", "noted", "silent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How much is measured: company size, months after the onset, quiet months and their seeds, faults and levers."""

    name: str
    customers: int
    after: int
    quiet: int
    seeds: tuple[int, ...]
    faults: tuple[str, ...]
    levers: tuple[str, ...]


PROFILES: Final = {
    one.name: one
    for one in (
        Profile(
            name="small",
            customers=4000,
            after=1,
            quiet=0,
            seeds=(),
            faults=("unit_change", "wrong_customer", "label_definition", "late_rows"),
            levers=("price_rise", "rival_base"),
        ),
        Profile(
            name="full",
            customers=12000,
            after=4,
            quiet=24,
            seeds=(8, 9, 10),
            faults=tuple(one.name for one in FAULTS),
            levers=tuple(one.name for one in LEVERS),
        ),
    )
}


def measure(name: str) -> dict[str, Any]:
    """Everything the table shows: one row a fault and a lever, one row a quiet year."""
    profile, began = PROFILES[name], time.process_time()
    lab = laboratory(_company(profile, seed=SEED, after=profile.after + 1), start=HISTORY)
    gate = _learn(lab.base, lab.features, weights_of(lab))
    every = dict.fromkeys(FEATURES, 1.0)
    strict = gate.weighted(used_by(every), every)
    rows = [*_faults(lab, gate, profile), *_levers(lab, strict, profile)]
    return {
        "profile": asdict(profile),
        "rows": rows,
        "quiet": [
            _still(lab.base, gate, profile.after, seed=SEED),
            *(_quiet(profile, seed) for seed in profile.seeds),
        ],
        "cpu_seconds": round(time.process_time() - began, 1),
    }


def _company(profile: Profile, *, seed: int, after: int) -> Company:
    calendar = Calendar(first_month="2023-01", burn_in=30, history=HISTORY, production=after)
    return Company(seed=seed, customers=profile.customers, calendar=calendar)


def weights_of(lab: Laboratory) -> dict[str, float]:
    """The share of the deployed model's gain by feature."""
    gain = lab.model.feature_importance("gain")
    return {name: float(of / gain.sum()) for name, of in zip(FEATURES, gain, strict=True)}


def _learn(world: World, features: Callable[[int], pd.DataFrame], weights: dict[str, float]) -> Gate:
    months = range(WARM_UP, HISTORY + 1)
    label = world.company.calendar.label
    feed = world.feed(HISTORY)
    delivered = {month: watched_month(feed, month - 1, world.cutoff(month)) for month in months}
    good = GoodDeliveries(
        tables={name: {label(month): delivered[month][name] for month in months} for name in TABLES_WATCHED},
        views={label(month): features(month).reset_index() for month in months},
        keys=KEYS,
        used=used_by(weights),
        weights=weights,
        cutoffs={label(month): world.cutoff(month) for month in months},
    )
    return learn_gate(good)


def said_in(world: World, gate: Gate, months: Sequence[int]) -> list[list[Measurement]]:
    """The gate's word at the start of each of consecutive months, on what was delivered before it."""
    views = {month: _view(world, month) for month in (months[0] - 1, *months)}
    return [_said(world, gate, month, (views[month - 1], views[month])) for month in months]


def _said(
    world: World, gate: Gate, month: int, views: tuple[pd.DataFrame | None, pd.DataFrame | None]
) -> list[Measurement]:
    feed = world.feed(month)
    given = Delivered(
        tables=watched_month(feed, month - 1, world.cutoff(month)),
        view=views[1],
        previous_tables=watched_month(feed, month - 2, world.cutoff(month - 1)),
        previous_view=views[0],
        month=world.company.calendar.label(month),
        cutoff=world.cutoff(month),
    )
    return check_month(gate, given)


def _view(world: World, month: int) -> pd.DataFrame | None:
    try:
        return world.features(month).reset_index()
    except (KeyError, TypeError, ValueError):
        return None


def _faults(lab: Laboratory, gate: Gate, profile: Profile) -> Iterator[dict[str, Any]]:
    for one in (one for one in FAULTS if one.name in profile.faults):
        until = HISTORY + profile.after
        world = lab.with_fault(pulled_fault(one.name, start=HISTORY), until=until)
        yield _row(gate, world, profile, kind="fault", name=one.name, harmless=one.harmless)


def _levers(lab: Laboratory, gate: Gate, profile: Profile) -> Iterator[dict[str, Any]]:
    for one in (one for one in LEVERS if one.name in profile.levers):
        world = lab.with_lever(pulled_lever(one.name, start=HISTORY))
        yield _row(gate, world, profile, kind="lever", name=one.name, harmless=one.harmless)


def _row(gate: Gate, world: World, profile: Profile, *, kind: str, name: str, harmless: bool) -> dict[str, Any]:
    """The loudest word in each month after the onset, and the alarms that were not there without it."""
    by_month = said_in(world, gate, range(HISTORY + 1, HISTORY + profile.after + 1))
    told = [_loudness(said) for said in by_month]
    loudest = min(told, key=_ORDER.index)
    return {
        "kind": kind,
        "name": name,
        "harmless": harmless,
        "outcome": loudest,
        "months": told,
        "after_months": None if loudest == SILENT else told.index(loudest) + 1,
        "signals": _signals(by_month, loudest),
    }


_ORDER: Final = (BLOCKED, WARNED, NOTED, SILENT)


def _word(one: Measurement) -> str:
    if blocking([one]):
        return BLOCKED
    return WARNED if one.weight > 0.0 else NOTED


def _loudness(said: Sequence[Measurement]) -> str:
    alarms = [one for one in said if one.verdict is Verdict.ALARM]
    return min((_word(one) for one in alarms), key=_ORDER.index, default=SILENT)


def _signals(by_month: Sequence[Sequence[Measurement]], loudest: str) -> list[str]:
    """The alarms that are as loud as the loudest, as "signal of subject: note", each once."""
    alarms = [one for said in by_month for one in said if one.verdict is Verdict.ALARM and _word(one) == loudest]
    return list({one.key: f"{one.signal} of {one.subject}: {one.note}" for one in alarms}.values())


def _quiet(profile: Profile, seed: int) -> dict[str, Any]:
    """A company of its own to which nothing happens for `quiet` months after its history; every column weighs 1."""
    world = record(_company(profile, seed=seed, after=profile.quiet))
    gate = _learn(world, world.features, dict.fromkeys(FEATURES, 1.0))
    return _still(world, gate, profile.quiet, seed=seed)


def _still(world: World, gate: Gate, months: int, *, seed: int) -> dict[str, Any]:
    by_month = said_in(world, gate, range(HISTORY + 1, HISTORY + months + 1))
    told = [_loudness(said) for said in by_month]
    return {
        "seed": seed,
        "months": len(told),
        "blocked": told.count(BLOCKED),
        "warned": told.count(WARNED),
        "noted": told.count(NOTED),
        "signals": _signals(by_month, WARNED) + _signals(by_month, BLOCKED),
    }


def table(result: dict[str, Any]) -> Table:
    """The result for the terminal."""
    shown = Table(title=f"The gate, {result['profile']['customers']:,} customers", show_lines=False)
    for header in ("", "name", "outcome", "month", "loudest signals"):
        shown.add_column(header)
    for row in result["rows"]:
        name = f"{row['name']}{' (harmless)' if row['harmless'] else ''}"
        shown.add_row(row["kind"], name, row["outcome"], str(row["after_months"] or ""), "\n".join(row["signals"][:3]))
    for year in result["quiet"]:
        outcome = f"{year['blocked']} blocked, {year['warned']} warned"
        shown.add_row("quiet", f"seed {year['seed']}, {year['months']} months", outcome, "", "\n".join(year["signals"]))
    return shown


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="full")
    asked = parser.parse_args()
    result = measure(asked.profile)
    if asked.profile == "full":
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        store.write_json(RESULT, result)
    Console(width=180).print(table(result))


if __name__ == "__main__":
    main()
