"""Retrain policies in money: each beside the oracle, on drawn worlds of several kinds.

``python benchmarks/policies.py`` records a company a seed, branches it into one world of each kind, replays every
policy there and writes benchmarks/results/policies.json anew after each seed; ``--profile small`` takes one seed and
half a minute. All money is per 1,000 customers and year: profit missed against the best possible score, plus actions
and calls.
"""

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from pipelines.parameters import ChampionParameters, read_parameters
from pipelines.replay.engine import replay
from pipelines.replay.ledger import Ledger
from pipelines.replay.oracle import oracle
from pipelines.replay.past import Past, past_of
from pipelines.replay.policies.catalogue import NEVER, POLICIES
from pipelines.replay.policy import Action
from pipelines.replay.stage import lived, stage_of
from pipelines.replay.workshop import Workshop
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.catalogue import pulled as pulled_lever
from pipelines.world.levers.lever import PulledLever

RESULTS = Path(__file__).parent / "results" / "policies.json"
ROOT = Path(__file__).parents[1]
FIRST_SEED = 500
"""Seeds from here on were used by no test and no tuning."""

HISTORY = 24
TREES = 60
SMALL = ("sudden", "label shift", "null", "data fault")
"""Kinds of world of the small profile, which takes one seed."""

DRIFTS = (
    ("competitor_launch", 1.5),
    ("support_cut", 1.6),
    ("discount_cliff", 3.0),
    ("onboarding_broken", 1.8),
    ("local_rival", 2.0),
    ("app_redesign", 0.9),
)
"""Levers, with doses, that change what the inputs mean and that retraining can follow; seeds take turns."""

FAULTS = (("null_to_default", 0.4), ("swapped_columns", 1.0), ("sentinel_values", 0.6), ("redefined_window", 1.0))
_WIDTH = 150
HARMLESS = ("seasonal_swing", "channel_mix", "region_expansion", "app_migration", "usage_surge")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of world: the levers and faults pulled in it."""

    name: str
    levers: tuple[PulledLever, ...] = ()
    faults: tuple[PulledFault, ...] = ()


def kinds(number: int) -> Iterator[Kind]:
    """One world of each kind for the seed with this number."""
    rng = np.random.default_rng(FIRST_SEED + number)
    start = HISTORY + int(rng.integers(0, 5))
    lever, dose = DRIFTS[number % len(DRIFTS)]
    other, strength = DRIFTS[(number + 2) % len(DRIFTS)]
    fault, amount = FAULTS[number % len(FAULTS)]
    broken = (pulled_fault(fault, start=start + 1, until=None, dose=amount),)
    yield Kind(name="sudden", levers=(pulled_lever(lever, start=start, dose=dose, shape="sudden"),))
    yield Kind(name="gradual", levers=(pulled_lever(other, start=start, dose=strength, shape="gradual"),))
    yield Kind(name="recurring", levers=(pulled_lever(lever, start=start, dose=dose, shape="recurring"),))
    yield Kind(name="blip", levers=(pulled_lever(lever, start=start, dose=dose, shape="blip"),))
    yield Kind(name="label shift", levers=(pulled_lever("macro_shock", start=start, dose=0.7, shape="sudden"),))
    yield Kind(name="harmless", levers=(pulled_lever(HARMLESS[number % len(HARMLESS)], start=start, dose=None),))
    yield Kind(name="null")
    yield Kind(name="data fault", faults=broken)
    yield Kind(name="two at once", levers=(pulled_lever(lever, start=start, dose=dose, shape="sudden"),), faults=broken)


def main() -> None:
    """Run all seeds, printing and writing after each."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seeds", type=int, default=20)
    given.add_argument("--customers", type=int, default=2000)
    given.add_argument("--processes", type=int, default=2)
    given.add_argument("--profile", choices=("full", "small"), default="full")
    asked = given.parse_args()
    if asked.profile == "small":
        show({"seeds": 1, "customers": asked.customers, "kinds": summary(one_seed(0, asked.customers, SMALL))})
        return
    lines: list[dict[str, Any]] = []
    with ProcessPoolExecutor(asked.processes) as pool:
        waiting = [pool.submit(one_seed, number, asked.customers) for number in range(asked.seeds)]
        for done, one in enumerate(waiting, start=1):
            lines += one.result()
            result = {"seeds": done, "customers": asked.customers, "kinds": summary(lines), "worlds": lines}
            RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            show(result)


