"""The files a candidate gets: every run as it was stored, the jobs' code, logs of changes and calls, the dashboard."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines import features, labels
from scenarios.base import Public
from scenarios.incident.exam.changes import Papers
from scenarios.incident.exam.package import packages
from scenarios.incident.system.company import REFUND
from scenarios.incident.system.dashboard import Panel, as_table
from scenarios.incident.system.run import Lived

_HERE: Final = Path(__file__).parent.parent

JOBS: Final = ("features.py", "labels.py", "scoring.py")
"""The system's own code that is handed out, and that a guard may import."""


def jobs() -> dict[str, str]:
    """The source of the feature job, the label job and the scoring arithmetic, by file name."""
    own = {"features.py": Path(features.__file__), "labels.py": Path(labels.__file__)}
    own["scoring.py"] = _HERE / "handout" / "scoring.py"
    return {name: own[name].read_text(encoding="utf-8") for name in JOBS}


def public_files(lived: Lived, panels: tuple[Panel, ...], papers: Papers) -> Public:
    """Everything that is handed out, by path."""
    files: dict[str, pd.DataFrame | str] = {
        "BRIEF.md": (_HERE / "brief.md").read_text(encoding="utf-8"),
        "campaign.json": campaign_json(lived),
        "changes.csv": papers.changes,
        "oncall.md": papers.on_call,
        "dashboard.csv": as_table(panels),
        "dashboard.md": dashboard_text(panels),
    }
    for name in ("answer.yaml", "affected.csv", "guard.py", "try_guard.py", "README.md"):
        files[name] = (_HERE / "starter" / name).read_text(encoding="utf-8")
    files |= jobs()
    for label, tables in packages(lived).items():
        files |= {f"runs/{label}/{name}.parquet": table for name, table in tables.items()}
    return files


def campaign_json(lived: Lived) -> str:
    """What an offer earns and costs, and what an invoice charged twice costs."""
    prices = lived.past.economics
    told = asdict(prices) | {"gain": prices.gain, "loss": prices.loss, "refund": REFUND}
    return json.dumps(told, indent=2) + "\n"


def dashboard_text(panels: tuple[Panel, ...]) -> str:
    """The dashboard as people saw it."""
    lines = ["# Churn scoring: dashboard", "", "Lights: jobs, rows (10 % month on month), missing cells (+2 points),"]
    lines += ["AUC of the cohort whose labels landed (red below 0.70).", ""]
    for one in panels:
        found = "labels not there yet" if one.auc is None else f"AUC {one.auc:.3f}"
        light = "GREEN" if one.green else "RED: " + ", ".join(one.lights)
        lines.append(
            f"    {one.label}  [{light}]  jobs {'ok' if one.jobs_ok else 'FAILED'}  "
            f"5xx {one.errors_5xx:.3%}  {one.latency_ms} ms  rows {one.rows:,}  "
            f"missing {one.null_share:.1%}  {found}"
        )
    return "\n".join(lines) + "\n"
