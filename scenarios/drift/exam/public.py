"""The files a candidate gets: what the model was built on, and every month as it came."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from pipelines.features import FEATURES, SOURCES
from pipelines.replay.past import Past
from pipelines.replay.stage import Scene, Supply
from pipelines.replay.workshop import Model, Workshop
from pipelines.train import LABEL_GAP_MONTHS
from scenarios.base import Public
from scenarios.kit.pack import plain_types

_DRIFT: Final = Path(__file__).parent.parent


def public_files(workshop: Workshop) -> Public:
    """Everything that is handed out, by path."""
    past = workshop.stage.past
    files: dict[str, pd.DataFrame | str] = {
        "BRIEF.md": (_DRIFT / "brief.md").read_text(encoding="utf-8"),
        "reference.json": reference_json(past),
        "features.yaml": yaml.safe_dump({name: SOURCES[name] for name in FEATURES}, sort_keys=False),
    }
    for name in ("answer.yaml", "monitor.py", "open_next.py", "README.md"):
        files[name] = (_DRIFT / "starter" / name).read_text(encoding="utf-8")
    for cohort in past.cohorts:
        files[f"reference/views/{cohort.label}.parquet"] = plain_types(cohort.features.reset_index())
    for month, rows in past.held_out.groupby("month"):
        table = rows[["customer_id", "score", "churned"]].reset_index(drop=True)
        files[f"reference/cohorts/{month}.parquet"] = table
    for place, scene in enumerate(workshop.stage.scenes):
        folder = f"months/{scene.label}"
        files[f"{folder}/view.parquet"] = _view(workshop, scene)
        if place >= LABEL_GAP_MONTHS:
            landed = workshop.stage.scenes[place - LABEL_GAP_MONTHS]
            files[f"{folder}/landed-{landed.label}.parquet"] = _landed(workshop, landed)
    return files


def reference_json(past: Past) -> str:
    """The model's weights and threshold, the campaign and what actions cost."""
    told = {
        "threshold": past.champion.threshold,
        "weights": {name: past.champion.gain.get(name, 0.0) for name in FEATURES},
        "economics": asdict(past.economics),
        "costs": asdict(past.costs),
    }
    return json.dumps(told, indent=2) + "\n"


def _view(workshop: Workshop, scene: Scene) -> pd.DataFrame:
    view = plain_types(scene.supplies[Supply.DELIVERED].features.reset_index())
    return view.assign(score=workshop.score(Model(), scene.month, Supply.DELIVERED))


def _landed(workshop: Workshop, scene: Scene) -> pd.DataFrame:
    """The cohort of an earlier month, its scores as they went out and its labels."""
    rows = scene.supplies[Supply.DELIVERED]
    score = workshop.score(Model(), scene.month, Supply.DELIVERED)
    table = pd.DataFrame({"customer_id": rows.features.index, "score": score, "churned": rows.churned})
    return table.dropna().reset_index(drop=True)
