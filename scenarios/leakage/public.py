"""The files a candidate gets: the team's tables, log, code and model card, and nothing that tells what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from monitoring.leakage.learner import Fitted
from monitoring.performance.metrics import Auc
from pipelines.leaks import definition
from pipelines.leaks.definition import Definition, to_plain
from scenarios.base import Public
from scenarios.kit.pack import plain_types
from scenarios.leakage.hand import Hand
from scenarios.leakage.rows import Rows
from scenarios.leakage.tables import Bench

_HERE: Final = Path(__file__).parent
_TOP: Final = 8
"""Columns on the model card, by share of the split gain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """The team's model: trained, judged on the test rows, and the log of what it was sent and answered."""

    model: Fitted
    claimed: Auc
    log: pd.DataFrame


def public_files(bench: Bench, rows: Rows, deployed: Deployed, written: Sequence[Hand]) -> Public:
    """Everything that is handed out, by path; `written` says in which hand each definition is."""
    tables = {f"tables/{name}.parquet": plain_types(table) for name, table in bench.handed_out.items()}
    return {
        **tables,
        "BRIEF.md": _text("brief.md"),
        "data_dictionary.md": _text("handout/data_dictionary.md"),
        "model_card.md": model_card(bench, rows, deployed),
        "answer.yaml": _text("starter/answer.yaml"),
        "features.parquet": plain_types(pd.concat([rows.keys, rows.offline], axis=1)),
        "serving_log.parquet": plain_types(deployed.log),
        "pipeline/definition.py": Path(definition.__file__).read_text(encoding="utf-8"),
        "pipeline/definitions.yaml": definitions_file(bench.composition.written(), written),
        "pipeline/build_features.py": _text("handout/build_features.py"),
        "pipeline/train_model.py": _text("handout/train_model.py"),
    }


def definitions_file(definitions: Sequence[Definition], written: Sequence[Hand]) -> str:
    """The definitions as the nightly job and the scoring job both read them, each in its hand."""
    head = "# One feature an entry, by name. definition.py says what the fields mean.\n"
    return head + "".join(_entry(one, hand) for one, hand in zip(definitions, written, strict=True))


def _entry(one: Definition, hand: Hand) -> str:
    plain = [hand.ordered({**to_plain(one), **_bounds(one)})]
    return hand.remark + str(yaml.safe_dump(plain, sort_keys=False, default_flow_style=None, width=140))


def _bounds(one: Definition) -> dict[str, Any]:
    """What a definition looks at, written out even where it is the usual, so that no entry stands out by its length."""
    return {"at": one.at, "back_days": one.back_days, "ahead_days": one.ahead_days, "known": one.known}


def model_card(bench: Bench, rows: Rows, deployed: Deployed) -> str:
    """What the team says of its model."""
    label, auc = bench.timeline.label, deployed.claimed
    train, test, served = bench.timeline.train, bench.timeline.test, bench.timeline.served
    top = sorted(deployed.model.gain.items(), key=lambda item: -item[1])[:_TOP]
    gains = "\n".join(f"| {name} | {share:5.1%} |" for name, share in top)
    return f"""# Churn model, first release

Predicts at the first instant of a month who will leave within 30 days.

| | |
| --- | --- |
| learner | LightGBM, 80 trees of 15 leaves (`pipeline/train_model.py`) |
| features | {len(bench.features)}, `pipeline/definitions.yaml` |
| trained on | cutoffs {label(train[0])} to {label(train[-1])}, {int(rows.part("train").sum()):,} rows |
| tested on | cutoffs {label(test[0])} and {label(test[-1])}, {int(rows.part("test").sum()):,} rows, never trained on |
| between them | one month left out, so that no label window overlaps |
| AUC on the test rows | **{auc.value:.3f}** (95 % interval {auc.low:.3f} to {auc.high:.3f}) |
| live since | {label(served[0])}; scored {label(served[0])} to {label(served[-1])} so far |
| extract | the warehouse as of {label(bench.timeline.extract)}-01; all labels in the table are complete |

The columns it leans on most:

| column | share of gain |
| --- | --- |
{gains}

The split is by time and the test months lie after the training months, so we consider the figure safe.
"""


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
