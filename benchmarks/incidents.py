"""Every incident of the bank, shown: silent on the old dashboard, dear against its twin, caught by the reference guard.

``python benchmarks/incidents.py`` injects each incident at its weakest and its strongest dose and lets the reference
guard run over quiet months of many companies; it writes benchmarks/results/incidents.json anew after each company.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from scenarios.incident.answers.strong import GUARDS
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.bank.incident import Incident
from scenarios.incident.exam.hidden import Hidden, first_hurt, quiet_worlds
from scenarios.incident.exam.plant import silent
from scenarios.incident.exam.public import jobs
from scenarios.incident.exam.replaying import FILE, asked
from scenarios.incident.system.company import luck, shown_past
from scenarios.incident.system.dashboard import dashboard
from scenarios.incident.system.harm import harm, since
from scenarios.incident.system.run import Lived, Struck, live
from scenarios.incident.system.timeline import HISTORY

RESULTS: Final = Path(__file__).parent / "results" / "incidents.json"

FIRST_SEED: Final = 4000
"""Seeds from here on were used by no test and no tuning."""

START, LEARNING_START = 4, 2
"""Runs from which incidents are injected; those of learning begin with the first cohort that lands."""

BITE: Final = 0.10
"""Share of the twin's offers that a bite moves at least; what moves none costs refunds."""


def guarded(worlds: Sequence[Hidden]) -> list[dict[str, Any]]:
    """What the reference guard says in every month it is asked about."""
    code = {**jobs(), FILE: (GUARDS / "strong.py").read_text(encoding="utf-8")}
    return list(asked(tuple(sorted(code.items())), worlds, trusted=True))


def injected(incident: Incident, dose: float, twin: Lived, seed: int) -> dict[str, Any]:
    """One incident in a company: lights, cost, bite, and months until the guard speaks (None: never)."""
    start = LEARNING_START if incident.learns else START
    lived = live(twin.past, twin.world, Struck(incident=incident, dose=dose, start=HISTORY + start), twin=twin)
    months = harm(lived, twin)
    hurt = first_hurt(lived, twin, start)
    asked_in = (start - 1, *range(start, hurt + 2))
    rows = guarded([Hidden("injected", lived, asked_in, asked_in[1:])])
    spoke = [place for place, row in zip(asked_in, rows, strict=True) if row["findings"]]
    return {
        "seed": seed,
        "incident": incident.name,
        "dose": dose,
        "silent": silent(dashboard(lived.runs, luck(seed, 1))),
        "since": since(months),
        "hit": sum(len(one.affected) for one in months),
        "cost": round(sum(one.cost for one in months), 2),
        "offers_moved": round(sum(one.wrongly_offered + one.left_out for one in months) / _offers(twin, hurt), 4),
        "guard_after_months": spoke[0] - hurt if spoke else None,
        "guard_before": bool(spoke and spoke[0] < start),
    }


def _offers(twin: Lived, first: int) -> int:
    return sum(len(run.offers) for run in twin.runs[first:])


def bank(seed: int) -> Iterator[dict[str, Any]]:
    """Every incident at both ends of its doses in one company."""
    past = shown_past(seed)
    twin = live(past, past.base)
    for incident in INCIDENTS:
        for dose in dict.fromkeys(incident.doses):
            yield injected(incident, dose, twin, seed)


def quiet(seed: int) -> dict[str, Any]:
    """The reference guard over the quiet months of a company: months asked about, and those in which it spoke."""
    rows = guarded(quiet_worlds(seed))
    return {
        "seed": seed,
        "months": len(rows),
        "spoke": [f"{row['world']} {row['month']}: {row['said'] or row['trouble']}" for row in rows if _loud(row)],
    }


def _loud(row: Mapping[str, Any]) -> bool:
    return bool(row["findings"]) or bool(row["trouble"])


def summary(rows: Sequence[Mapping[str, Any]], calm: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures in a few lines; by incident the least cost and the latest word of the guard."""
    names = dict.fromkeys(row["incident"] for row in rows)
    return {
        "incidents": len(names),
        "injected": len(rows),
        "silent": sum(row["silent"] for row in rows),
        "with_cost": sum(row["cost"] > 0 for row in rows),
        "biting": sum(row["offers_moved"] >= BITE or row["offers_moved"] == 0.0 for row in rows),
        "caught_within_one_month": sum(_in_time(row) for row in rows),
        "quiet_months": sum(one["months"] for one in calm),
        "false_alarms": sum(len(one["spoke"]) for one in calm),
        "least_cost": {name: min(row["cost"] for row in rows if row["incident"] == name) for name in names},
    }


def _in_time(row: Mapping[str, Any]) -> bool:
    after = row["guard_after_months"]
    return after is not None and after <= 1 and not row["guard_before"]


def main() -> None:
    """Run the study and write it after each company."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=2, help="companies in which every incident is injected")
    parser.add_argument("--quiet", type=int, default=13, help="companies whose quiet months the guard runs over")
    given = parser.parse_args()
    rows, calm = list[dict[str, Any]](), list[dict[str, Any]]()
    for seed in range(FIRST_SEED, FIRST_SEED + given.companies):
        for row in bank(seed):
            rows.append(row)
            print(row, flush=True)
        _write(rows, calm)
    for seed in range(FIRST_SEED, FIRST_SEED + given.quiet):
        calm.append(quiet(seed))
        print(calm[-1], flush=True)
        _write(rows, calm)


def _write(rows: Sequence[Mapping[str, Any]], calm: Sequence[Mapping[str, Any]]) -> None:
    result = {"summary": summary(rows, calm), "injected": list(rows), "quiet": list(calm)}
    RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