def one_seed(number: int, customers: int, only: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every policy's ledger in one world of each kind (or of those named), and the oracle's."""
    past = past_for(FIRST_SEED + number, customers)
    return [one_world(past, kind, number) for kind in kinds(number) if not only or kind.name in only]


def past_for(seed: int, customers: int) -> Past:
    """A small company of that seed with its first champion, at the project's prices."""
    parameters = read_parameters(ROOT / "params.yaml")
    calendar = Calendar(first_month="2023-01", burn_in=30, history=HISTORY, production=12)
    company = Company(seed=seed, customers=customers, calendar=calendar)
    return past_of(company, lighter(parameters.champion), parameters.economics.economics, parameters.costs.costs)


def lighter(champion: ChampionParameters) -> ChampionParameters:
    """Half the trees at one and a half times the rate: small worlds need no more."""
    settings = champion.lightgbm.model_copy(update={"trees": TREES, "learning_rate": 0.12})
    return champion.model_copy(update={"lightgbm": settings})


def one_world(past: Past, kind: Kind, number: int) -> dict[str, Any]:
    """The costs of every policy in one world."""
    began = time.process_time()
    workshop = Workshop(stage_of(past, lived(past, kind.levers), kind.faults))
    ledgers = {one.name: replay(workshop, one.make(), guarded=one.guarded) for one in POLICIES}
    ledgers["oracle"] = oracle(workshop)
    events = [*(f"{one.lever.name} {one.dose:g}" for one in kind.levers), *(one.fault.name for one in kind.faults)]
    return {
        "kind": kind.name,
        "seed": FIRST_SEED + number,
        "events": events,
        "seconds": round(time.process_time() - began, 2),
        "policies": {name: plain(ledger) for name, ledger in ledgers.items()},
    }


def plain(ledger: Ledger) -> dict[str, Any]:
    """A ledger in few figures; `actions` has a letter a month."""
    letters = {Action.KEEP: "-", Action.RETRAIN: "T", Action.RECALIBRATE: "c", Action.REPAIR: "R"}
    return {
        "cost": round(ledger.cost, 2),
        "missed": round(ledger.missed, 2),
        "pages": ledger.pages,
        "actions": "".join(letters[one.action] for one in ledger.entries),
    }


def summary(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By kind of world and policy: mean cost, share above the oracle's, share of the money won, pages and actions."""
    found: dict[str, Any] = {}
    for kind in dict.fromkeys(line["kind"] for line in lines):
        of_it = [line["policies"] for line in lines if line["kind"] == kind]
        found[kind] = {name: _figures(of_it, name) for name in of_it[0]}
    return found


def _figures(worlds: Sequence[Mapping[str, Any]], name: str) -> dict[str, float | None]:
    cost, best, worst = (sum(one[who]["cost"] for one in worlds) for who in (name, "oracle", NEVER.name))
    actions = "".join(one[name]["actions"] for one in worlds)
    above = [one[name]["cost"] / one["oracle"]["cost"] - 1.0 for one in worlds]
    return {
        "cost": round(cost / len(worlds), 1),
        "above_oracle": round(cost / best - 1.0, 4),
        "above_oracle_worst": round(max(above), 4),
        "share_won": round((worst - cost) / (worst - best), 4) if worst > best else None,
        "pages": round(sum(one[name]["pages"] for one in worlds) / len(worlds), 2),
        "retrained": round(actions.count("T") / len(worlds), 2),
        "recalibrated": round(actions.count("c") / len(worlds), 2),
        "repaired": round(actions.count("R") / len(worlds), 2),
    }


def show(result: Mapping[str, Any]) -> None:
    """Print how far above the oracle's cost each policy stays, and what ours did."""
    table = Table(title=f"Cost above the oracle's, {result['seeds']} seeds of {result['customers']:,} customers")
    table.add_column("world")
    for head in ("oracle, $", *(one.name for one in POLICIES), "ours: T / c / R / pages"):
        table.add_column(head, justify="right")
    for kind, policies in result["kinds"].items():
        ours = policies["sound"]
        done = " / ".join(f"{ours[name]:.1f}" for name in ("retrained", "recalibrated", "repaired", "pages"))
        above = [f"{policies[one.name]['above_oracle']:+.1%}" for one in POLICIES]
        table.add_row(kind, f"{policies['oracle']['cost']:,.0f}", *above, done)
    Console(width=_WIDTH).print(table)


if __name__ == "__main__":
    main()
