"""The files a candidate gets: nothing in them knows more than the analyst did."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import yaml

from pipelines.recorded import World
from scenarios.base import Public
from scenarios.page.figures import money, number, percent
from scenarios.validation.engine import Run
from scenarios.validation.recorded import extract_of
from scenarios.validation.specs import Spec, Step

_HERE: Final = Path(__file__).parent

_PRAISE: Final = {
    "auc": "It puts a leaver above a stayer {value} of the time: AUC **{figure}**.",
    "profit_per_1000": "The retention campaign will earn **{value} per 1,000 customers** with it.",
    "accuracy": "It is right about **{value}** of all customers.",
    "accuracy_above_always_no": "It beats saying no by **{value}** of customers.",
}


AUTHORS: Final = (
    "A. Li",
    "B. Lindqvist-Moreau",
    "C. Ng",
    "D. Papadopoulos",
    "E. Roy",
    "F. Van der Meer",
    "G. Sato",
    "H. Abdulrahman",
    "I. Kowalczyk",
    "J. Fox",
)
NOTES: Final = (
    "final",
    "final, with the comments of the team",
    "second try",
    "as agreed with marketing on Tuesday",
    "cleaned up",
    "ready for review",
    "the one from the slides",
    "do not edit",
)
CLOSINGS: Final = (
    "Recommendation: go live, and expect the same figures in production.",
    "We recommend to go live.",
    "Next steps: hand the scores over to the campaign, then look at the figures again in half a year.",
    "Nothing stands in the way of the launch. Thanks to everybody who helped with the data!",
    "The team of the campaign has seen these results and would like to start at once, so please sign off.",
    "Please approve. A short deck with the same figures is on the way to the steering committee, as agreed.",
    "Ready from our side.",
    "The same figures are to be expected in production, give or take what luck does to any single month.",
)
"""Who made a pipeline, what they wrote on top and how they close: no two files are of one length, whatever they do."""


def handout(
    spec: Spec, tables: Mapping[str, pd.DataFrame], done: Run, world: World, *, luck: np.random.Generator
) -> Public:
    """Every public file by name; `luck` draws who made it."""
    author, note = str(luck.choice(AUTHORS)), str(luck.choice(NOTES))
    return {
        **tables,
        "pipeline.yaml": f"# {author}: {note}\n{as_yaml(spec)}",
        "run_pipeline.py": _text("engine.py"),
        "report.md": _report(done, world, author, str(luck.choice(CLOSINGS))),
        "BRIEF.md": _text("brief.md"),
        "DICTIONARY.md": _text("dictionary.md"),
        "answer.yaml": _text("starter/answer.yaml"),
    }


def as_yaml(spec: Spec) -> str:
    """A pipeline as the text of its file."""
    return f"seed: {spec['seed']}\nsteps:\n" + "".join(f"  - {step_text(step)}\n" for step in spec["steps"])


def step_text(step: Step) -> str:
    """One step on one line, as the file has it."""
    return yaml.safe_dump(dict(step), sort_keys=False, default_flow_style=True, width=_WIDE).strip()


_WIDE = 500


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _report(done: Run, world: World, author: str, closing: str) -> str:
    """What the analyst says about the model."""
    lines = [
        _PRAISE[name].format(value=_said(name, value), figure=f"{value:.3f}") for name, value in done.claims.items()
    ]
    extract = world.cutoff(extract_of(world)).date()
    return _REPORT.format(
        headline="\n".join(f"* {line}" for line in lines),
        extract=extract,
        author=author,
        closing=closing,
        columns=len(done.columns),
        trained=number(len(done.part("train"))),
        judged=number(len(done.part("test"))),
    )


def _said(name: str, value: float) -> str:
    return money(value) if name == "profit_per_1000" else percent(value)


_REPORT: Final = """\
# Churn model: ready to ship

Results on the hold-out:

{headline}

The pipeline is fully reproducible (`python run_pipeline.py`). The hold-out was never trained on.

| model card | |
|---|---|
| question | who leaves within 30 days? |
| data | panel extracted on {extract} |
| learner | gradient-boosted trees on {columns} columns |
| trained on | {trained} rows |
| judged on | {judged} rows |
| goes live | {extract} |
| made by | {author} |

{closing}
"""
