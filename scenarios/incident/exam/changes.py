"""The change log and the on-call timeline: one true lead among many false ones, and complaints that prove nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from scenarios.base import Level
from scenarios.incident.bank.catalogue import INCIDENTS
from scenarios.incident.bank.incident import Incident
from scenarios.incident.system.run import Lived, Struck

FALSE_LEADS: Final = {Level.JUNIOR: 3, Level.MID: 6, Level.SENIOR: 9}
"""Entries that look like the cause of something and are not, by level.

One more stands in the log of a year without an incident: that of the incident that would have been drawn for it, on the
day it would have had. So nothing in a log tells whether its lead is a true one.
"""

ORDINARY: Final = (
    ("web", "checkout page: new colours for the buttons"),
    ("web", "cookie banner replaced"),
    ("platform", "TLS certificates renewed"),
    ("platform", "Python 3.11.8 to 3.11.9 on all workers"),
    ("data platform", "table statistics are refreshed weekly"),
    ("machine learning", "notebook server upgraded"),
    ("marketing", "summer newsletter sent to everybody"),
    ("support tools", "chat widget shows opening hours"),
    ("billing", "invoice layout carries the new logo"),
    ("security", "passwords of service accounts rotated"),
)
"""Entries that nobody would suspect."""

COMPLAINTS: Final = (
    "call centre: the list 'feels odd this month', no example given; closed, nothing found",
    "marketing: response to the offers was better last year; closed, seasonal",
    "a customer wrote on a forum that support is slow; passed on",
    "finance asks why the campaign's budget does not match the plan; answered with the dashboard",
    "help desk: more mail than usual on a Monday; closed",
)
"""What comes in, in months with an incident and without."""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The months of a case: cutoffs of its runs, and the place of the first run that the drawn incident touches."""

    cutoffs: Sequence[pd.Timestamp]
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Papers:
    """What people wrote down: the change log (day, team, what) and the on-call timeline."""

    changes: pd.DataFrame
    on_call: str


def papers_of(lived: Lived, drawn: Struck, level: Level, rng: np.random.Generator) -> Papers:
    """The papers of a case in which `drawn` happened, or might have."""
    when = When(cutoffs=[lived.world.cutoff(run.month) for run in lived.runs], start=drawn.start - lived.runs[0].month)
    return Papers(changes=change_log(drawn.incident, when, level, rng), on_call=on_call(when, rng))


def change_log(incident: Incident, when: When, level: Level, rng: np.random.Generator) -> pd.DataFrame:
    """Columns day, team, what; sorted by day. The incident's lead lies in the month before the first run it touches."""
    others = [one for one in INCIDENTS if one.name != incident.name and one.lead != WITHDRAWN]
    of_its_own = incident.lead != WITHDRAWN
    count = FALSE_LEADS[level] + (not of_its_own)
    chosen = [others[int(i)] for i in rng.permutation(len(others))[:count]]
    rows = [(_any_day(when, rng), one.team, one.lead) for one in chosen]
    rows += [(_any_day(when, rng), *ORDINARY[int(i)]) for i in rng.permutation(len(ORDINARY))[:6]]
    rows.append((when.cutoffs[RECALIBRATION] - pd.Timedelta(days=1), "machine learning", RECALIBRATED))
    rows.append((when.cutoffs[0] + pd.Timedelta(days=8), "machine learning", TRIED))
    rows.append((_before(when.cutoffs[when.start], rng), incident.team, incident.lead))
    if of_its_own:
        rows.append((_any_day(when, rng, after=1), "machine learning", WITHDRAWN))
    table = pd.DataFrame(rows, columns=["day", "team", "what"]).sort_values(["day", "team", "what"], ignore_index=True)
    return table.assign(day=table["day"].dt.strftime("%Y-%m-%d"))


RECALIBRATION: Final = 4
"""Place of the run before which the model is recalibrated."""

RECALIBRATED: Final = "quarterly recalibration: churn-2 becomes churn-2.1, on the three newest labelled cohorts"
TRIED: Final = "canary churn-3 scores next to churn-2 for a week, unused"
WITHDRAWN: Final = next(one.lead for one in INCIDENTS if one.name == "failed_rollback")


def _any_day(when: When, rng: np.random.Generator, *, after: int = 0) -> pd.Timestamp:
    """A day from the run at the place `after` on; what was tried in the first run is withdrawn later."""
    first = when.cutoffs[after]
    return first + pd.Timedelta(days=int(rng.integers((when.cutoffs[-1] - first).days)))


def _before(cutoff: pd.Timestamp, rng: np.random.Generator) -> pd.Timestamp:
    return cutoff - pd.Timedelta(days=int(rng.integers(2, 27)))


def on_call(when: When, rng: np.random.Generator) -> str:
    """The on-call timeline as Markdown: one quiet line a month, and two complaints wherever they fall."""
    months = len(when.cutoffs)
    loud = {
        int(i): COMPLAINTS[int(c)]
        for i, c in zip(rng.permutation(months)[:3], rng.permutation(len(COMPLAINTS)), strict=False)
    }
    lines = ["# On call", "", "All times UTC. Whoever is on call looks at the dashboard on the first of the month.", ""]
    for place, cutoff in enumerate(when.cutoffs):
        day = cutoff.strftime("%Y-%m-%d")
        lines.append(f"- {day} 09:30  monthly run finished, all lights green, handed over")
        if place in loud:
            later = (cutoff + pd.Timedelta(days=int(rng.integers(3, 24)))).strftime("%Y-%m-%d")
            lines.append(f"- {later} 14:10  {loud[place]}")
    end = (when.cutoffs[-1] + pd.Timedelta(days=2)).strftime("%Y-%m-%d")
    lines.append(f"- {end} 10:00  the head of the campaign asks for a second look, without saying why")
    return "\n".join(lines) + "\n"
