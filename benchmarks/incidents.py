"""Every incident of the bank, shown: silent on the old dashboard, dear against its twin, caught by the reference guard.

``python benchmarks/incidents.py`` injects each incident at its weakest and its strongest dose and lets the reference
guard run over quiet months of many companies; it writes benchmarks/results/incidents.json.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from scenarios.incident.answers.strong import GUARDS
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.bank.incident import Incident
from scenarios.incident.exam.hidden import Hidden, first_hurt, quiet_years
from scenarios.incident.exam.plant import silent
from scenarios.incident.exam.public import jobs
from scenarios.incident.exam.replaying import FILE, asked
from scenarios.incident.system.company import luck, past_at, shown_past
from scenarios.incident.system.dashboard import dashboard
from scenarios.incident.system.harm import MonthHarm, harm, since
from scenarios.incident.system.run import Lived, Struck, live
from scenarios.incident.system.timeline import HISTORY
from scenarios.kit.sandbox.budget import Budget

RESULTS: Final = Path(__file__).parent / "results" / "incidents.json"

FIRST_SEED: Final = 4000
"""Seeds from here on were used by no test and no tuning."""

START, LEARNING_START = 4, 2
"""Runs from which incidents are injected; those of learning begin with the first cohort that lands."""

QUIET_CUSTOMERS: Final = 600
"""Customers of the companies in whose quiet months the guard has to keep silent."""

BITE: Final = 0.10
"""Share of the twin's offers that a bite moves at least; what moves none costs refunds."""


def guarded(worlds: Sequence[Hidden]) -> list[dict[str, Any]]:
    """What the reference guard says in every month it is asked about."""
    code = {**jobs(), FILE: (GUARDS / "strong.py").read_text(encoding="utf-8")}
    return list(asked(tuple(sorted(code.items())), worlds, trusted=True, budget=Budget.endless()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Injected:
    """One incident in a company: the run, its harm, and the places of its start and of the first customer hurt."""

    incident: Incident
    dose: float
    lived: Lived
    months: tuple[MonthHarm, ...]
    start: int
    hurt: int

    @property
    def asked(self) -> Hidden:
        """The runs the guard is asked about: one before the start, and up to a month after the first was hurt."""
        due = tuple(range(self.start, self.hurt + 2))
        return Hidden(f"{self.incident.name} {self.dose}", self.lived, (self.start - 1, *due), due)


def inject(incident: Incident, dose: float, twin: Lived) -> Injected:
    """Live the company with the incident."""
    start = LEARNING_START if incident.learns else START
    lived = live(twin.past, twin.world, Struck(incident=incident, dose=dose, start=HISTORY + start), twin=twin)
    hurt = first_hurt(lived, twin, start)
    return Injected(incident=incident, dose=dose, lived=lived, months=harm(lived, twin), start=start, hurt=hurt)


def row_of(one: Injected, said: Sequence[Mapping[str, Any]], twin: Lived, seed: int) -> dict[str, Any]:
    """Lights, cost, bite, and months until the guard speaks (None: never)."""
    spoke = [place for place, row in zip(one.asked.asked, said, strict=True) if row["findings"]]
    return {
        "seed": seed,
        "incident": one.incident.name,
        "dose": one.dose,
        "silent": silent(dashboard(one.lived.runs, luck(seed, 1))),
        "since": since(one.months),
        "hit": sum(len(month.affected) for month in one.months),
        "cost": round(sum(month.cost for month in one.months), 2),
        "offers_moved": round(_moved(one) / _offers(twin, one.hurt), 4),
        "guard_after_months": spoke[0] - one.hurt if spoke else None,
        "guard_before": bool(spoke and spoke[0] < one.start),
    }


def _moved(one: Injected) -> int:
    return sum(month.wrongly_offered + month.left_out for month in one.months)


def _offers(twin: Lived, first: int) -> int:
    return sum(len(run.offers) for run in twin.runs[first:])


def bank(seed: int, ends: Sequence[int]) -> list[dict[str, Any]]:
    """Every incident at the asked `ends` of its doses (0 weakest, 1 strongest) in one company, the guard in one box."""
    past = shown_past(seed)
    twin = live(past, past.base)
    all_of_them = [inject(one, one.doses[end], twin) for one in INCIDENTS for end in ends]
    said = guarded([one.asked for one in all_of_them])
    by_world = {name: list(rows) for name, rows in groupby(said, key=lambda row: row["world"])}
    return [row_of(one, by_world[one.asked.name], twin, seed) for one in all_of_them]


def quiet(seeds: Sequence[int]) -> list[dict[str, Any]]:
    """The reference guard over quiet years: months asked about, and those in which it spoke, company by company.

    The companies are small, so that rare words and rare values are rare indeed: the hardest ground for keeping quiet.
    """
    pasts = [past_at(seed, purpose=2, customers=QUIET_CUSTOMERS) for seed in seeds]
    found = []
    for seed, past in zip(seeds, pasts, strict=True):
        rows = guarded(quiet_years(live(past, past.base)))
        spoke = [f"{row['world']} {row['month']}: {row['said'] or row['trouble']}" for row in rows if _loud(row)]
        found.append({"seed": seed, "months": len(rows), "spoke": spoke})
        print(found[-1], flush=True)
    return found


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
    """Run the asked part of the study, and leave the other part of the file as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("bank", "quiet"), action="append", help="default: both")
    parser.add_argument("--companies", type=int, default=1, help="companies in which every incident is injected")
    parser.add_argument("--doses", choices=("weakest", "both"), default="both")
    parser.add_argument("--quiet", type=int, default=13, help="companies whose quiet months the guard runs over")
    given = parser.parse_args()
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {"injected": [], "quiet": []}
    rows, calm = before["injected"], before["quiet"]
    parts = given.part or ["bank", "quiet"]
    if "bank" in parts:
        ends = (0,) if given.doses == "weakest" else (0, 1)
        rows = [row for seed in range(FIRST_SEED, FIRST_SEED + given.companies) for row in bank(seed, ends)]
        _write(rows, calm)
    if "quiet" in parts:
        calm = quiet(range(FIRST_SEED, FIRST_SEED + given.quiet))
        _write(rows, calm)
    print(json.dumps(summary(rows, calm), indent=1))


def _write(rows: Sequence[Mapping[str, Any]], calm: Sequence[Mapping[str, Any]]) -> None:
    result = {"summary": summary(rows, calm), "injected": list(rows), "quiet": list(calm)}
    RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
