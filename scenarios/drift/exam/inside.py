"""Runs inside the sandbox: what `decide` is given, made from files and plain values. Imports nothing of the lab."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd

Tables = dict[str, pd.DataFrame]


def begin(module: ModuleType, plain: dict[str, Any], tables: Tables) -> SimpleNamespace:
    """A hidden year begins: the reference is made once, and nothing has been seen."""
    if not callable(getattr(module, "decide", None)):
        raise TypeError("monitor.py has no function 'decide'")
    reference = SimpleNamespace(
        views={name.removeprefix("view "): _by_customer(t) for name, t in tables.items() if name.startswith("view ")},
        cohorts={name.removeprefix("cohort "): _by_customer(t) for name, t in tables.items() if name[0] == "c"},
        **plain,
    )
    return SimpleNamespace(reference=reference, history=[])


def call(module: ModuleType, state: SimpleNamespace, plain: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """One month: what was done the month before is noted, then the candidate decides."""
    done = plain.pop("done")
    if state.history:
        state.history[-1].action = done
    view = _by_customer(tables["view"])
    landed = _by_customer(tables["landed"]) if "landed" in tables else None
    month = SimpleNamespace(view=view.drop(columns="score"), score=view["score"], landed=landed, action=None, **plain)
    said = module.decide(month, state.reference, list(state.history))
    state.history.append(month)
    alerts, action = _pair(said)
    return {"alerts": alerts if isinstance(alerts, str) else list(alerts), "action": action}


def _pair(said: Any) -> tuple[Any, Any]:  # noqa: ANN401 - whatever a candidate returns
    """Alerts and action, given as a pair or as a mapping."""
    if isinstance(said, dict) and {"alerts", "action"} <= said.keys():
        return said["alerts"], said["action"]
    if isinstance(said, (tuple, list)) and len(said) == 2:  # noqa: PLR2004 - a pair
        return said[0], said[1]
    raise TypeError(f"decide must return (alerts, action); it returned {type(said).__name__}")


def _by_customer(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("customer_id")
