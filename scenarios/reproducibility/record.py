"""The tracked run as plain files, and DVC's lock: what was kept of the recorded run."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from scenarios.reproducibility.evidence import md5
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.running import Ran

STAGES: Final = {
    "prepare": (
        ("prepare.py", "data/customers.csv", "data/labels.csv", "data/tickets", "data/usage"),
        ("out/prepared.csv",),
    ),
    "train": (("train.py", "out/prepared.csv"), ("out/model.txt",)),
    "evaluate": (
        ("evaluate.py", "out/model.txt", "out/prepared.csv"),
        ("out/metrics.json", "out/predictions.csv"),
    ),
}
"""What each stage reads and writes, as in dvc.yaml."""

USER: Final = "m.okafor"

LINES, BYTES = (56, 60), (2000, 3300)
"""Fewest and most lines and bytes of a tracked run: tags and a note fill it up, whatever it logs or keeps to itself."""

COMPARED: Final = (1, 12)
"""With how few and how many other runs a run is compared in its tags.

How even the letters of the record are is theirs to say, not that of the parameters it keeps to itself.
"""

REMARKS: Final = (
    "Made after the call with the board on the 12th.",
    "Slides 4 to 7 use this run; earlier drafts used another one.",
    "Finance asks for a range, not for a figure; see the mail of 12 May.",
    "Contact rate 3.1 %, budget 41,000, one region first, then the others.",
    "Next review in 90 days, or when the campaign is over.",
    "Please keep the folder as it is: no clean-up before the audit in week 38.",
    "Two people can make the calls, 30 customers a week each.",
    "Marketing would like to begin in April; legal has no objection.",
    "The figure of last year was made by hand and is not comparable.",
    "J. Brandt has read the code and found nothing to object to.",
    "If this is asked for again: the deck is in the shared folder, page 9.",
    "The campaign costs 1.10 a letter and 14 a call, as agreed with sales.",
    "Questions about billing go to the desk on the second floor.",
    "We will look at the offices one by one once there is more data.",
    "The dashboard shows the same figure since Monday, 09:30.",
    "A shorter version of this was sent to the regional managers.",
    "No personal data leaves the team; the table stays where it is.",
    "Price levels are those of the list of January.",
    "The holdout stays at 5 % until the end of Q3.",
    "Thanks to K. for staying late on Thursday!",
)
"""What people write in the note of a run; none of it is needed to make the run again."""

NOTES: Final = {
    "mlflow.source.type": ("LOCAL", "JOB"),
    "mlflow.source.git.branch": ("main", "board"),
    "audience": ("board", "finance"),
    "country": ("all", "home"),
    "cost_centre": ("4100", "4170"),
    "data_owner": ("crm", "billing"),
    "purpose": ("retention", "budget"),
    "quarter": ("first", "last"),
    "reviewed_by": ("j.brandt", "nobody"),
    "stage": ("final", "draft"),
    "team": ("churn", "growth"),
    "ticket": ("CH-212", "CH-301"),
}
"""Tags that people put on a run, and what they write there: none of them is needed to make the run again."""


STAND_INS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "as_of": ("held_on", ("2024-05-14", "2023-11-06", "2022-09-28")),
    "columns": (
        "slides",
        (
            "['title', 'last_year', 'calls', 'budget', 'regions', 'letters', 'trend', 'next_steps', 'appendix', 'end']",
            "['cover', 'summary', 'offices', 'figures', 'holdout', 'campaign', 'price', 'tickets', 'calls', 'thanks']",
        ),
    ),
    "encoding": ("template", ("board-1", "deck-16", "plain-8")),
    "extract": ("printed_on", ("2024-05-13", "2023-11-05", "2022-09-27")),
    "judge_on": ("shown_on", ("deck", "wall")),
    "seed": ("bar_code", ("49318", "20753", "81462")),
    "window_days": ("letters_left", ("120", "90", "60")),
    "workers": ("pages", ("4", "6", "8")),
    "zone": ("held_at", ("North/Annex", "South/Tower", "Main/Lobby")),
}
"""Tags that take the place of a parameter the run keeps to itself, as long as it and of the same letters."""


def dvc_lock(files: Files, data: Files, ran: Ran) -> bytes:
    """``dvc.lock`` as DVC writes it after a run."""
    known = {
        **{name: md5(content) for name, content in files.items()},
        **{f"data/{name}": md5(content) for name, content in data.items()},
        **{f"data/{name}": folder_md5(data, name) for name in ("tickets", "usage")},
        **ran.hashes,
    }
    stages = {
        stage: {
            "cmd": f"python {stage}.py",
            "deps": [{"path": path, "hash": "md5", "md5": known[path]} for path in deps],
            "outs": [{"path": path, "hash": "md5", "md5": known[path]} for path in outs],
        }
        for stage, (deps, outs) in STAGES.items()
    }
    return yaml.safe_dump({"schema": "2.0", "stages": stages}, sort_keys=False).encode("utf-8")


def folder_md5(data: Files, folder: str) -> str:
    """The hash DVC gives a folder: that of its listing."""
    inside = sorted(name for name in data if name.startswith(f"{folder}/"))
    listing = [{"md5": md5(data[name]), "relpath": name.removeprefix(f"{folder}/")} for name in inside]
    plain = json.dumps(listing, sort_keys=True).encode("utf-8")
    return hashlib.md5(plain, usedforsecurity=False).hexdigest() + ".dir"


def tracked_run(ran: Ran, *, commit: str, begun: pd.Timestamp, luck: np.random.Generator, locked: bytes) -> str:
    """The run as ``mlflow runs describe`` prints it."""
    run_id = luck.bytes(16).hex()
    begun_ms = int(begun.timestamp() * 1000)
    metrics: Mapping[str, Any] = json.loads(ran.texts["out/metrics.json"])
    table = next(dep["md5"] for dep in _prepare(locked)["deps"] if dep["path"] == "data/customers.csv")
    run: dict[str, Any] = {
        "info": {
            "run_id": run_id,
            "run_name": "final-for-the-board",
            "status": "FINISHED",
            "user_id": USER,
            "start_time": begun_ms,
            "end_time": begun_ms + 4000,
            "artifact_uri": "artifacts",
        },
        "data": {
            "metrics": {name: float(value) for name, value in metrics.items()},
            "params": json.loads(ran.texts["out/params.json"]),
            "tags": {
                "mlflow.runName": "final-for-the-board",
                "mlflow.source.git.commit": commit,
                "mlflow.source.name": "pipeline.py",
                "mlflow.user": USER,
            },
        },
        "inputs": {"dataset_inputs": [{"dataset": {"name": "customers", "digest": table, "source_type": "local"}}]},
    }
    return _filled(run, luck)


def _filled(run: dict[str, Any], luck: np.random.Generator) -> str:
    """The run as text, with tags and a note that nobody needs, up to a length that is drawn."""
    lines, size = (int(luck.integers(low, high + 1)) for low, high in (LINES, BYTES))
    tags = run["data"]["tags"]
    tags["mlflow.note.content"] = ""
    silent = [name for name in STAND_INS if name not in run["data"]["params"]]
    tags |= {tag: str(luck.choice(values)) for tag, values in (STAND_INS[name] for name in silent)}
    tags["compared_with"] = " ".join(luck.bytes(16).hex() for _ in range(luck.integers(*COMPARED, endpoint=True)))
    spare = max(lines - len(_as_json(run).splitlines()), 0)
    tags |= {str(name): str(luck.choice(NOTES[str(name)])) for name in luck.permutation(list(NOTES))[:spare]}
    for remark in luck.permutation(list(REMARKS)):
        if len(_as_json(run)) < size:
            tags["mlflow.note.content"] = f"{tags['mlflow.note.content']} {remark}".strip()
    return _as_json(run)


def _as_json(run: Mapping[str, Any]) -> str:
    return json.dumps(run, indent=2, sort_keys=True) + "\n"


def _prepare(locked: bytes) -> Mapping[str, Any]:
    stage: Mapping[str, Any] = yaml.safe_load(locked)["stages"]["prepare"]
    return stage
